"""States, events and days in words, for templates."""
