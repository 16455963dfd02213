"""The guardian of one embedded server: starts it, restarts it when it dies, stops it when nobody holds it.

Run as `python -m portal.embedded.supervisor VAR SERVER LOCK`, where LOCK is the inherited descriptor of the
guardian's lock, already taken. It takes over a server that a killed guardian has left behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Protocol

from portal.embedded.errors import EmbeddedServerError
from portal.embedded.locks import is_locked, open_lock, release_lock, try_lock
from portal.embedded.places import POSTGRES, VALKEY, Place
from portal.embedded.processes import Process, end_all, reap_children

LOOK_EVERY_SECONDS = 0.25
LINGER_SECONDS = 3.0  # a next command within this time finds the server running
START_PATIENCE_SECONDS = 170.0
GIVE_UP_AFTER = 5  # failed starts, before the failure is told; starts go on for a server that has run before
LOG_LIMIT_BYTES = 10_000_000


class Server(Protocol):
    """What the guardian needs to know of a server."""

    @property
    def stop_steps(self) -> tuple[tuple[signal.Signals, float], ...]: ...

    def running(self) -> Process | None: ...

    def clean(self) -> None: ...

    def start(self) -> Process | None: ...

    def answers(self) -> bool: ...

    def after_failures(self, count: int) -> None: ...

    def erase(self) -> None: ...


class Guardian:
    """Keeps one server running for as long as somebody holds it."""

    def __init__(self, place: Place, lock: int) -> None:
        self.place = place
        self.lock = lock
        self.users = open_lock(place.users_lock)
        self.idle_since: float | None = None
        self.is_ending = False
        self.has_run = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server: Server | None = None
        try:
            server = make_server(self.place)
            while not self._is_over():
                main = self._bring_up(server)
                if main is None:
                    continue
                self.place.failure_note.unlink(missing_ok=True)
                self.place.ready_mark.write_text(f"{main.pid}\n")
                self._stand_by(main)
                self.place.ready_mark.unlink(missing_ok=True)
        except (EmbeddedServerError, OSError) as error:
            self._tell(str(error))
        finally:
            self.place.ready_mark.unlink(missing_ok=True)
            if server is not None:
                self._stop(server)

    def _bring_up(self, server: Server) -> Process | None:
        """Return the server's process once it answers; None when there is no longer a need."""
        failures = 0
        while not self._is_over():
            main = server.running()
            if main is None or not self.place.socket.exists():
                if main is not None:
                    end_all([main], *server.stop_steps)
                server.clean()
                main = server.start()
            if main is not None and self._answers_in_time(server, main):
                self.has_run = True
                return main
            if main is not None:
                end_all([main], *server.stop_steps)
            failures += 1
            server.after_failures(failures)
            if failures == GIVE_UP_AFTER:
                text = (
                    f"The embedded {self.place.server} does not start. The end of {self.place.log}:\n{self._log_end()}"
                )
                if not self.has_run:
                    raise EmbeddedServerError(text)
                self._tell(text)
            time.sleep(min(0.1 * 2**failures, 5.0))
        return None

    def _answers_in_time(self, server: Server, main: Process) -> bool:
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if server.answers():
                return True
            reap_children()
            if not main.is_alive():
                return False
            time.sleep(0.01)
        return False

    def _stand_by(self, main: Process) -> None:
        """Return when the server has died, has lost its socket, or is no longer needed."""
        while not self._is_over():
            reap_children()
            if not main.is_alive() or not self.place.socket.exists():
                return
            time.sleep(LOOK_EVERY_SECONDS)

    def _is_over(self) -> bool:
        """Say whether to stop. When nobody is left, the users' lock stays ours, so that newcomers wait."""
        if self.is_ending or self._is_folder_gone():
            return True
        if not try_lock(self.users):
            self.idle_since = None
            self.place.hurry_mark.unlink(missing_ok=True)
            return False
        now = time.monotonic()
        self.idle_since = now if self.idle_since is None else self.idle_since
        if now - self.idle_since >= LINGER_SECONDS or self.place.hurry_mark.exists():
            self.place.ready_mark.unlink(missing_ok=True)
            self.place.hurry_mark.unlink(missing_ok=True)
            self.is_ending = True
            return True
        release_lock(self.users)
        return False

    def _is_folder_gone(self) -> bool:
        try:
            return os.stat(self.place.guardian_lock).st_ino != os.fstat(self.lock).st_ino
        except FileNotFoundError:
            return True

    def _stop(self, server: Server) -> None:
        main = server.running()
        if main is not None:
            end_all([main], *server.stop_steps)
        shutil.rmtree(self.place.socket_folder, ignore_errors=True)
        is_temporary = self.place.temporary_mark.exists()
        if is_temporary:
            server.erase()
        # This order: whoever gets the users' lock next must not find the guardian's still held.
        os.close(self.lock)
        if is_temporary and not any(
            is_locked(Place(self.place.var, name).guardian_lock) for name in (POSTGRES, VALKEY)
        ):
            shutil.rmtree(self.place.var, ignore_errors=True)
        os.close(self.users)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.is_ending = True

    def _tell(self, text: str) -> None:
        try:
            note = self.place.failure_note.with_suffix(".new")
            note.write_text(text)
            note.rename(self.place.failure_note)
        except OSError:
            print(text, file=sys.stderr)  # noqa: T201  the log is all that is left

    def _log_end(self) -> str:
        try:
            return "\n".join(self.place.log.read_text(errors="replace").splitlines()[-15:])
        except OSError:
            return "(no log)"


def make_server(place: Place) -> Server:
    """Return the server of this place."""
    if place.server == POSTGRES:
        from portal.embedded.postgres import Postgres

        return Postgres(place)
    from portal.embedded.valkey import Valkey

    return Valkey(place)


def main() -> None:
    var, server, lock = sys.argv[1:]
    if os.fork():
        os._exit(0)  # whoever started us waits for this process only
    place = Place(Path(var), server)
    if place.log.exists() and place.log.stat().st_size > LOG_LIMIT_BYTES:
        os.truncate(place.log, 0)
    Guardian(place, int(lock)).run()


if __name__ == "__main__":
    main()
