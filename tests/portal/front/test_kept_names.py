"""What a kept part reads is what it names: anything else is empty inside, without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.template.base import FilterExpression, Variable
from django.template.defaulttags import ForNode, WithNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode

from portal.front.templatetags.kept import KeptNode

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
EVERYWHERE = {"csrf_token", "True", "False", "None"}
# Read inside and meant to be empty there: who must prove who they are is told beside the kept part, which is no form of its own.
MEANT = {"matters/apply/materials.html": {"in_form", "must_prove"}}
_NOT_READ = {
    "nodelist",
    "nodelist_loop",
    "nodelist_empty",
    "conditions_nodelists",
    "origin",
    "token",
    "child_nodelists",
}


def test_a_kept_part_reads_nothing_that_it_does_not_name() -> None:
    found: dict[str, set[str]] = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if "{% kept" not in path.read_text(encoding="utf-8"):
            continue
        parts = list(_kept_in(get_template(name).template.nodelist))  # type: ignore[attr-defined]
        assert parts, name
        for part in parts:
            named = {*part.given, *(hole.partition(".")[0] for hole in part.holes), *EVERYWHERE}
            if unnamed := _read_by(part.nodelist, named):
                found.setdefault(name, set()).update(unnamed)
    assert found == MEANT


def _kept_in(nodes: Iterable[Any]) -> Iterator[KeptNode]:
    for node in nodes:
        if isinstance(node, KeptNode):
            yield node
        yield from _kept_in(_inside(node))


def _inside(node: Any) -> list[Any]:
    """Return the nodes within a node, those of each of its branches."""
    lists = [getattr(node, name, None) for name in ("nodelist", "nodelist_loop", "nodelist_empty")]
    lists += [nodes for _condition, nodes in getattr(node, "conditions_nodelists", ())]
    return [each for nodes in lists for each in nodes or ()]


def _read_by(nodes: Iterable[Any], known: set[str]) -> set[str]:
    """Return the names that these nodes read and nobody has given; a kept part inside is judged for itself."""
    unnamed, known = set[str](), set(known)
    for node in nodes:
        if isinstance(node, KeptNode):
            continue
        read = _names([value for key, value in vars(node).items() if key not in _NOT_READ])
        read |= _names([condition for condition, _nodes in getattr(node, "conditions_nodelists", ())])
        inner = known | _given_by(node)
        if isinstance(node, BlockTranslateNode):
            inside = (token for token in [*node.singular, *node.plural] if token.token_type.name == "VAR")
            read |= {token.contents.partition("|")[0].partition(".")[0] for token in inside} - _given_by(node)
        unnamed |= read - known
        known |= {name for key in ("asvar", "target_var", "var_name") if (name := getattr(node, key, None))}
        if isinstance(node, IncludeNode):
            scope = set(node.extra_context) | EVERYWHERE if node.isolated_context else inner | set(node.extra_context)
            included = get_template(str(node.template.var)).template  # type: ignore[attr-defined]
            unnamed |= _read_by(included.nodelist, scope)
        else:
            unnamed |= _read_by(_inside(node), inner)
    return unnamed


def _given_by(node: Any) -> set[str]:
    """Return the names that a node gives to what stands in it."""
    if isinstance(node, ForNode):
        return {*node.loopvars, "forloop"}
    if isinstance(node, BlockTranslateNode):
        return {*node.extra_context, *([node.countervar] if node.countervar else [])}
    return set(node.extra_context) if isinstance(node, WithNode) else set()


def _names(value: Any) -> set[str]:
    """Return the first parts of the variables in an expression, a condition, or what holds some of them."""
    if isinstance(value, FilterExpression):
        arguments = [argument for _filter, given in value.filters for is_variable, argument in given if is_variable]
        return _names([value.var, *arguments])
    if isinstance(value, Variable):
        return {value.lookups[0]} if value.lookups else set()
    if isinstance(value, dict):
        return _names(list(value.values()))
    if isinstance(value, list | tuple):
        return {name for each in value for name in _names(each)}
    return (
        _names(
            [
                part
                for key in ("first", "second", "value")
                if (part := getattr(value, key, None)) is not None and part is not value
            ]
        )
        if hasattr(value, "lbp")
        else set()
    )
