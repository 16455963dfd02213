"""PostgreSQL's engine, which sees to it before each new connection that the embedded server is there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from portal.embedded.holding import hold_servers
from portal.embedded.places import POSTGRES, Place


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        hold_servers(Place(settings.VAR_DIR, POSTGRES))
        return super().get_new_connection(conn_params)
