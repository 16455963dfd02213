"""What else a folder may hold: sub-folders of one record a file, each with its own schema, rows and export.

A module that adds such a part describes it as a `FolderPart` and is listed in ``catalog.packages.parts.PARTS``; reading, checking, importing
and exporting are handed it. The spreadsheets do not carry these parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from catalog.models import Matter, MatterVersion
from catalog.packages.checks.known import Known
from catalog.packages.format.problems import Problems
from catalog.packages.package import Folder, SubFolder
from catalog.packages.rows.syncing import Tally
from portal.accounts.models import User


@dataclass(frozen=True)
class FolderPart(SubFolder):
    """A sub-folder with its own rules, rows and way into files.

    ``check(folder, known, problems)`` notes what the records
    (``folder.parts[name]``) refer to in vain; keys named ``sources`` are checked already. ``sync(folder, matter, tally)`` makes the rows say
    what the records say, after the folder's matter and items are written, before anything is published; it also deletes the rows of
    ``package=folder.slug`` that are no longer in the folder (the root, slug "", deletes nothing). ``export(packages)`` yields
    (package slug, record) for these packages in a fixed order; a record maps the keys of ``spec`` to plain values (defaults may be left out).
    ``publish(folder, matter, by, problems)``, if any, runs after the matter itself is published and returns the versions it made new.
    """

    check: Callable[[Folder, Known, Problems], None]
    sync: Callable[[Folder, Matter | None, Tally], None]
    export: Callable[[Collection[str]], Iterable[tuple[str, dict[str, Any]]]]
    publish: Callable[[Folder, Matter, User | None, Problems], list[MatterVersion]] | None = None
