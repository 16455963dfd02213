"""Conclude what follows from promised papers that did not come and were held because they were too many at once, after a person has looked."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matters.reviewing.breaking import end_unkept, unkept


class Command(BaseCommand):
    help = "List the promised papers whose day has passed; with --confirm N conclude what follows, if there are just so many."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--confirm", type=int, metavar="N", help="conclude what follows, if there are N")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(unkept().select_related("sub_item"))
        for row in found:
            self.stdout.write(f"{row.due_on}  {row.sub_item.number}  {row.material}")
        if options["confirm"] is None:
            self.stdout.write(f"{len(found)} promised papers did not come")
        elif options["confirm"] != len(found):
            raise CommandError(f"There are {len(found)} of them, not {options['confirm']}: look at them again.")
        else:
            self.stdout.write(f"{end_unkept(at_most=len(found))} concluded")
