"""A catalog manager who is no administrator, and the tiny catalog on their desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Matter, ServiceItem
from catalog.staff.managers import MANAGERS
from portal.accounts.models import User
from tests.worlds.cast import TANG, cataloguer, logged_in
from tests.worlds.keeping import import_kept


@pytest.fixture
def manager(opening: Matter) -> User:
    """A catalog manager: staff, not superuser; comes after the catalog, which is brought back only where nothing was written before."""
    return cataloguer(TANG, MANAGERS)


@pytest.fixture
def desk(manager: User) -> Client:
    """A browser without scripts, the manager logged in."""
    return logged_in(manager)


@pytest.fixture
def opening(db: None, tiny: Path) -> Matter:
    return import_kept(tiny, "opening")


@pytest.fixture
def registration(opening: Matter) -> ServiceItem:
    return ServiceItem.objects.get(slug="registration")


def address(definition: Matter | ServiceItem) -> str:
    """Return where a definition is edited."""
    return reverse(f"admin:catalog_{definition._meta.model_name}_change", args=[definition.pk])
