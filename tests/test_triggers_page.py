"""`docs/migrations.md` names, of every function in the database, the one migration that holds its present text."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
_WRITTEN = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)\(")


def _stands_after(migration: Path) -> tuple[str, bool]:
    """One step that stands for many comes after the last of them."""
    number = re.sub(r"^0001_squashed_", "", migration.name)
    return number, number != migration.name


def test_the_present_text_of_every_function_is_named() -> None:
    newest = {}
    for app in (
        "portal/ledger",
        "portal/accounts",
        "portal/retention",
        "catalog",
        "portal/sharing",
        "certificates",
        "matters",
    ):
        for migration in sorted((PROJECT / app / "migrations").glob("[0-9]*.py"), key=_stands_after):
            newest.update(dict.fromkeys(_WRITTEN.findall(migration.read_text()), f"{app}/migrations/{migration.name}"))
    page = (PROJECT / "docs" / "migrations.md").read_text()
    assert dict(re.findall(r"^\| `(\w+)` \| `([\w/]+\.py)` \|", page, re.MULTILINE)) == newest
