"""What no module does, read from the code itself: the ways in which text of a stranger becomes a program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("catalog", "certificates", "matters", "portal")
# Names of the standard library and of Django that run, or read as objects, what they are given.
CALLS = {"eval", "exec", "compile", "__import__", "RawSQL", "mark_safe", "SafeString"}
METHODS = {"raw", "extra"}
MODULES = {"pickle", "marshal", "shelve", "random", "telnetlib", "ftplib"}
# Each with its reason: where the text is our own.
KNOWN = {
    ("portal/front/templatetags/kept.py", "mark_safe"),  # what a template drew; what fills its holes is escaped
    ("catalog/guides/checklist.py", "SafeString"),  # numbers and words of ours
    ("catalog/composing/fields/templates.py", "mark_safe"),  # what an autoescaped template gave
    ("matters/form_page/filling.py", "mark_safe"),  # the same; what fills it is escaped
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for file in sorted((PROJECT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(PROJECT)), ast.parse(file.read_text())


def faults(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id
            if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                yield node.func.attr
            shell = [one.value for one in node.keywords if one.arg == "shell"]
            if shell and not (isinstance(shell[0], ast.Constant) and shell[0].value is False):
                yield "shell"
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.partition(".")[0] in MODULES)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            yield str(node.module)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value == "__all__":
            yield "fields of a whole model"


DIGITS = {"isdigit", "isdecimal", "isnumeric"}
# Functions that ask and count for themselves, with why they may.
COUNTED = {
    ("portal/lib/whole_numbers.py", "whole_number"),
    ("portal/settings/retention.py", "with_other_terms"),  # the operator's own setting
    ("catalog/linting/guides/wording.py", "_faqs"),  # one or two characters
    ("catalog/merging/deciding.py", "told_otherwise"),  # eighteen characters
    ("matters/reviewing/supervising.py", "give_order"),  # three characters
}


def _names_called(node: ast.AST) -> set[str]:
    called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in called}


def test_numbers_that_somebody_sent_are_read_at_one_place() -> None:
    found = {
        (name, node.name)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (called := _names_called(node)) & DIGITS and "int" in called
    }
    assert found - COUNTED == set()


def test_no_module_runs_what_it_is_given() -> None:
    found = {(name, fault) for name, tree in modules() for fault in faults(tree)}
    assert found - KNOWN == set()


def test_no_script_keeps_anything_in_the_browser_or_runs_text() -> None:
    forbidden = ("localStorage", "sessionStorage", "indexedDB", "eval(", "new Function", "document.write")
    found = {
        (file.name, word)
        for file in (PROJECT / "static" / "js").glob("*.js")
        for word in forbidden
        if word in file.read_text()
    }
    assert found == set()


def test_a_planted_fault_would_be_found() -> None:
    planted = (
        "import pickle\neval('1')\nUser.objects.raw('x')\nrun('x', shell=True)\nclass Meta:\n    fields = '__all__'\n"
    )
    assert len(list(faults(ast.parse(planted)))) == 5
