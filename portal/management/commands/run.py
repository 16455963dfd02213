"""Run the whole site on this machine: web, worker, beat, signer and what the demo town brings, in the foreground, on prepared data."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import stat
import sys
import time
from argparse import ArgumentParser
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal.embedded import release
from portal.lib.private_files import make_private_folder, protect, write_privately_from_now_on
from portal.lib.whole_numbers import whole_number
from portal.registers import connections as registers
from portal.running.group import Group, SitePart
from portal.running.tables import table


class Command(BaseCommand):
    help = "Migrate, load the demo town, then run web, worker, beat, signer and sandbox registers until Ctrl-C."
    requires_system_checks: list[str] = []  # noqa: RUF012  the parts check for themselves, and starting is quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST_ADDRESS") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, host: str, port: str, **options: Any) -> None:
        listener = listen(host, port)
        self.address = f"http://{host}:{listener.getsockname()[1]}"
        self.asked_whether_ready = [f"{self.address}/readyz"]
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # also into a pipe, in order with the log lines
        write_privately_from_now_on()
        protect_data(settings.VAR_DIR)
        self.stdout.write("Preparing the database …")
        prepare_database(self.stdout)
        parts = self._parts(listener)
        if has_registers():
            parts.append(self._registers())
        if has_platform():
            parts.append(self._platform(host, listener.getsockname()[1]))
        group = Group(parts, is_ready=self._is_ready, when_ready=self._when_ready)
        code = group.run()
        release()
        if code:
            sys.exit(code)

    def _parts(self, listener: socket.socket) -> list[SitePart]:
        cores = os.cpu_count() or 2
        processes = os.environ.get("WEB_PROCESSES") or str(min(4, max(2, cores)))
        self.worker = f"worker-{os.getpid()}@{socket.gethostname()}"
        python = [sys.executable, "-m"]
        web = f"gunicorn portal.wsgi --worker-class gthread --workers {processes} --threads 8 --preload --graceful-timeout 5"
        web += f" --no-control-socket --log-level warning --bind fd://{listener.fileno()}"
        worker = f"celery --app portal.celery --quiet worker --hostname {self.worker} --concurrency {min(4, cores)}"
        worker += " --without-gossip --without-mingle --loglevel INFO"
        beat = "celery --app portal.celery --quiet beat --pidfile= --loglevel WARNING"
        return [
            SitePart("web", python + web.split(), inherits=(listener.fileno(),)),
            # A newcomer may be root, in a container say; the worker takes nothing but JSON.
            SitePart(
                "worker", [sys.executable, "-W", "ignore:You're running the worker with super", "-m", *worker.split()]
            ),
            SitePart("beat", python + beat.split()),
            # The one that can read the seal's key.
            SitePart("signer", [*python, "django", "run_signer"]),
        ]

    def _registers(self) -> SitePart:
        """Return the sandbox registers, on a port of their own; the other parts are told by the environment where they are."""
        self.registers_listener = listener = listen(
            "127.0.0.1", "0"
        )  # open for as long as the part may be started again
        port: int = listener.getsockname()[1]
        self.asked_whether_ready.append(f"http://127.0.0.1:{port}/readyz")
        found_by = settings.VAR_DIR / registers.NAME
        registers.write_connections(found_by, port)
        os.environ["SHARING_CONNECTIONS"] = str(found_by)
        command = f"portal.registers --fd {listener.fileno()} --as-of {day_of_settling().isoformat()} --connections"
        return SitePart(
            "registers", [sys.executable, "-m", *command.split(), str(found_by)], inherits=(listener.fileno(),)
        )

    def _platform(self, host: str, port: int) -> SitePart:
        """Return the sandbox identity platform, beside the site's own port where that is free. Nobody waits for it to be ready."""
        try:
            listener = listen(host, str(port + 1))
        except CommandError:
            listener = listen(host, "0")
        self.platform_listener = listener
        seen_as = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
        os.environ["IDENTITY_PLATFORM_URL"] = f"http://{seen_as}:{listener.getsockname()[1]}"
        os.environ["IDENTITY_PLATFORM_CLIENT_ID"] = "yijian"
        os.environ["IDENTITY_PLATFORM_CLIENT_SECRET"] = secrets.token_urlsafe(32)
        hosts = dict.fromkeys((seen_as, "127.0.0.1", "localhost"))
        returns = [f"http://{each}:{port}/accounts/platform/return/" for each in hosts]
        command = f"portal.identity_platform --fd {listener.fileno()} --folder"
        folder = str(settings.VAR_DIR / "identity-platform")
        return SitePart(
            "identity",
            # After the site itself: its first visitor waits a moment at the platform's door, not at ours.
            ["nice", "-n", "10", sys.executable, "-m", *command.split(), folder, "--returns", *returns],
            inherits=(listener.fileno(),),
        )

    def _is_ready(self) -> bool:
        try:
            for address in self.asked_whether_ready:
                with urlopen(address, timeout=2) as answer:  # noqa: S310  our own addresses
                    if answer.status != 200:
                        return False
        except (URLError, OSError):
            return False
        if not Path(settings.YIJIAN_SIGNER_SOCKET).exists():
            return False
        from portal.celery import app

        return bool(app.control.ping(destination=[self.worker], timeout=0.3))

    def _when_ready(self) -> None:
        from portal.front.demo.people import LOGINS, OFFICERS, seed_of

        self.stdout.write(f"\n{self.style.SUCCESS('Ready:')} {self.address}/\n\n")
        self.stdout.write("People of the demo town:\n\n")
        seeds = {officer.username: seed_of(officer.username) for officer in OFFICERS}
        rows = [(*map(str, row), seeds.get(row[1], "")) for row in LOGINS]
        self.stdout.write(table(("Role", "User name", "Password", "Where", "Second factor (TOTP seed)"), rows))
        if settings.YIJIAN_SECOND_FACTOR:
            self.stdout.write(
                "\nStaff are asked for a code: from an app with the seed, or .venv/bin/python manage.py demo_code\n"
            )
        else:
            self.stdout.write(
                "\nStaff log in with the password alone here; make run SECOND_FACTOR=True asks for a code too.\n"
            )
        self.stdout.write("\nCtrl-C stops everything.\n\n")


