"""PostgreSQL's engine: Django's own, but a request that follows another asks nothing to learn whether its connection is good."""
