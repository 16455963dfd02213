"""Check and normalise what people type: validators compiled once per published version.

Every problem has a code, which ``catalog.wording.problems`` turns into a sentence:

===========================  ==========================================================  =====================
code                         when                                                        params
===========================  ==========================================================  =====================
required                     nothing given where an item requires it
not_text                     something other than text where text belongs
bad_character                control character, lone surrogate or direction mark         character ("U+0000")
too_long, too_short          length in code points                                       maximum / minimum
not_an_option                not among the field's options
option_not_accepted          an option that one of the departments does not accept       accepted (list)
too_few_chosen,              multiselect                                                 minimum / maximum
too_many_chosen
not_an_integer               not a whole number
not_a_number                 not a decimal number with at most 4 places
number_too_large             more than 15 digits (decimal: 11 before the point)
too_small, too_large         outside a number's limits                                   minimum / maximum
too_many_decimals            more decimal places than accepted                           maximum
not_a_date                   not readable as a date
no_such_day                  30 February and its like
not_a_datetime               not readable as date and time
in_future, in_past           a date that may not be                                      (none)
too_early, too_late          outside a fixed range                                       earliest / latest
too_young, too_old           age in whole years today                                    minimum / maximum
not_yes_or_no                boolean
not_a_division               not a six-digit division code
not_a_postcode, not_an_email
wrong_format                 a department's pattern                                      (none)
cross_rule                   a rule over several fields of one item                      rule, message, item, fields
(any other)                  identity documents, credit codes, names, phones, bank cards: the codes of ``portal.identifiers.normalising``
===========================  ==========================================================  =====================

Answers to guide questions (``field`` is the question key): ``unknown_question``, ``missing_answer``, ``not_an_option``, ``not_one_answer``,
``not_a_number``, ``out_of_range`` (minimum, maximum). Consents: ``consent_missing`` (field: the consent's key). Papers: ``material_missing``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import Value
from catalog.fields.constraints import Check, Context, compile_checks, document_check
from catalog.fields.types import Refused, parse

__all__ = ["Context", "FieldProblem", "Validator", "read_value"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: a code of the table above, and its parameters."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def read_value(key: str, type: str, raw: Any, options: Sequence[str] = ()) -> tuple[Value, FieldProblem | None]:
    """Return (value in its normal form, None), or (None, what is wrong with it). Never raises."""
    try:
        return parse(type, raw, options), None
    except Refused as refusal:
        return None, FieldProblem(key, refusal.code, refusal.params)


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
