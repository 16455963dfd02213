"""The embedded PostgreSQL: created once, on a private socket, as durable as any other."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg2

from portal.embedded.binaries import POSTGRES_VERSION
from portal.embedded.errors import EmbeddedServerError
from portal.embedded.places import DATABASE, DATABASE_USER, Place
from portal.embedded.processes import Process, end_all, find_tagged
from portal.embedded.unprivileged import choose_user, reachable_data, reachable_programs

# A commit that was answered survives the loss of power; no port is opened.
PARAMETERS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Postgres:
    """Starts, recognises and stops the PostgreSQL of one place."""

    program = "postgres"
    # SIGINT ends the sessions and shuts down cleanly; the others only if that hangs.
    stop_steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    def __init__(self, place: Place) -> None:
        self.place = place
        self.user = choose_user()
        self.programs = reachable_programs(self.user)
        self.data = reachable_data(place, self.user)

    def running(self) -> Process | None:
        """Return the postmaster; its children carry other command lines."""
        if not (self.data / "PG_VERSION").exists():
            return None
        named = [process for process in self._all() if " -D " in process.command_line]
        pids = {process.pid for process in named}
        return next((process for process in named if process.parent not in pids), None)

    def clean(self) -> None:
        """Make way for a start: no orphan of a killed postmaster may still have the data open."""
        orphans = self._all()
        # They notice within moments that their postmaster is gone, except in the middle of a long statement.
        steps = ((signal.SIGTERM, 1.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 5.0))
        if orphans and not end_all(orphans, *steps):
            raise EmbeddedServerError(f"Processes of an earlier PostgreSQL do not end: {[o.pid for o in orphans]}.")
        # Nobody of ours lives, so the file's pid is dead, a zombie, or by now somebody else's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for unfinished in self.data.parent.glob("data.new-*"):
            shutil.rmtree(unfinished)

    def start(self) -> Process | None:
        """Start the postmaster, creating its data first if there is none."""
        self.place.prepare_socket_folder(self.user.uid)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != POSTGRES_VERSION:
            raise EmbeddedServerError(
                f"{self.data} was written by PostgreSQL {found}, this is {POSTGRES_VERSION}. Dump it with the "
                "earlier release of this project and load the dump, or move the folder away to begin anew."
            )
        parameters = PARAMETERS | {
            "cluster_name": self.place.tag,
            "unix_socket_directories": str(self.place.socket_folder),
        }
        options = [part for name, value in parameters.items() for part in ("-c", f"{name}={value}")]
        return self._popen([str(self.programs / "postgres"), "-D", str(self.data), *options])

    def answers(self) -> bool:
        """Say whether statements are served; create our database if it is missing."""
        try:
            connection = psycopg2.connect(
                host=str(self.place.socket_folder), user=DATABASE_USER, dbname="postgres", connect_timeout=5
            )
        except psycopg2.OperationalError:
            return False
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg2.Error:
            return False
        finally:
            connection.close()
        return True

    def after_failures(self, count: int) -> None:
        """Nothing is ever thrown away here: this is the data."""

    def erase(self) -> None:
        """Remove the data of a temporary place."""
        if self.place.data.is_symlink():
            shutil.rmtree(self.data.parent, ignore_errors=True)

    def _all(self) -> list[Process]:
        return find_tagged(self.place.tag, self.program)

    def _create(self) -> None:
        """Create the data beside its place and rename it, so that half-made data is never taken for data."""
        new = self.data.with_name(f"data.new-{os.getpid()}")
        new.mkdir(mode=0o700)
        os.chown(new, self.user.uid, self.user.gid)
        done = self._run(
            [
                str(self.programs / "initdb"),
                f"--pgdata={new}",
                f"--username={DATABASE_USER}",
                "--auth-local=trust",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ]
        )
        if done.returncode != 0:
            shutil.rmtree(new, ignore_errors=True)
            raise EmbeddedServerError(f"The database could not be created: {done.stderr.strip()}")
        new.rename(self.data)
        _flush(self.data.parent)

    def _identity(self) -> dict[str, object]:
        if not self.user.is_somebody_else:
            return {}
        return {"user": self.user.uid, "group": self.user.gid, "extra_groups": []}

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603
            command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, **self._identity()
        )

    def _popen(self, command: list[str]) -> Process | None:
        from portal.embedded.processes import look_up

        child = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603
            command, cwd="/", env=ENVIRONMENT, stdin=subprocess.DEVNULL, umask=0o077, **self._identity()
        )
        return look_up(child.pid)


def _flush(folder: Path) -> None:
    """Make a rename in this folder last."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
