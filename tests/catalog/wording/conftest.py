"""The small published catalog of the guides."""

from __future__ import annotations

from tests.catalog.guides.conftest import coming, opening, unpublished_limit

__all__ = ["coming", "opening", "unpublished_limit"]
