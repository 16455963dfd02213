"""``python -m tests.life [--lives N] [--clients N] [--against COMMIT] [story …]``: one JSON line on standard output.

Starts the site by itself, lives whole lives (from a login to the certificates) with some clients at once, and says what each
cost: processor time of all processes by kind, and each kind of request. The floor is the same number of requests, each
reading a session and its user and nothing else, measured in the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.life.budgets import over
from tests.processes import ROOT
from tests.running_site import Site, running_site

FLOOR_REQUESTS = 400
WARMING_LIVES = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.life", description="Measure whole lives of applications.")
    parser.add_argument("--lives", type=int, default=20)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--against", help="a commit: the same lives there too, in turns")
    parser.add_argument("stories", nargs="*", help="newborn, restaurant, counter (default: all)")
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        others = {"before": stack.enter_context(_checkout(chosen.against))} if chosen.against else {}
        trees = {**others, "now": ROOT}
        sites = {name: stack.enter_context(running_site("tests.life.settings", root)) for name, root in trees.items()}
        wrong = 0
        from tests.life.stories import STORIES

        for story in chosen.stories or STORIES:
            told = {name: _measured(site, story, chosen.lives, chosen.clients) for name, site in sites.items()}
            wrong += sum(bool(each["errors"]) for each in told.values())
            line = told["now"] | {"before": told["before"], "ratio": _ratio(told)} if others else told["now"]
            print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201
    return wrong


def _measured(site: Site, story_name: str, lives: int, clients: int) -> dict[str, Any]:
    from tests.life.deciding import Hall
    from tests.life.stories import STORIES
    from tests.life.visitor import Ledger, Visitor

    story = STORIES[story_name]
    serials = itertools.count(100 + 10_100 * list(STORIES).index(story_name))
    warming = Ledger()
    _live(site, story, Hall(site.address, warming), warming, serials, WARMING_LIVES, 1)
    ledger = Ledger()
    before, begun = site.processor_seconds(), time.monotonic()
    lived = _live(site, story, Hall(site.address, ledger), ledger, serials, lives, clients)
    wall, after = time.monotonic() - begun, site.processor_seconds()
    used = {kind: (after[kind] - before[kind]) * 1000 / max(1, lived) for kind in after}

    visitor = Visitor(site.address, Ledger(), "li")
    before = site.processor_seconds()
    for _number in range(FLOOR_REQUESTS):
        visitor.get("/life/floor/", "floor")
    one = (site.processor_seconds().total() - before.total()) * 1000 / FLOOR_REQUESTS
    requests = sum(len(each) for each in ledger.answers.values()) / max(1, lived)
    by_request = {kind: _figures(each, lived) for kind, each in ledger.answers.items()}
    return {
        "story": story_name,
        "lives": lived,
        "lives_a_second": round(lived / wall, 2),
        "processor_ms": round(sum(used.values())),
        "by_process_ms": {kind: round(each) for kind, each in sorted(used.items())},
        "memory_mb": {kind: round(each / 1e6) for kind, each in sorted(site.memory().items())},
        "requests": round(requests, 1),
        "floor_ms": round(one, 2),
        "of_floor": round(sum(used.values()) / (requests * one), 2),
        "over_budget": over(by_request),
        "by_request": by_request,
        "errors": {**warming.errors, **ledger.errors},
    }


def _live(site: Site, story: Any, hall: Any, ledger: Any, serials: Iterator[int], lives: int, clients: int) -> int:
    left, lived, lock = itertools.count(), [], threading.Lock()

    def client() -> None:
        while next(left) < lives:
            with lock:
                serial = next(serials)
            try:
                story.live(site.address, ledger, hall, serial)
                lived.append(serial)
            except Exception as error:
                ledger.fail(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(lived)


def _figures(answers: list[tuple[float, float, int, float]], lives: int) -> dict[str, float]:
    """Per answer, redirects included: wall p50 and p95, processor of the web process, statements, SQL; and how many a life."""
    walls = sorted(each[0] for each in answers)
    count = len(answers)
    return {
        "a_life": round(count / max(1, lives), 1),
        "p50_ms": round(walls[count // 2], 1),
        "p95_ms": round(walls[min(count - 1, int(count * 0.95))], 1),
        "processor_ms": round(sum(each[1] for each in answers) / count, 1),
        "statements": round(sum(each[2] for each in answers) / count, 1),
        "sql_ms": round(sum(each[3] for each in answers) / count, 1),
    }


def _ratio(told: dict[str, dict[str, Any]]) -> float:
    return round(told["now"]["processor_ms"] / max(1, told["before"]["processor_ms"]), 3)


@contextlib.contextmanager
def _checkout(commit: str) -> Iterator[Path]:
    """A worktree of the commit, with today's measuring tools in it."""
    folder = Path(tempfile.mkdtemp(prefix="yijian-before-"))
    subprocess.run(["git", "worktree", "add", "--detach", "--quiet", folder, commit], cwd=ROOT, check=True)
    try:
        shutil.copytree(ROOT / "tests" / "life", folder / "tests" / "life", dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=False)


if __name__ == "__main__":
    sys.exit(main())
