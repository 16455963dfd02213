"""The catalog in the admin."""

from catalog.admin import departments, dictionary, items, matters, mistakes, search

__all__ = ["departments", "dictionary", "items", "matters", "mistakes", "search"]
