"""Bring the demo town about: the catalog, its people and their applications."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from catalog.models import Matter
from catalog.packages.importing import CONTENT
from portal.front.demo.town import settle


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is, and a catalog that has not changed is not read again."""

    help = "Load the catalog and the demo town (people with a public password: never in production)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.YIJIAN_DEMO:
            raise CommandError("The demo town has a public password; set YIJIAN_DEMO=True to load it here.")
        stamp, content = settings.VAR_DIR / "demo-catalog", _fingerprint()
        if not (stamp.exists() and stamp.read_text() == content and Matter.objects.exists()):
            call_command("import_catalog", verbosity=options["verbosity"], stdout=self.stdout)
            stamp.write_text(content)
        for line in settle():
            self.stdout.write(f"  + {line}")


def _fingerprint() -> str:
    """Name the content of the catalog's folders, the code that reads them, and the database they go into."""
    digest = hashlib.sha256(repr(sorted(settings.DATABASES["default"].items(), key=str)).encode())
    for path in sorted([*CONTENT.rglob("*.yaml"), *CONTENT.parent.rglob("*.py"), Path(__file__)]):
        digest.update(str(path.relative_to(CONTENT.parent.parent)).encode() + path.read_bytes())
    return digest.hexdigest()
