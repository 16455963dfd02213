"""Bring the demo town about: the catalog, its people and their applications."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo.town import settle


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is."""

    help = "Load the catalog and the demo town (people with a public password: never in production)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people-only", action="store_true", help="no catalog import")

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "YIJIAN_DEMO", False):
            raise CommandError("The demo town has a public password; set YIJIAN_DEMO=True to load it here.")
        if not options["people_only"]:
            call_command("import_catalog", verbosity=0)
        for line in settle():
            self.stdout.write(f"  + {line}")
