"""Two who write definitions, two who review them, and a stranger."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.models import Matter, ServiceItem
from catalog.staff.managers import MANAGERS, REVIEWERS
from portal.accounts.models import User
from tests.worlds.cast import DENG, HE, SUN, TANG, cataloguer
from tests.worlds.keeping import import_kept


@pytest.fixture
def tang(db: None) -> User:
    """A catalog manager who also holds the reviewers' office."""
    return cataloguer(TANG, MANAGERS, REVIEWERS)


@pytest.fixture
def deng(db: None) -> User:
    """A reviewer."""
    return cataloguer(DENG, REVIEWERS)


@pytest.fixture
def he(db: None) -> User:
    """Another reviewer."""
    return cataloguer(HE, REVIEWERS)


@pytest.fixture
def sun(db: None) -> User:
    """A member of staff without any office in the catalog."""
    return cataloguer(SUN)


@pytest.fixture
def opening(tiny: Path) -> Matter:
    """The tiny catalog's matter, published."""
    return import_kept(tiny, "opening")


@pytest.fixture
def registration(opening: Matter) -> ServiceItem:
    """An item of it."""
    return ServiceItem.objects.get(slug="registration")
