"""States, clocks, numbers and drafts as values. Pure."""
