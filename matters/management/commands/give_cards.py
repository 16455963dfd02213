"""Give the yellow and red cards that were held because they were too many at once, after a person has looked at them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matters.reviewing.cards import due_cards, give_cards


class Command(BaseCommand):
    help = "List the cards that are due and were not given; with --confirm N give them, if there are just so many."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--confirm", type=int, metavar="N", help="give them, if there are N")

    def handle(self, *args: Any, **options: Any) -> None:
        found = due_cards()
        for colour, task in found:
            self.stdout.write(f"{colour}  {task.due_on}  {task.sub_item.number}")
        if options["confirm"] is None:
            self.stdout.write(f"{len(found)} cards are due")
        elif options["confirm"] != len(found):
            raise CommandError(f"There are {len(found)} of them, not {options['confirm']}: look at them again.")
        else:
            self.stdout.write(f"{give_cards(at_most=len(found))} given")
