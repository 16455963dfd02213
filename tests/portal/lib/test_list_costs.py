"""No list of the console costs more the longer it gets: few statements, and rows in the order of an index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.lib.test_offered_lookups import list_of, sessions
from tests.rights.asking import undrawn

__all__ = ["sessions", "undrawn"]

STATEMENTS = 12
# What grows with each application, login and reading; definitions, offices and posts do not.
GROWING = {
    *("accounts_user", "accounts_person", "accounts_organisation", "axes_accessattempt"),
    *("certificates_certificate", "ledger_accessrecord", "ledger_event", "ledger_securityevent"),
    *("matters_bundle", "matters_subitem", "matters_reviewtask", "matters_decision", "matters_correctionrequest"),
    *("notices_message", "outbox_outboxmessage", "sharing_grant"),
}
READERS = ("administrator", "supervisor", "reviewer", "clerk", "manager", "lead")


def shown_to(sessions: dict[str, Client]) -> Iterator[tuple[str, type[Model], list[str]]]:
    """Yield each list as the first and the last of those who may read it ask for it, with its statements."""
    for model in admin.site._registry:
        readers = [who for who in READERS if sessions[who].get(list_of(model)).status_code == 200]
        for who in {*readers[:1], *readers[-1:]}:
            with CaptureQueriesContext(connection) as asked:
                sessions[who].get(list_of(model))
            yield who, model, [one["sql"] for one in asked.captured_queries]


def sorts(sql: str) -> bool:
    """Return whether the first hundred rows are sorted out of all, for want of an index in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off")
        cursor.execute(f"EXPLAIN {sql}{'' if ' LIMIT ' in sql else ' LIMIT 100'}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("SET LOCAL enable_sort = on")
    return "Sort" in plan


def test_no_list_grows_dearer(sessions: Any, undrawn: None) -> None:
    dear, found = [], set()
    for who, model, statements in shown_to(sessions):
        table = model._meta.db_table
        if len(statements) > STATEMENTS:
            dear.append(f"{table} asks {len(statements)} statements of {who}")
        if table not in GROWING:
            continue
        found.add(table)
        rows = [sql for sql in statements if f'FROM "{table}"' in sql and "COUNT(" not in sql]
        dear += [f"{table} looks at all rows for {who}: {sql[:80]}" for sql in rows if "SELECT DISTINCT" in sql]
        dear += [f"{table} sorts all rows for {who}: {sql[-120:]}" for sql in rows if "ORDER BY" in sql and sorts(sql)]
    assert found == GROWING
    assert not dear, "\n".join(dear)
