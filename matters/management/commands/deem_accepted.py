"""Accept what licensing departments did not answer in time, after a person has looked at it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matters.reviewing.deeming import deem_accepted, unanswered


class Command(BaseCommand):
    help = "List licences that were not answered in time; with --confirm N accept them, if there are just so many."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--confirm", type=int, metavar="N", help="accept them, if there are N")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(unanswered().values_list("sub_item__number", "department__name", "due_on"))
        for number, department, due_on in rows:
            self.stdout.write(f"{number}  {due_on}  {department}")
        if options["confirm"] is None:
            self.stdout.write(f"{len(rows)} not answered in time")
        elif options["confirm"] != len(rows):
            raise CommandError(f"There are {len(rows)} of them, not {options['confirm']}: look at them again.")
        else:
            self.stdout.write(f"{deem_accepted(at_most=len(rows))} accepted")
