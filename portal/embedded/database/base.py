"""PostgreSQL's engine, which sees to it before each new connection that the embedded server is there."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from portal.database import base
from portal.embedded.keeping import keep_servers_running
from portal.embedded.paths import POSTGRES


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        keep_servers_running(settings.VAR_DIR, [POSTGRES])
        return super().get_new_connection(conn_params)
