"""The house: every module in a room, every word with one meaning, every page that names a file true."""

from __future__ import annotations

import ast
import itertools
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from importlinter.cli import lint_imports

from tests import floors

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("portal", "catalog", "matters", "certificates")
MODULE_LINES = 400


def modules(*folders: str) -> Iterator[Path]:
    """Return the Python files below these folders, without migrations."""
    for folder in folders:
        yield from (path for path in (PROJECT / folder).rglob("*.py") if "migrations" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


# What would undo the plan, and how it is refused.
FAULTS = {
    "catalog/loose.py": ("", "catalog.loose"),
    "certificates/loose.py": ("", "certificates.loose"),
    "portal/loose.py": ("", "portal.loose"),
    "matters/cellar/__init__.py": ("", "matters.cellar"),
    "catalog/merging/upwards.py": (
        "from catalog.models import Matter\n",
        "catalog.merging is not allowed to import catalog.models",
    ),
    "catalog/rules/impure.py": ("import django\n", "catalog.rules is not allowed to import django"),
    "matters/core/one.py": ("from matters.core import two\n", "No cycles are allowed in matters.core"),
    "matters/core/two.py": ("from matters.core import one\n", ".two -> .one"),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the contracts say of a copy of the code with all these faults."""
    root = tmp_path_factory.mktemp("house")
    for path in modules(*APPS):
        target = root / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    shutil.copy(PROJECT / "pyproject.toml", root)
    for name, (text, _refusal) in FAULTS.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return " ".join(done.stdout.split())


@cache
def classes() -> dict[str, list[str]]:
    """Return the modules in which each class of the product is."""
    found = defaultdict(list)
    for path in modules(*APPS):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(named(path))
    return found


class TestRooms:
    """The contracts in pyproject.toml refuse what would undo the plan: tried on a copy of the code."""

    @pytest.mark.parametrize("fault", FAULTS)
    def test_the_contracts_refuse(self, refusals: str, fault: str) -> None:
        assert FAULTS[fault][1] in refusals

    def test_the_code_keeps_them(self) -> None:
        assert lint_imports(config_filename=str(PROJECT / "pyproject.toml"), no_cache=True) == 0

    def test_the_root_of_the_catalog_holds_addresses_only(self) -> None:
        assert {path.name for path in (PROJECT / "catalog").glob("*.py")} == {"__init__.py", "apps.py", "urls.py"}

    def test_no_module_is_longer_than_a_reader_holds_in_mind(self) -> None:
        lines = {named(path): len(path.read_text().splitlines()) for path in modules(*APPS, "tests")}
        assert {name: count for name, count in lines.items() if count > MODULE_LINES} == {}

    def test_tests_stand_in_the_rooms_of_what_they_test(self) -> None:
        rooms = {named(path.parent) for path in modules(*APPS)}
        mirrored = {
            f"{app}/{folder.name}"
            for app in APPS
            for folder in (PROJECT / "tests" / app).iterdir()
            if folder.is_dir() and any(folder.glob("test_*.py"))
        }
        # What an applicant walks through is one behaviour over several rooms; the content is data.
        assert mirrored - rooms == {"matters/apply", "catalog/content"}


# One name on purpose: the row of a definition and the frozen value that is read from it, and what Django calls every command.
SHARED = {"Command", "CrossRule", "DatabaseWrapper", "GuideOption", "GuideQuestion", "ReviewPoint"}
# Small records of one module each, which no other room imports: the short name reads best where it stands alone.
LOCAL = {
    *("Bar", "Breach", "Check", "Choice", "Entry", "Lane", "Line", "Names", "Progress"),
    *("Step", "Table"),
}


# Rows that no page of the office speaks of.
OF_THE_MACHINE = {"DefinitionEvent", "SearchRevision", "StatusChange"}


def glossary() -> list[str]:
    """Return the identifiers of the glossary: what stands in the third column of its tables."""
    rows = re.findall(r"^\|(?: [^|]*\|){2} ([^|]*)\|", (PROJECT / "docs/glossary.md").read_text(), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


class TestWords:
    """A word has one class."""

    def test_no_two_classes_have_one_name(self) -> None:
        twice = {name: homes for name, homes in classes().items() if len(homes) > 1}
        assert {name: homes for name, homes in twice.items() if name not in SHARED | LOCAL} == {}
        assert set(twice) >= SHARED | LOCAL, "what is no longer shared leaves the list"

    def test_what_shares_its_name_stays_in_its_room(self) -> None:
        homes = {(name, self.dotted(path)) for name in LOCAL for path in classes()[name]}
        strays = [
            (named(path), name)
            for path in modules(*APPS)
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            for name, home in homes
            if node.module == home
            and name in {each.name for each in node.names}
            and self.room(home) != self.room(self.dotted(named(path)))
        ]
        assert strays == []

    @staticmethod
    def dotted(path: str) -> str:
        return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @staticmethod
    def room(module: str) -> str:
        return ".".join(module.split(".")[:2])

    @pytest.mark.parametrize("word", ["Guide", "Standing", "Change", "Refusal", "Problem", "Move"])
    def test_the_words_that_had_several_meanings_have_one(self, word: str) -> None:
        assert len(classes().get(word, [])) <= 1

    def test_the_glossary_names_what_exists(self) -> None:
        code, names = "\n".join(path.read_text() for path in modules(*APPS)), glossary()
        words = set(re.findall(r"\w+", code))
        missing = [
            name
            for name in names
            if (word := name.removesuffix("()")) not in words
            and not re.search(rf"\b{re.escape(word)}\b", code)
            and not self.is_module(name)
        ]
        assert len(names) > 100
        assert missing == []
        assert [name for name in names if names.count(name) > 1] == []

    def test_the_glossary_names_every_kind_of_row(self) -> None:
        rows = {
            model.__name__
            for model in apps.get_models()
            if model.__module__.split(".")[0] in APPS
            and not issubclass(model, GroupObjectPermissionBase | UserObjectPermissionBase)
        }
        assert rows - set(glossary()) - OF_THE_MACHINE == set()

    @staticmethod
    def is_module(name: str) -> bool:
        path = PROJECT / name.replace(".", "/")
        return path.is_dir() or path.with_suffix(".py").is_file()


class TestPages:
    """What docs say of files is so."""

    PATH = re.compile(r"`((?:portal|catalog|matters|certificates|tests|templates|static|docs|locale|deploy)/[\w./-]*)")

    @pytest.mark.parametrize(
        "page", ["README.md", *sorted(f"docs/{path.name}" for path in (PROJECT / "docs").glob("*.md"))]
    )
    def test_the_files_it_names_exist(self, page: str) -> None:
        paths = set(self.PATH.findall((PROJECT / page).read_text()))
        assert {path for path in paths if not (PROJECT / path).exists()} == set()

    def test_the_floors_are_drawn_from_the_contracts(self) -> None:
        page = floors.PAGE.read_text()
        assert floors.written(page) == page, "python -m tests.floors"

    def test_the_flow_is_told_in_the_order_of_the_calls(self) -> None:
        """``a → b``: a imports b, directly or through others, or is the outbox, whose handlers the settings name."""
        graph = grimp.build_graph(*APPS, cache_dir=None)
        handled = [handler.rpartition(".")[0] for handler in settings.YIJIAN_OUTBOX_HANDLERS.values()]
        arrows = list(self.arrows())
        assert len(arrows) > 10
        untrue = [
            (caller, called)
            for caller, called in arrows
            if not graph.find_shortest_chain(caller, called, as_packages=True)
            and not (caller == "portal.outbox" and called in handled)
        ]
        assert untrue == []

    def arrows(self) -> Iterator[tuple[str, str]]:
        for row in re.findall(r"^\| \d+ [^|]*\|([^|]*)\|", (PROJECT / "docs/flow.md").read_text(), re.MULTILINE):
            for chain in row.split(";"):
                steps = [self.PATH.findall(step) for step in chain.split("→")]
                for callers, called in itertools.pairwise(steps):
                    caller = callers[-1]
                    if not caller.startswith("catalog/content/"):  # data, which the next step reads
                        yield from ((self.module(caller), self.module(each)) for each in called)

    @staticmethod
    def module(path: str) -> str:
        return path.rstrip("/").removesuffix(".py").replace("/", ".")


TEMPLATES = PROJECT / "templates"
# Django looks for these by name.
FOUND_BY_DJANGO = re.compile(
    r"\d{3}\.html|403_csrf\.html|admin/(base_site|color_theme_toggle|search_form)\.html|admin/\w+/(\w+/)?change_(list|form\w*)\.html"
    r"|account/reauthenticate\.html|mfa/[a-z]\w*(/\w+)?\.html"  # of django-allauth
)
TEMPLATE_COLUMNS = 120
LONGEST_LINE = 400


def texts(folder: Path, *suffixes: str) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.suffix in suffixes and "vendor" not in path.parts)


def longer(paths: Iterable[Path], columns: int) -> list[str]:
    """Return file and line of what is longer."""
    return [
        f"{named(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > columns
    ]


class TestTemplates:
    """What people read in review."""

    def test_every_template_is_used(self) -> None:
        files = [*modules(*APPS), *texts(TEMPLATES, ".html", ".css", ".svg")]
        said = "\n".join(path.read_text() for path in files)
        # Where the view puts a name into the path, every name counts.
        patterns = [
            re.sub(r"\\{\w+\\}", r"\\w+", re.escape(path))
            for path in re.findall(r'f"([\w/]+\{\w+\}[\w]*\.html)"', said)
        ]
        names = (path.relative_to(TEMPLATES).as_posix() for path in texts(TEMPLATES, ".html", ".css", ".svg", ".txt"))
        assert [
            name
            for name in names
            if not FOUND_BY_DJANGO.fullmatch(name)
            and name not in said
            and not any(re.fullmatch(each, name) for each in patterns)
        ] == []

    def test_components_and_partials_state_their_inputs(self) -> None:
        partials = [
            path for path in texts(TEMPLATES, ".html") if path.name.startswith("_") or "components" in path.parts
        ]
        assert len(partials) > 40
        opening = re.compile(r"(\{% (?:load|extends) [^%]+ %\}\s*)*\s*\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
        found = {named(path): opening.match(path.read_text()) for path in partials}
        assert [
            name for name, match in found.items() if not match or not re.search(r"Required:|Optional:|Needs", match[0])
        ] == []

    def test_no_line_of_a_template_is_wider_than_a_review(self) -> None:
        assert longer(texts(TEMPLATES, ".html"), TEMPLATE_COLUMNS) == []

    def test_no_line_hides_a_page(self) -> None:
        assert (
            longer(
                [*texts(TEMPLATES, ".html", ".css", ".svg", ".txt"), *texts(PROJECT / "static", ".css", ".js", ".svg")],
                LONGEST_LINE,
            )
            == []
        )

    def test_a_stylesheet_has_one_declaration_a_line(self) -> None:
        crowded = [
            f"{named(path)}:{number}"
            for path in texts(PROJECT / "static", ".css")
            for number, line in enumerate(
                re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", path.read_text()).splitlines(), start=1
            )
            if line.count(";") > 1
        ]
        assert crowded == []
