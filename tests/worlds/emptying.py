"""After a test that commits, the database is as it was before the first one.

Django's own way empties all tables, two hundred with a thousand indexes, and makes content types and permissions anew: a second of the
processor after each such test, and whatever was kept of the worlds was lost with them.
"""

from __future__ import annotations

from django.db import connection, transaction

from tests.worlds.keeping import Rows, contents

# Made by migrating and changed by no test; whatever refers to a kind of thing or a right finds it under its number.
UNTOUCHED = {"django_content_type", "auth_permission", "django_migrations"}
_beginning: Rows = {}
_tables: list[str] = []


def remember_the_beginning() -> None:
    """Remember what a database holds that was only migrated, and the names of its tables."""
    _beginning.clear()
    _beginning.update(contents())
    _tables[:] = [name for name in connection.introspection.table_names() if name not in UNTOUCHED]


def may_be_emptied() -> bool:
    """Whether the triggers and foreign keys may rest for a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')::bool")
        return bool(_tables) and bool(cursor.fetchone()[0])


def empty_tables() -> None:
    """Delete what was written since, in one transaction that waits for whoever still writes. Raises ``OperationalError`` at a deadlock."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in _tables))
        written = sorted({name for (name,) in cursor.fetchall()})
        if not written:
            return
        quoted = [f'"{name}"' for name in written]
        cursor.execute(
            f"LOCK TABLE {', '.join(quoted)} IN EXCLUSIVE MODE; SET LOCAL session_replication_role = replica"
        )
        cursor.execute(";".join(f"DELETE FROM {name}" for name in quoted))
        for table, rows in _beginning.items():
            if table.partition(" ")[0].strip('"') in _tables:
                cursor.execute(f"INSERT INTO {table} VALUES {', '.join(rows)}")
