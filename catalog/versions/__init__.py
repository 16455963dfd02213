"""From rows to definitions, and the frozen versions of matters and items."""
