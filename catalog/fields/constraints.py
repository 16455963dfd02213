"""What a line may demand of a value beyond its type, how demands of several departments combine, and when they contradict. Pure.

Of several demands the strictest counts: of a least the greatest, of a most the smallest, of ``options`` those that all allow; every ``pattern`` and
``identifier`` has to be met. Lengths are in code points, ages in whole years until today. ``kind`` names the element of a document's kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any, Final

from catalog.definitions import Value
from catalog.fields.common_text import some_text_meets
from catalog.fields.patterns import check_pattern, compile_pattern
from catalog.rules.values import years_between
from portal.identifiers import normalising as identifiers
from portal.identifiers.divisions import below, full_name, is_answer, listed

TEXTS: Final = frozenset(
    {
        *("text", "longtext", "person_name", "organisation_name", "signature", "address", "division", "postcode"),
        *("id_number", "phone", "credit_code", "bank_account", "email"),
    }
)
NUMBERS: Final = frozenset({"integer", "decimal"})
DATES: Final = frozenset({"date", "datetime"})
CHOICES: Final = frozenset({"select", "multiselect", "id_kind"})
# Constraint → types it binds.
BINDS: Final[Mapping[str, frozenset[str]]] = {
    "min_length": TEXTS,
    "max_length": TEXTS,
    "pattern": TEXTS,
    "identifier": TEXTS,
    "min": NUMBERS,
    "max": NUMBERS,
    "scale": frozenset({"decimal"}),
    "options": CHOICES,
    "min_items": frozenset({"multiselect"}),
    "max_items": frozenset({"multiselect"}),
    "not_future": DATES,
    "not_past": DATES,
    "not_before": DATES,
    "not_after": DATES,
    "min_age_years": DATES,
    "max_age_years": DATES,
    "scope": frozenset({"division"}),
    "kind": frozenset({"id_number"}),
}
# What ``scope`` may say: the whole country. A division without it is one of those that the installation serves.
COUNTRY: Final = "country"
# Pairs of which the first may not exceed the second.
_RANGES: Final = (
    ("min_length", "max_length"),
    ("min", "max"),
    ("min_items", "max_items"),
    ("not_before", "not_after"),
    ("min_age_years", "max_age_years"),
)
_GREATER: Final = frozenset({"min_length", "min", "min_items", "not_before", "min_age_years"})
_SMALLER: Final = frozenset({"max_length", "max", "max_items", "not_after", "max_age_years", "scale"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may read besides the value: the day, and the other values of the same item's record.

    ``now``: the moment as a value of type datetime is written, or empty where only the day is known.
    """

    today: date
    record: Mapping[str, Value]
    now: str = ""


def context_at(at: date, record: Mapping[str, Value]) -> Context:
    """Return the context of a day, or of a moment (a ``datetime``) where the offices are."""
    if isinstance(at, datetime):
        return Context(at.date(), record, f"{at:%Y-%m-%dT%H:%M}")
    return Context(at, record)


# Returns (code, params) of what is wrong, or None.
Check = Callable[[Any, Context], "tuple[str, dict[str, Any]] | None"]


