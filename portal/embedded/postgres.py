"""The embedded PostgreSQL: created once, on a private socket, as durable as any other."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import closing

import psycopg2

from portal.embedded.paths import DATABASE, DATABASE_USER, POSTGRES, EmbeddedPaths, EmbeddedServerError, make_own_folder
from portal.embedded.server import ENVIRONMENT, Server
from portal.embedded.unprivileged import POSTGRES_VERSION, choose_user, reachable_data, reachable_programs

# A commit that was answered survives the loss of power (`fsync` and the like are on); no port is opened.
OPTIONS = (
    "-c listen_addresses= -c port=5432 -c unix_socket_permissions=0700 -c max_connections=200 -c jit=off "
    "-c timezone=UTC -c log_timezone=UTC -c log_checkpoints=off"
)
INITDB = (
    f"--username={DATABASE_USER} --auth-local=trust --auth-host=reject --encoding=UTF8 --no-locale "
    "--locale-provider=builtin --builtin-locale=C.UTF-8 --no-instructions"
)


class Postgres(Server):
    name = POSTGRES
    program = "postgres"
    # SIGINT ends the sessions and shuts down cleanly; the others only if that hangs.
    stop_steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    def __init__(self, paths: EmbeddedPaths) -> None:
        super().__init__(paths)
        paths.data(self.name).parent.mkdir(exist_ok=True)
        self.user = choose_user()
        self.programs = reachable_programs(self.user)
        self.data = reachable_data(paths.data(self.name), self.user)

    def command(self) -> list[str]:
        make_own_folder(self.socket.parent, self.user.pw_uid, 0o700)
        # No process of ours has the data open: the file names a pid that is dead, or by now somebody else's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != POSTGRES_VERSION:
            raise EmbeddedServerError(
                f"{self.data} was written by PostgreSQL {found}, this is {POSTGRES_VERSION}. Dump it with the "
                "earlier release of this project and load the dump, or move the folder away to begin anew."
            )
        names = [f"--cluster_name={self.paths.tag}", f"--unix_socket_directories={self.socket.parent}"]
        return [str(self.programs / "postgres"), "-D", str(self.data), *OPTIONS.split(), *names]

    def answers(self) -> bool:
        """Say whether statements are served; create our database if it is missing."""
        folder = str(self.socket.parent)
        try:
            with closing(
                psycopg2.connect(host=folder, user=DATABASE_USER, dbname="postgres", connect_timeout=5)
            ) as asked:
                asked.autocommit = True
                with asked.cursor() as cursor:
                    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                    if cursor.fetchone() is None:
                        cursor.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg2.Error:
            return False
        return True

    def identity(self) -> Mapping[str, object]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _create(self) -> None:
        """Create the data beside its place and rename it, so that half-made data is never taken for data."""
        for unfinished in self.data.parent.glob("data.new-*"):
            shutil.rmtree(unfinished)
        new = self.data.with_name(f"data.new-{os.getpid()}")
        make_own_folder(new, self.user.pw_uid, 0o700)
        command = [str(self.programs / "initdb"), f"--pgdata={new}", *INITDB.split()]
        done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
            command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, **self.identity()
        )
        if done.returncode != 0:
            raise EmbeddedServerError(f"The database could not be created: {done.stderr.strip()}")
        new.rename(self.data)
        folder = os.open(self.data.parent, os.O_RDONLY)
        os.fsync(folder)  # the rename lasts
        os.close(folder)
