"""The catalog in the staff console: its pages, lists and actions, one module a page.

What is typed is bound and checked by the forms of ``catalog.composing``; nothing is decided here. Begin at ``matters`` and ``items`` for the
pages on which definitions are composed, at ``proposals`` for the page on which another person reviews them.
"""

from catalog.admin import departments, dictionary, items, matters, mistakes, proposals, regions, search

__all__ = ["departments", "dictionary", "items", "matters", "mistakes", "proposals", "regions", "search"]
