"""What ``catalog.linting.matters`` finds, by what has to be looked at for it."""
