"""The parts of a condition of which all must hold."""

from __future__ import annotations

from typing import Any

from catalog.rules.language import operands


def conjuncts(rule: Any) -> list[Any]:
    """Return the parts of which all must hold."""
    if isinstance(rule, dict) and len(rule) == 1 and "and" in rule:
        return [part for each in operands(rule["and"]) for part in conjuncts(each)]
    return [rule]
