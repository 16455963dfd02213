"""Change the pure core in small ways, one at a time, and count how many changes its own tests notice.

``python -m tests.mutation`` does all of it, ``python -m tests.mutation rules merging/papers`` two modules. mutmut makes and runs
the mutants, in a copy of what the core needs: no Django, no database, small Hypothesis runs, the same examples every time. All of it takes
hours of one core, a module minutes, ``--ending 37`` (every fifth mutant) a fifth of that.
Ends with 1 when fewer than ``LEAST`` percent are noticed. Survivors are listed by name; ``--show`` prints each as a diff.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from portal.running.prepare import find_uv

LEAST = 90
ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/catalog/pure"
# Nothing the core is made of needs more than these; browser and timing have no part in it.
COPIED = ("catalog", "portal", TESTS, "tests/vectors", "static/js")
LEFT_OUT = ("test_visibility_in_browser.py", "test_speed.py", "test_combining.py")
CORE = (*("constraints", "field_types", "figures", "lints", "patterns", "plans", "rule_values", "rules", "validation"),)
# What is told apart from a kill: everything else a mutant can end as is noticed.
UNNOTICED = ("survived", "no tests", "not checked", "check was interrupted by user")
CONFTEST = """
from catalog.compiling import codec
from hypothesis import HealthCheck, Phase, settings

settings.register_profile("mutation", database=None, deadline=None, derandomize=True, max_examples=25,
                          phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
settings.load_profile("mutation")


def pytest_sessionstart(session):
    # What an earlier run in the same process remembers was made by other code.
    from tests.catalog.merging import random_catalogs

    codec._readers.cache_clear()
    random_catalogs.sound_catalog.cache_clear()
"""
SETTINGS = """
[mutmut]
source_paths=catalog
only_mutate=
{modules}
also_copy=
    portal
    static
    tests
    conftest.py
pytest_add_cli_args=
    -p
    no:django
    -p
    no:cacheprovider
    -k
    not browser
pytest_add_cli_args_test_selection=
    {tests}
timeout_multiplier=8
timeout_constant=4
track_dependencies=false
use_git_change_detection=false

[tool:pytest]
filterwarnings =
    ignore
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Run mutants of the pure core.")
    parser.add_argument("modules", nargs="*", help="rules, merging, merging/papers … (default: all)")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="mutants run at a time")
    parser.add_argument("--place", type=Path, default=ROOT / "var" / "mutation", help="where the copy is made")
    parser.add_argument("--ending", default="", help="only mutants whose number ends in one of these digits: a sample")
    parser.add_argument("--show", action="store_true", help="print each survivor as a diff")
    chosen = parser.parse_args()
    modules = chosen.modules or [*CORE, "linting", "merging"]
    files = [file for module in modules for file in _files(module)]
    if not files:
        parser.error("no such module")
    _copy(chosen.place, files)
    if importlib.util.find_spec("mutmut") is None:
        _install()
    mutmut = [sys.executable, "-m", "mutmut"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "", "YIJIAN_EXAMPLES_DIVIDED_BY": "10"}
    with (chosen.place / "run.log").open("w") as log:
        names = [f"*__mutmut_*[{chosen.ending}]", f"*__mutmut_[{chosen.ending}]"] if chosen.ending else []
        command = [*mutmut, "run", "--max-children", str(chosen.at_once), *names]
        subprocess.run(command, cwd=chosen.place, env=environment, check=True, stdout=log, stderr=log)
    results = dict(_results(chosen.place, environment))
    if chosen.ending:
        results = {name: status for name, status in results.items() if status != "not checked"}
    for name, status in sorted(results.items()):
        if status in UNNOTICED:
            print(f"{status}: {name}")  # noqa: T201
            if chosen.show:
                subprocess.run([*mutmut, "show", name], cwd=chosen.place, env=environment, check=True)
    sys.exit(_report(results))


def _install() -> None:
    """Fetch mutmut, which nothing else needs, in the version that ``uv.lock`` names."""
    uv = find_uv()
    command = [uv, "sync", "--locked", "--quiet", "--inexact", "--group", "mutation"] if uv else []
    if not uv or subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit("mutmut is not installed: uv sync --group mutation")


def _files(module: str) -> Iterator[str]:
    path = ROOT / "catalog" / module
    found = sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return (str(file.relative_to(ROOT)) for file in found if file.exists() and file.name != "__init__.py")


def _copy(place: Path, files: list[str]) -> None:
    shutil.rmtree(place, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(
            ROOT / name,
            place / name,
            ignore=shutil.ignore_patterns("__pycache__", "content", "migrations", "search", "vendor", *LEFT_OUT),
        )
    for folder in ("tests", "tests/catalog"):
        (place / folder / "__init__.py").touch()
    modules = "\n".join(f"    {file}" for file in files)
    (place / "setup.cfg").write_text(SETTINGS.format(modules=modules, tests=TESTS))
    (place / "conftest.py").write_text(CONFTEST)


def _results(place: Path, environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (mutant, what became of it)."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    told = subprocess.run(command, cwd=place, env=environment, check=True, capture_output=True, text=True).stdout
    for line in told.splitlines():
        name, colon, status = line.strip().partition(": ")
        if colon:
            yield name, status


def _report(results: dict[str, str]) -> int:
    """Print noticed and all by module; return the exit code."""
    everything: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for name, status in results.items():
        module = name.partition(".x_")[0].partition(".xǁ")[0]
        for key in (module, "all"):
            everything[key] += 1
            noticed[key] += status not in UNNOTICED
    for module, number in sorted(everything.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        print(f"{module:44} {noticed[module]:5} of {number:5}  {100 * noticed[module] / number:5.1f} %")  # noqa: T201
    return 0 if everything["all"] and 100 * noticed["all"] >= LEAST * everything["all"] else 1


if __name__ == "__main__":
    main()
