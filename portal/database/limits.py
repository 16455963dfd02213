"""How long a web process lets one statement, one lock and one forgotten transaction take.

A page that waits for ever takes a thread from everybody else; one that is told "too long" answers 503 and is asked again. Commands,
migrations and workers have no such limits on statements: they are bounded otherwise, or meant to take long.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

WEB_LIMITS: Final = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}


def limit_web_connections() -> None:
    """Set `WEB_LIMITS` on each connection that this process makes. One statement a connection."""
    connection_created.connect(set_web_limits)


def set_web_limits(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Set them on one connection; a pooler that gives each transaction another one has to set them itself."""
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join("set_config(%s, %s, false)" for _limit in WEB_LIMITS),
            [word for limit in WEB_LIMITS.items() for word in limit],
        )
