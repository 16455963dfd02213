"""Take everybody else's rights from uploads, certificates and keys that an earlier release left readable."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from portal.lib.private_files import protect

FOLDERS = ("media", "keys", "pki")


class Command(BaseCommand):
    help = "Make every uploaded and issued file, and every key below VAR, readable by its owner alone."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        folders = {settings.MEDIA_ROOT, *(settings.VAR_DIR / name for name in FOLDERS)}
        changed = sum(protect(folder, whole=True) for folder in sorted(folders))
        self.stdout.write(f"{changed} files and folders are now readable by their owner alone.")