def listen(host: str, port: str) -> socket.socket:
    """Take the address for ourselves at once, before anything slow. Raises `CommandError` in one sentence."""
    number = whole_number(port)
    if number is None or number > 65535:
        raise CommandError(f"PORT={port} is not a port number.")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, number))
        listener.listen(512)
    except PermissionError as error:
        listener.close()
        raise CommandError(f"Port {port} needs more rights than we have; choose another: make run PORT=8000") from error
    except OSError as error:
        listener.close()
        raise CommandError(
            f"Port {port} on {host} is in use, perhaps by another `make run`; "
            f"stop that, or choose another: make run PORT={int(port) + 1 if int(port) < 65535 else 8001}"
        ) from error
    listener.set_inheritable(True)
    return listener


def has_registers() -> bool:
    """Return whether this is a demonstration that nobody has given sources of its own."""
    return bool(settings.YIJIAN_DEMO) and not settings.YIJIAN_SHARING_CONNECTIONS


def has_platform() -> bool:
    """Return whether this is a demonstration that nobody has given an identity platform of its own."""
    named = settings.YIJIAN_IDENTITY_PLATFORM
    return bool(settings.YIJIAN_DEMO) and not (named.url or named.client_id or named.client_secret)


def day_of_settling() -> date:
    """Return the day the demo town was settled: its births are told by days before it."""
    from portal.accounts.models import User
    from portal.front.demo.people import CITIZENS

    joined = User.objects.filter(username=CITIZENS[0].username).values_list("date_joined", flat=True).first()
    connections.close_all()
    return timezone.localdate(joined)


def protect_data(var: Path) -> None:
    """Close what an earlier release left readable: `var` can be passed through, not listed; what people gave is ours alone."""
    make_private_folder(settings.MEDIA_ROOT)
    for folder in (settings.MEDIA_ROOT, var / "keys", var / "pki"):
        protect(folder)
    mode = stat.S_IMODE(var.stat().st_mode)
    if mode & 0o066 and var.stat().st_uid == os.geteuid():
        var.chmod(mode & 0o711)


def prepare_database(stdout: Any) -> None:
    """Migrate if there is something to migrate, and load the demo town (which does nothing the second time)."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        started = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        stdout.write(f"Migrated in {time.monotonic() - started:.1f} s.")
    logging.disable(logging.INFO)  # what the demo town lived through is told by the command itself
    call_command("load_demo")
    logging.disable(logging.NOTSET)
    connections.close_all()
