"""PostgreSQL's engine, which sees without asking the server whether a connection that was kept is still good."""

from __future__ import annotations

import select
import time

from django.db.backends.postgresql import base

# What was not used for so long may have been forgotten on the way, by a firewall say, and then nothing tells.
ASKED_AFTER_SECONDS = 30.0


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but a request that follows another begins without ``SELECT 1`` (``CONN_HEALTH_CHECKS``).

    A server that ends a connection, or is killed, leaves its end of the socket readable: then, after an error, and after half a minute
    without use the server is asked, as Django does.
    """

    _looked_at = 0.0  # monotonic seconds

    def is_usable(self) -> bool:
        last, self._looked_at = self._looked_at, time.monotonic()
        if self.connection is None or self.errors_occurred or self._looked_at - last > ASKED_AFTER_SECONDS:
            return super().is_usable()
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if poll.poll(0) else True
