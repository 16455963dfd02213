"""A tiny catalog in a folder, and the project's own newborn matter."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from catalog.definitions.hashing import content_hash
from catalog.models import Matter, MatterVersion
from catalog.packages.importing import CONTENT, import_package
from tests.once import once_a_run
from tests.worlds.keeping import import_kept
from tests.worlds.tiny import write_package


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Write a catalog of two departments, two items and one matter, and return its folder."""
    return write_package(tmp_path)


@pytest.fixture
def edit(tiny: Path) -> Callable[[str, str, str], None]:
    """Return a function that replaces a text (which must be there) in a file of the tiny catalog."""

    def replace(name: str, old: str, new: str) -> None:
        path = tiny / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def newborn_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a catalog of the shared dictionaries and the newborn matter alone: all matters take ten times as long."""
    root = tmp_path_factory.mktemp("content")
    for file in CONTENT.glob("*.yaml"):
        shutil.copy(file, root)
    for folder in ("items", "newborn"):
        shutil.copytree(CONTENT / folder, root / folder)
    return root


@pytest.fixture
def newborn(db: None, newborn_content: Path) -> Matter:
    """Return the newborn matter, imported from the project's own package and published."""
    return import_kept(newborn_content, "newborn")


def import_shipped() -> dict[str, dict[str, Any]]:
    """Import the project's own content; return what publishing froze of every matter."""
    import_package(CONTENT)
    current = MatterVersion.objects.filter(pk__in=Matter.objects.values("current_version"))
    return dict(current.values_list("matter__slug", "content"))


def import_shipped_and_forget() -> dict[str, dict[str, Any]]:
    """Import the project's own content and roll it back; return what publishing froze of every matter."""
    with transaction.atomic():
        plans = import_shipped()
        transaction.set_rollback(True)
    return plans


@pytest.fixture(scope="session")
def shipped_plans(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, dict[str, Any]]:
    """Return what publishing freezes of every matter of the project's own content. Imported once in a run: it takes seconds."""
    with django_db_blocker.unblock():
        return once_a_run("plans", import_shipped_and_forget)  # type: ignore[no-any-return]


@pytest.fixture
def content_plans(db: None, shipped_plans: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what publishing freezes of every matter of the project's own content; do not change it."""
    return shipped_plans


@pytest.fixture
def newborn_plan(content_plans: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what publishing the newborn matter freezes; do not change it."""
    return content_plans["newborn"]


@pytest.fixture
def newborn_guide(newborn_plan: dict[str, Any]) -> Matter:
    """Return the newborn matter as its public pages need it: the matter and its version, without the definition's rows."""
    matter = Matter.objects.create(slug="newborn", name="新生儿出生", subject="person", stage="出生")
    version = MatterVersion.objects.create(
        matter=matter, number=1, content=newborn_plan, content_hash=content_hash(newborn_plan)
    )
    matter.current_version = version
    matter.save(update_fields=["current_version"])
    return matter
