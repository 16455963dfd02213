"""Do away with what has outlived its term, or only count it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.retention.models import LegalHold, PruningRun
from portal.retention.pruning import prune, ripe_counts
from portal.retention.schedule import classes


class Command(BaseCommand):
    """What workers do once a day. May be broken off and run again at any time."""

    help = "Delete or anonymise what has outlived its term; never what is under a legal hold. --dry-run counts and writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count by class, and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if dry_run:
            counts = ripe_counts()
        else:
            prune()
            counts = PruningRun.objects.get(day=timezone.localdate()).counts
        for kept in classes():
            term = kept.action if kept.days is None else f"{kept.action} after {kept.days} days"
            self.stdout.write(f"{kept.key:<14} {counts.get(kept.key, 0):>8}   {term}")
        holds = LegalHold.objects.filter(lifted_at=None).count()
        self.stdout.write(f"legal holds in force: {holds}")
