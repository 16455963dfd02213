"""Switch a department's own system on or off: ``manage.py department_system insurance_desk on``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matters.models import DepartmentSystem


class Command(BaseCommand):
    help = "Switch a department's own system on or off. Off, its items are handled here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("state", choices=("on", "off"))

    def handle(self, *args: Any, **options: Any) -> None:
        changed = DepartmentSystem.objects.filter(code=options["code"]).update(is_on=options["state"] == "on")
        if not changed:
            known = ", ".join(DepartmentSystem.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"there is no system {options['code']!r}; there are: {known}")
        self.stdout.write(f"{options['code']} is {options['state']}")
