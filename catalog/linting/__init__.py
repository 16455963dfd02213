"""What ``catalog.lints`` finds, by what has to be looked at for it."""
