"""``python -m tests.bench [--quick] [figure …]``: one JSON line per figure on standard output, news on standard error."""

from __future__ import annotations

import argparse
import os

FIGURES = ("merging", "search", "certificates", "submits", "dispatch", "queue")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the hot paths.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows: a look, not a measurement")
    parser.add_argument("figures", nargs="*", help=f"{', '.join(FIGURES)} (default: all)")
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from portal.embedded import keep_running

    keep_running()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    os.environ["YIJIAN_BENCH_DATABASE"] = str(connection.settings_dict["NAME"])
    try:
        _measure(set(chosen.figures or FIGURES), quick=chosen.quick)
    finally:
        connection.close()
        teardown_databases(databases, verbosity=0)


def _measure(figures: set[str], *, quick: bool) -> None:
    from tests.bench import dispatch, merging, printing, queue, searching, submits
    from tests.bench.figures import say
    from tests.worlds.measured import build

    rounds = 2 if quick else 3
    if "certificates" in figures:
        printing.measure(rounds=rounds, count=60 if quick else 200)
    if "search" in figures:
        searching.measure(rounds=rounds)
    if "merging" in figures:
        merging.measure(rounds=rounds)
    if figures - {"certificates", "search", "merging"}:
        say("settling a town")
        town = build()
        if "submits" in figures:
            submits.measure(town, rounds=rounds, count=100 if quick else 300)
        if "dispatch" in figures:
            dispatch.measure(town, rounds=rounds, count=200 if quick else 600)
        if "queue" in figures:
            queue.measure(town, rounds=rounds, rows=100_000 if quick else 1_000_000)


if __name__ == "__main__":
    main()
