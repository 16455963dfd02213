"""The catalog in the admin."""

from catalog.admin import departments, dictionary, items, matters, mistakes, proposals, regions, search

__all__ = ["departments", "dictionary", "items", "matters", "mistakes", "proposals", "regions", "search"]
