"""From rows to the records of a package."""
