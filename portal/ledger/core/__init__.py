"""The hashes that chain events, and what is wrong with a chain. Pure."""
