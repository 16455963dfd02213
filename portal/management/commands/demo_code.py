"""Print the codes of the demo town's officers, as their telephones would show them."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.front.demo.people import OFFICERS, seed_of

PERIOD = 30


class Command(BaseCommand):
    """Computes from the printed seeds and asks no database: an officer who has set up a factor of their own needs that one."""

    help = "Print the present second-factor codes of the demo town's officers (all, or those named)."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="*")

    def handle(self, *args: Any, username: list[str], **options: Any) -> None:
        if not settings.YIJIAN_DEMO:
            raise CommandError("There is no demo town here.")
        known = [officer.username for officer in OFFICERS]
        if unknown := set(username) - set(known):
            raise CommandError(f"Not an officer of the demo town: {', '.join(sorted(unknown))}.")
        now = int(time.time())
        for name in username or known:
            code = format_hotp_value(hotp_value(seed_of(name), now // PERIOD))
            self.stdout.write(f"{name:<8} {code}   (for {PERIOD - now % PERIOD} s more)")
