"""Two who write definitions, two who review them, and a stranger."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.models import Matter, ServiceItem
from catalog.packages.importing import import_package
from catalog.staff.managers import MANAGERS, REVIEWERS, appoint
from portal.accounts.models import User


def member(username: str, name: str, *offices: str) -> User:
    user = User.objects.create_user(username, password="test-pass-1", name=name, is_staff=True)
    for office in offices:
        appoint(user, office)
    return user


@pytest.fixture
def tang(db: None) -> User:
    """A catalog manager who also holds the reviewers' office."""
    return member("tang", "唐编目", MANAGERS, REVIEWERS)


@pytest.fixture
def deng(db: None) -> User:
    """A reviewer."""
    return member("deng", "邓审核", REVIEWERS)


@pytest.fixture
def he(db: None) -> User:
    """Another reviewer."""
    return member("he", "何审核", REVIEWERS)


@pytest.fixture
def sun(db: None) -> User:
    """A member of staff without any office in the catalog."""
    return member("sun", "孙窗口")


@pytest.fixture
def opening(tiny: Path) -> Matter:
    """The tiny catalog's matter, published."""
    import_package(tiny)
    return Matter.objects.get(slug="opening")


@pytest.fixture
def registration(opening: Matter) -> ServiceItem:
    """An item of it."""
    return ServiceItem.objects.get(slug="registration")