def check_constraints(type: str, constraints: Mapping[str, Any], options: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return (code, constraint) for each that is unknown, does not bind this type, or is ill formed:
    ``unknown_constraint``, ``constraint_on_wrong_type``, ``bad_constraint``, ``option_unknown``, and of a pattern ``pattern_too_long``,
    ``pattern_syntax``, ``pattern_too_costly``."""
    found: list[tuple[str, str]] = []
    for name, demand in constraints.items():
        if name not in BINDS:
            found.append(("unknown_constraint", name))
        elif type not in BINDS[name]:
            found.append(("constraint_on_wrong_type", name))
        elif name == "pattern" and (trouble := check_pattern(demand)):
            found.append(("bad_constraint" if trouble == "not_text" else f"pattern_{trouble}", name))
        elif not _well_formed(name, demand):
            found.append(("bad_constraint", name))
        elif name == "options" and not set(demand) <= set(options):
            found.append(("option_unknown", name))
    return found


def _well_formed(name: str, demand: Any) -> bool:
    if name in ("min", "max"):
        return _decimal(demand) is not None
    if name == "options":
        return isinstance(demand, list | tuple) and all(isinstance(each, str) for each in demand)
    if name in ("not_future", "not_past"):
        return isinstance(demand, bool)
    if name in ("not_before", "not_after"):
        return isinstance(demand, str) and len(demand) == 10 and years_between(demand, demand) == 0
    if name == "pattern":
        return not check_pattern(demand)
    if name == "identifier":
        return isinstance(demand, str) and demand in identifiers.KINDS
    if name == "scope":
        return isinstance(demand, str) and demand == COUNTRY
    if name == "kind":
        return isinstance(demand, str) and bool(demand)
    return isinstance(demand, int) and not isinstance(demand, bool) and 0 <= demand <= 100_000


def is_anywhere(type: str, constraints: Mapping[str, Any]) -> bool:
    """Return whether a value is a division of the whole country, rather than one that the installation serves."""
    return type == "division" and constraints.get("scope") == COUNTRY


def _decimal(number: Any) -> Decimal | None:
    try:
        value = Decimal(str(number))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def combine(demands: Sequence[Mapping[str, Any]], options: Sequence[str] = ()) -> dict[str, Any]:
    """Return the demands of all at once, in a fixed order of names. ``pattern`` and ``identifier`` become lists where there are several.
    For well formed constraints; ``options`` gives the order of the element's options."""
    merged: dict[str, Any] = {}
    named = {name for demand in demands for name in demand} - {"kind"}
    if not named:
        return merged
    for name in BINDS:
        if name not in named:
            continue
        given = [demand[name] for demand in demands if name in demand]
        if name in _GREATER:
            merged[name] = max(given, key=_key)
        elif name in _SMALLER:
            merged[name] = min(given, key=_key)
        elif name == "options":
            order = list(options) or list(given[0])
            merged[name] = [value for value in order if all(value in each for each in given)]
        elif name in ("not_future", "not_past"):
            merged[name] = any(given)
        else:
            distinct = list(dict.fromkeys(one for each in given for one in _listed(each)))
            merged[name] = distinct[0] if len(distinct) == 1 else distinct
    return merged


# What a value of these types, or a value that is one of these identifiers, looks like at least: wider than what is taken, never narrower.
_LOOKS: Final[Mapping[str, str]] = {
    "postcode": r"\d{6}",
    "division": r"\d{6}",
    "credit_code": "[0-9A-Z]{18}",
    "email": r"[!-~]+@[!-~]+",
    "resident_id": r"\d{17}[0-9X]",
    "residence_permit": r"\d{17}[0-9X]",
    "identity_number": r"\d{17}[0-9X]",
    "mobile_phone": r"1\d{10}",
    "bank_card": r"\d+",
}


def contradiction(
    type: str, one: Mapping[str, Any], other: Mapping[str, Any] | None = None, options: Sequence[str] = ()
) -> str:
    """Return the constraint with which two demands can never both be met, or an empty string. For well formed constraints.

    ``options``: those of the element. Only a certain no counts.
    """
    both = combine([one, other or {}])
    for least, most in _RANGES:
        if least in both and most in both and _key(both[least]) > _key(both[most]):
            return least
    if "options" in both:
        needed = max(int(both.get("min_items", 1)), 1) if type == "multiselect" else 1
        if len(both["options"]) < needed:
            return "options"
    elif options and both.get("min_items", 0) > len(options):
        return "min_items"
    if both.get("not_past") and both.get("min_age_years"):
        return "min_age_years"
    if not _some_number(type, both):
        return "min"
    return _format_contradiction(type, both)


def _some_number(type: str, demands: Mapping[str, Any]) -> bool:
    """Return whether there is a number with so many decimals between the least and the most."""
    if type not in NUMBERS or "min" not in demands or "max" not in demands:
        return True
    unit = Decimal(1).scaleb(-int(demands.get("scale", 4)) if type == "decimal" else 0)
    least, most = Decimal(str(demands["min"])), Decimal(str(demands["max"]))
    return (least / unit).to_integral_value(ROUND_CEILING) * unit <= most


def _format_contradiction(type: str, demands: Mapping[str, Any]) -> str:
    """Return the demand on a text's format that no text meets together with the others."""
    patterns = _listed(demands.get("pattern"))
    identifiers_wanted = _listed(demands.get("identifier"))
    looks = [_LOOKS[name] for name in (type, *identifiers_wanted) if name in _LOOKS]
    if type not in TEXTS or not (patterns or looks):
        return ""
    least, most = max(int(demands.get("min_length", 0)), 1), demands.get("max_length")
    if some_text_meets([*looks, *patterns], least, most):
        return ""
    if some_text_meets([*looks, *patterns], 1):
        return "max_length" if most is not None and not some_text_meets([*looks, *patterns], 1, most) else "min_length"
    return "pattern" if patterns else "identifier"


def _listed(demand: Any) -> list[str]:
    return [] if demand is None else list(demand) if isinstance(demand, list | tuple) else [demand]


def _key(demand: Any) -> Any:
    return demand if isinstance(demand, str) and len(demand) == 10 and demand[4] == "-" else _decimal(demand)


def compile_checks(constraints: Mapping[str, Any]) -> list[Check]:
    """Return the checks of a value that is of its type, in the order of ``BINDS``, without ``kind``. For well formed constraints."""
    return [_BUILDERS[name](constraints[name]) for name in BINDS if name in constraints and name != "kind"]


def _check(code: str, name: str, demand: Any, wrong: Callable[[Any], bool]) -> Check:
    return lambda value, context: (code, {name: demand}) if wrong(value) else None


def _less(one: Any, other: Any) -> bool:
    return Decimal(str(one)) < Decimal(str(other))


def _today_check(code: str, params: dict[str, Any], wrong: Callable[[Any, str], bool]) -> Check:
    return lambda value, context: (code, dict(params)) if wrong(value, context.today.isoformat()) else None


def _moment_check(code: str, demand: Any, wrong: Callable[[str, str], bool]) -> Check:
    """Compare a day with today, and a moment with now; where only the day is known, days."""

    def check(value: Any, context: Context) -> tuple[str, dict[str, Any]] | None:
        if not demand:
            return None
        if wrong(value[:10], context.today.isoformat()):
            return code, {}
        if context.now and len(value) > 10 and wrong(value, context.now):
            return f"{code}_today", {}
        return None

    return check


def _age_check(code: str, name: str, demand: Any, wrong: Callable[[int], bool]) -> Check:
    def is_wrong(value: Any, today: str) -> bool:
        age = years_between(value, today)
        return age is not None and wrong(age)

    return _today_check(code, {name: demand}, is_wrong)


def _pattern_check(pattern: Any) -> Check:
    matches = compile_pattern(pattern)
    return lambda value, context: None if matches(value) else ("wrong_format", {"pattern": pattern})


def _identifier_check(kind: Any) -> Check:
    def check(value: Any, context: Context) -> tuple[str, dict[str, Any]] | None:
        problem = identifiers.check(kind, value, context.today)
        return (problem.code, dict(problem.params)) if problem else None

    return check


def _scope_check(scope: Any) -> Check:
    def check(value: Any, context: Context) -> tuple[str, dict[str, Any]] | None:
        if is_answer(value):
            return None
        inside = [code for code in below(value) if is_answer(code)]
        if not inside:
            return "not_a_division", {}
        return "division_too_wide", {"typed": full_name(value), "candidates": listed(inside)}

    return check


def document_check(kind_key: str) -> Check:
    """``kind_key``: field key of the document's kind in the same record; without one it is a citizen's number."""

    def check(value: Any, context: Context) -> tuple[str, dict[str, Any]] | None:
        kind = context.record.get(kind_key) or "111"
        if not isinstance(kind, str) or kind not in identifiers.DOCUMENTS:
            return None
        problem = identifiers.check_document(kind, value, context.today)
        return (problem.code, dict(problem.params)) if problem else None

    return check


_BUILDERS: Final[Mapping[str, Callable[[Any], Check]]] = {
    "min_length": lambda demand: _check("too_short", "minimum", demand, lambda value: len(value) < demand),
    "max_length": lambda demand: _check("too_long", "maximum", demand, lambda value: len(value) > demand),
    "pattern": _pattern_check,
    "identifier": _identifier_check,
    "min": lambda demand: _check("too_small", "minimum", demand, lambda value: _less(value, demand)),
    "max": lambda demand: _check("too_large", "maximum", demand, lambda value: _less(demand, value)),
    "scale": lambda demand: _check(
        "too_many_decimals", "maximum", demand, lambda value: len(value.partition(".")[2]) > demand
    ),
    "options": lambda demand: _check(
        "option_not_accepted",
        "accepted",
        demand,
        lambda value: not set([value] if isinstance(value, str) else value) <= set(demand),
    ),
    "min_items": lambda demand: _check("too_few_chosen", "minimum", demand, lambda value: len(value) < demand),
    "max_items": lambda demand: _check("too_many_chosen", "maximum", demand, lambda value: len(value) > demand),
    "scope": _scope_check,
    "not_future": lambda demand: _moment_check("in_future", demand, lambda value, limit: value > limit),
    "not_past": lambda demand: _moment_check("in_past", demand, lambda value, limit: value < limit),
    "not_before": lambda demand: _check("too_early", "earliest", demand, lambda value: value[:10] < demand),
    "not_after": lambda demand: _check("too_late", "latest", demand, lambda value: value[:10] > demand),
    "min_age_years": lambda demand: _age_check("too_young", "minimum", demand, lambda age: age < demand),
    "max_age_years": lambda demand: _age_check("too_old", "reached", demand + 1, lambda age: age > demand),
}
