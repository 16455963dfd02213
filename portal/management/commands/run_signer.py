"""Run the signer: the one process that can read the seal's key, and that looks up every approval before it signs."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from certificates.activities.signer import serve
from certificates.seal.signing import SealRefused
from portal.embedded import keep_running
from portal.lib.private_files import write_privately_from_now_on


class Command(BaseCommand):
    help = "Listen on SIGNER_SOCKET and seal what was approved, until told to end."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        write_privately_from_now_on()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        connection_created.connect(_read_only)
        keep_running()
        try:
            serve(Path(settings.YIJIAN_SIGNER_SOCKET))
        except (ImproperlyConfigured, SealRefused, OSError) as error:
            raise CommandError(str(error)) from error


def _read_only(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let the signer's session change nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
