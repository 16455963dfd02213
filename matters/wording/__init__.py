"""States, refusals and file problems in words."""
