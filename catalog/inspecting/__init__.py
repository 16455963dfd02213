"""How places do what the standard describes: their guides, their own implementations, and what differs."""
