"""Switch a department's own system on or off: ``manage.py department_system insurance_desk on``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matters.models import DepartmentSystem


class Command(BaseCommand):
    help = "Switch a department's own system on or off. Off, its items are handled here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("state", choices=("on", "off"))

    def handle(self, *args: Any, **options: Any) -> None:
        system = DepartmentSystem.objects.filter(code=options["code"])
        if not system.exists():
            known = ", ".join(DepartmentSystem.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"there is no system {options['code']!r}; there are: {known}")
        is_on = options["state"] == "on"
        system.exclude(is_on=is_on).update(is_on=is_on, switched_at=timezone.now())
        self.stdout.write(f"{options['code']} is {options['state']}")
