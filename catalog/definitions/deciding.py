"""A decision rule as it is written, in a file or in the console, read strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from catalog.definitions.items import DecisionClause, DecisionFact, DecisionRule

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ASKED = re.compile(r"(element:[a-z][a-z0-9_]*(\.[a-z0-9_]+)+|material:[a-z][a-z0-9_]{0,59})")
_SOURCE = re.compile(r"today|(field|fact|const):.+|serial:[A-Z]{1,6}")
MOST_CLAUSES, MOST_TEXT = 20, 200


class DecisionRuleMalformed(ValueError):
    """What is written is no decision rule. The text leads to the place: ``clauses.0.text``."""


def read_decision_rule(data: Any) -> DecisionRule:
    """Return the rule that JSON data mean; None is the rule that decides nothing. Raises `DecisionRuleMalformed`.

    Whether its names exist and its conditions are sound is asked where the item is known (``catalog.compiling.deciding``).
    """
    if data is None:
        return DecisionRule()
    _keys(data, "", {"clauses", "facts", "outputs", "share"}, {"clauses"})
    clauses = tuple(_clause(each, f"clauses.{place}") for place, each in enumerate(_list(data["clauses"], "clauses")))
    facts = tuple(_fact(each, f"facts.{place}") for place, each in enumerate(_list(data.get("facts", []), "facts")))
    if not clauses:
        raise DecisionRuleMalformed("clauses")
    outputs = data.get("outputs", {})
    if not isinstance(outputs, Mapping):
        raise DecisionRuleMalformed("outputs")
    for code, source in outputs.items():
        if not isinstance(source, str) or len(source) > MOST_TEXT or not _SOURCE.fullmatch(source):
            raise DecisionRuleMalformed(f"outputs.{code}")
    share = data.get("share", 0)
    if not isinstance(share, int) or isinstance(share, bool) or not 0 <= share <= 100:
        raise DecisionRuleMalformed("share")
    return DecisionRule(clauses, facts, dict(outputs), share)


def _clause(data: Any, place: str) -> DecisionClause:
    _keys(data, place, {"code", "text", "rule"}, {"code", "text", "rule"})
    return DecisionClause(_text(data, "code", place, _CODE), _text(data, "text", place), data["rule"])


def _fact(data: Any, place: str) -> DecisionFact:
    _keys(data, place, {"code", "asked", "department", "role", "about"}, {"code", "asked", "department"})
    about = _list(data.get("about", []), f"{place}.about")
    if not all(isinstance(role, str) and _CODE.fullmatch(role) for role in about):
        raise DecisionRuleMalformed(f"{place}.about")
    return DecisionFact(
        _text(data, "code", place, _CODE),
        _text(data, "asked", place, _ASKED),
        _text(data, "department", place, _CODE),
        _text(data, "role", place, _CODE) if data.get("role") else "",
        tuple(about),
    )


def _keys(data: Any, place: str, known: Collection[str], needed: Collection[str]) -> None:
    if not isinstance(data, Mapping):
        raise DecisionRuleMalformed(place)
    for key in data:
        if key not in known:
            raise DecisionRuleMalformed(f"{place}.{key}".strip("."))
    for key in needed:
        if key not in data:
            raise DecisionRuleMalformed(f"{place}.{key}".strip("."))


def _list(data: Any, place: str) -> list[Any]:
    if not isinstance(data, list) or len(data) > MOST_CLAUSES:
        raise DecisionRuleMalformed(place)
    return data


def _text(data: Mapping[str, Any], key: str, place: str, pattern: re.Pattern[str] | None = None) -> str:
    text = data[key]
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_TEXT:
        raise DecisionRuleMalformed(f"{place}.{key}")
    if pattern is not None and not pattern.fullmatch(text):
        raise DecisionRuleMalformed(f"{place}.{key}")
    return text
