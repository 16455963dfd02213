"""Check and normalise what people type: validators compiled once per published version.

Every problem has a code, which ``catalog.wording.problems`` turns into a sentence that names its params; those of identity documents, credit
codes, names, phones and bank cards are the codes of ``portal.identifiers.normalising``. The ``field`` of an answer to a guide question
is the question's key, that of a consent the consent's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import Value
from catalog.fields.constraints import Check, Context, compile_checks, document_check
from catalog.fields.patterns import as_demanded
from catalog.fields.types import Refused, parse


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: a code, and its parameters."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def read_value(
    key: str, type: str, raw: Any, options: Sequence[str] = (), unit: str = "", pattern: Any = ()
) -> tuple[Value, FieldProblem | None]:
    """Return (value in its normal form, None), or (None, what is wrong with it). Never raises.

    ``unit``: what a number counts. ``pattern``: one or several that a text has to meet: it is brought into that form where it is clear.
    """
    try:
        value = parse(type, raw, options, unit)
    except Refused as refusal:
        return None, FieldProblem(key, refusal.code, refusal.params)
    if type == "text" and pattern and isinstance(value, str):
        value = as_demanded(value, [pattern] if isinstance(pattern, str) else pattern)
    return value, None


class Validator:
    """The demands of one line on a value of its type. Built once, called often; immutable."""

    __slots__ = ("_checks",)

    def __init__(self, type: str, *constraints: Mapping[str, Any]) -> None:
        """``constraints``: the element's, then the line's. ``kind`` is a field key here; the last one given counts."""
        self._checks: list[Check] = [check for each in constraints for check in compile_checks(each)]
        if type == "id_number":
            kinds = [str(each["kind"]) for each in constraints if "kind" in each]
            self._checks.append(document_check(kinds[-1] if kinds else ""))

    def check(self, key: str, value: Value, context: Context) -> FieldProblem | None:
        """Return the first demand that a value does not meet, or None."""
        for check in self._checks:
            found = check(value, context)
            if found is not None:
                return FieldProblem(key, found[0], found[1])
        return None
