"""The town, for every test about applications."""

from __future__ import annotations

import pytest

from tests.worlds.town import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    """A town with three departments, their items and their people."""
    return build_town()
