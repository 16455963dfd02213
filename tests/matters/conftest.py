"""The town, for every test about applications."""

from __future__ import annotations

import pytest

from matters.models import Bundle
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.keeping import kept
from tests.worlds.town import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    """A town with three departments, their items and their people."""
    return build_town()


@pytest.fixture
def turn_of_the_police(db: None) -> tuple[Town, Bundle]:
    """The town and Li's application in it: the birth certificate is approved, and the police's turn has come."""

    def build() -> tuple[Town, Bundle]:
        town = build_town()
        bundle = town.submit()
        approve_birth(town, town.part(bundle, "birth_cert"))
        return town, bundle

    return kept("the police's turn", build)
