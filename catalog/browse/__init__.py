"""Lists of matters and items for visitors: cards, facets, themes."""
