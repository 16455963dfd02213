"""The catalog in the admin."""

from catalog.admin import departments, dictionary, items, matters, search

__all__ = ["departments", "dictionary", "items", "matters", "search"]
