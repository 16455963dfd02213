"""A world is built once in each process; the tests that follow get its rows as they were, in one statement.

Building takes a tenth of a second, mostly compiling and registering; hundreds of tests begin with the same world.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import TypeVar

import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import get_language

from catalog.models import Matter
from catalog.packages.importing import import_package
from catalog.versions import items as published_items
from catalog.versions.matters import compiled
from catalog.wording.translating import _translations
from matters.dispatching.fanout import _planned_items
from matters.form_page.skeleton import _skeleton
from matters.integrity.plans import _plan

T = TypeVar("T")
Rows = dict[str, dict[str, None]]  # by table, each as it stands in an INSERT; an ordered set
Files = dict[str, bytes]
_kept: dict[Hashable, tuple[str, Files, bytes]] = {}
ONE_ROW = "catalog_searchrevision"  # is there from the beginning, and changed whenever what is searched changes
KNOWN_BY_NUMBER = (compiled, _skeleton, _plan, _planned_items, _translations)


def kept(key: Hashable, build: Callable[[], T]) -> T:
    """Return what ``build`` returns, with its rows in the database; built anew only where its rows cannot be brought back.

    That is: where the test commits, has written rows of its own before, or lives in another time, and where we may not rest the
    triggers and foreign keys for a moment, which have all looked at these very rows when they were first written.
    """
    if not _may_be_kept():
        return build()
    how = (settings.YIJIAN_INDEX_KEY, settings.SESSION_ENGINE, *settings.PASSWORD_HASHERS)
    key = (key, get_language(), repr(settings.YIJIAN_DATA_KEYS), *how)
    if key in _kept:
        rows, files, pickled = _kept[key]
        _forget_what_is_known_by_number()
        with connection.cursor() as cursor:
            cursor.execute(rows)
            # A world may be kept for half an hour; its messages would then have waited for a worker for as long (I-10 names them).
            cursor.execute(
                "UPDATE outbox_outboxmessage SET not_before = GREATEST(not_before, now()) WHERE done_at IS NULL"
            )
        for name, content in files.items():
            default_storage.save(name, ContentFile(content))
        return pickle.loads(pickled)  # type: ignore[no-any-return]
    before = contents()
    built = build()
    after = contents()
    if all(
        table.startswith(f"{ONE_ROW} ") for table in minus(before, after)
    ):  # else something that was there has been changed
        _kept[key] = statement(minus(after, before)), dict(_files()), pickle.dumps(built)
    return built


def forget_all() -> None:
    """Forget what is kept: the rows it points to are gone, or have other numbers."""
    _kept.clear()


def import_kept(folder: Path, slug: str) -> Matter:
    """Import a catalog from its folder and return one of its matters."""

    def build() -> Matter:
        import_package(folder)
        return Matter.objects.get(slug=slug)

    return kept((slug, digest_of(folder)), build)


def digest_of(folder: Path) -> str:
    """Return a key for what a folder holds."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _may_be_kept() -> bool:
    if not connection.in_atomic_block or time_machine.escape_hatch.is_travelling():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL AND current_setting('is_superuser')::bool")
        return bool(cursor.fetchone()[0])


def _forget_what_is_known_by_number() -> None:
    """Let a test whose people and versions bear the numbers of another's begin as cold as that one did."""
    cache.clear()
    for cached in KNOWN_BY_NUMBER:
        cached.cache_clear()
    published_items._read.clear()


def _files(folder: str = "") -> Iterator[tuple[str, bytes]]:
    """Return the files of the storage, which begins empty with each test."""
    if not default_storage.exists(folder or "."):
        return
    folders, names = default_storage.listdir(folder)
    for one in names:
        with default_storage.open(f"{folder}{one}") as file:
            yield f"{folder}{one}", file.read()
    for one in folders:
        yield from _files(f"{folder}{one}/")


def contents() -> Rows:
    """Return the rows of every table, each as it stands in an INSERT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('SELECT %%L, format(''(%%s)'', concat_ws('','', %%s)) FROM %%I', table_name || ' (' || names || ')', '%%s',"
            " values, table_name) FROM (SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY column_name) AS names,"
            " string_agg(format('quote_nullable(%%I)', column_name), ', ' ORDER BY column_name) AS values"
            " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'"
            " GROUP BY table_name) AS tables",
            [],
        )
        queries = [query for (query,) in cursor.fetchall()]
        found: Rows = {}
        cursor.execute(" UNION ALL ".join(queries))
        for table, row in cursor.fetchall():
            found.setdefault(table, {})[row] = None
    return found


def minus(rows: Rows, others: Rows) -> Rows:
    """Return the rows that are not among the others, in the order in which they lie."""
    left = {table: {row: None for row in found if row not in others.get(table, {})} for table, found in rows.items()}
    return {table: found for table, found in left.items() if found}


def statement(rows: Rows) -> str:
    """Return what brings these rows back, with triggers and foreign keys at rest."""
    inserts = [f"INSERT INTO {table} VALUES {', '.join(added)}" for table, added in rows.items()]
    emptied = [f"DELETE FROM {ONE_ROW}" for table in rows if table.startswith(f"{ONE_ROW} ")]
    return ";".join(
        [
            "SET LOCAL session_replication_role = replica",
            *emptied,
            *inserts,
            "SET LOCAL session_replication_role = origin",
        ]
    )
