"""What each file of a package may hold: the one schema of the catalog, schema number 1.

``docs/catalog-packages.md`` explains every key to people who write packages.
"""

from catalog.packages.schema.common import ELEMENT, FIELD_KEY, OWN_CODE, SLUG, SOURCED
from catalog.packages.schema.dictionaries import DICTIONARIES
from catalog.packages.schema.items import ITEM
from catalog.packages.schema.matters import MATTER, SCHEMA

__all__ = ["DICTIONARIES", "ELEMENT", "FIELD_KEY", "ITEM", "MATTER", "OWN_CODE", "SCHEMA", "SLUG", "SOURCED"]
