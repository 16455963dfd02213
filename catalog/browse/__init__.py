"""Lists for visitors: the zone of matters, cards, facets and themes. A new way to narrow a list begins in ``facets``."""
