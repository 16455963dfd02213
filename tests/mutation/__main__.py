"""Change the pure core in small ways, one at a time, and count how many changes its own tests notice.

``python -m tests.mutation`` does all of it, in hours; ``python -m tests.mutation rules merging/papers`` two modules, in
minutes. What is changed, and which tests look, stands in ``[tool.mutmut]`` of ``pyproject.toml``. Survivors are listed by
name (``mutmut show NAME`` prints one as a diff); the end is 1 when fewer than ``LEAST`` percent are noticed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

LEAST = 90
ROOMS = ("fields", "linting", "merging", "rules")
MUTMUT = (sys.executable, "-m", "mutmut")
UNNOTICED = ("survived", "no tests")  # everything else a mutant can end as is noticed


def main() -> None:
    names = [f"catalog.{module.replace('/', '.')}.*" for module in sys.argv[1:] or ROOMS]
    # Small Hypothesis runs: a mutant that only many examples show is one that the tests do not show either.
    environment = {**os.environ, "YIJIAN_EXAMPLES_DIVIDED_BY": "10"}
    forget_copies()
    subprocess.run([*MUTMUT, "run", *names], env=environment, check=True)
    told = subprocess.run([*MUTMUT, "results", "--all", "true"], check=True, capture_output=True, text=True).stdout
    everything: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for name, status in re.findall(r"^\s*(\S+): (.+)$", told, re.MULTILINE):
        if status == "not checked":
            continue
        for key in (re.split(r"\.x[_ǁ]", name)[0], "all"):
            everything[key] += 1
            noticed[key] += status not in UNNOTICED
        if status in UNNOTICED:
            print(f"{status}: {name}")  # noqa: T201
    for module, number in sorted(everything.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        print(f"{module:44} {noticed[module]:5} of {number:5}  {100 * noticed[module] / number:5.1f} %")  # noqa: T201
    sys.exit(not everything["all"] or 100 * noticed["all"] < LEAST * everything["all"])


def forget_copies() -> None:
    """Remove from ``mutants/`` what an earlier run copied: mutmut neither renews a package that changed nor removes a test."""
    for room in (Path("mutants"), Path("mutants/catalog")):
        for each in room.iterdir() if room.is_dir() else ():
            if each.is_dir() and each.name not in ("catalog", *ROOMS):
                shutil.rmtree(each)


if __name__ == "__main__":
    main()
