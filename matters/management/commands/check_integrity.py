"""Prove the invariants on live data."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from matters.integrity import check_integrity


class Command(BaseCommand):
    help = "Prove the invariants on live data and name each breach. Exit code 0: whole, though work may be waiting; 1: breaches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument(
            "--without-files", action="store_true", help="do not read the files of papers and certificates"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_integrity(with_files=not options["without_files"])
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            for breach in report.breaches:
                self.stdout.write(f"{breach.invariant} {breach.code}: {breach.sentence}")
            for one in report.waiting:
                what = "a worker" if one.waits_for == "worker" else "what they need (disk, network, signer)"
                self.stdout.write(
                    f"no damage: {one.count} {one.kind} wait for {what}, the oldest for {one.oldest_seconds} s"
                )
            counted = ", ".join(f"{count} {name}" for name, count in report.counted.items())
            self.stdout.write(f"{len(report.breaches)} breaches in {counted} ({report.seconds:.1f} s)")
        if report.breaches:
            sys.exit(1)
