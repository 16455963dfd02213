"""Whatever writes an event or holds rows opens the transaction that it does so in: a test's own transaction would hide where it does not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
APPS = ("portal", "catalog", "certificates", "matters")
NEEDY = {"append_events", "append_events_to_many", "select_for_update"}
DOORS = {"views", "admin", "api", "management", "tasks", "middleware"}


@dataclass
class Function:
    """One function. ``needs``: calls what needs a transaction outside any of its own; ``calls``: the functions that it calls there."""

    place: str
    is_door: bool
    needs: bool = False
    calls: set[tuple[str, str]] = field(default_factory=set)


def _is_atomic(node: ast.expr) -> bool:
    return "atomic" in ast.unparse(node)


def _outside(nodes: list[ast.stmt]) -> Iterator[ast.Call]:
    """Yield the calls of a function that stand in no ``with transaction.atomic()`` of it."""
    todo: list[ast.AST] = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.With) and any(_is_atomic(item.context_expr) for item in node.items):
            todo += [item.context_expr for item in node.items]
            continue
        if isinstance(node, ast.Call):
            yield node
        todo += ast.iter_child_nodes(node)


def _imported(tree: ast.Module) -> dict[str, tuple[str, str]]:
    return {
        name.asname or name.name: (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }


def _read() -> tuple[dict[tuple[str, str], Function], set[str]]:
    """Return every function of a module by module and name, and every name that something calls or hands on."""
    found, named = {}, set()
    for path in sorted(path for app in APPS for path in (ROOT / app).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text())
        imported = _imported(tree)
        named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        named |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            is_door = bool(DOORS & set(module.replace("_", ".").split(".")))
            one = found[module, node.name] = Function(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", is_door)
            if any(_is_atomic(each) for each in node.decorator_list):
                continue
            for call in _outside(node.body):
                name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                one.needs |= name in NEEDY
                if isinstance(call.func, ast.Name):
                    one.calls.add(imported.get(name, (module, name)))
    return found, named


def test_no_way_leads_to_an_event_or_a_lock_outside_a_transaction() -> None:
    functions, named = _read()
    needy = {key for key, one in functions.items() if one.needs}
    assert len(needy) > 20
    before = 0
    while before != len(needy):
        before = len(needy)
        needy |= {key for key, one in functions.items() if one.calls & needy}
    wrong = [functions[key].place for key in sorted(needy) if functions[key].is_door or key[1] not in named]
    assert not wrong, "\n".join(wrong)
