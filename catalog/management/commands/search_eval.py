"""Measure the search on the judged set."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.search.evaluation import JUDGED, evaluate, judged_queries


class Command(BaseCommand):
    help = "用评判集量一量检索：hit@1、hit@3、MRR。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=JUDGED, help="YAML：事项代码 → 问法列表")
        parser.add_argument("--misses", action="store_true", help="列出没排在第一的问法")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            measure = evaluate(judged_queries(options["file"]))
        except ValueError as error:
            raise CommandError(f"评判集读不了：{error}") from None
        self.stdout.write(f"queries {measure.total}")
        self.stdout.write(f"hit@1 {measure.hit_at_1:.4f}")
        self.stdout.write(f"hit@3 {measure.hit_at_3:.4f}")
        self.stdout.write(f"MRR {measure.mrr:.4f}")
        if options["misses"]:
            for query, slug, found in measure.missed:
                self.stdout.write(f"{slug}\t{query}\t{' '.join(found)}")
