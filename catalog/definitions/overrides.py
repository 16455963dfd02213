"""What a division may do in its own way when it implements a standard item, and the definition that follows. Pure.

An *override* is JSON data: element → the division's value. What may be overridden, and within which bounds, is told in ``docs/regions.md``.
Everything else is locked (name, type, subjects, codes, legal basis, statutory limit, conditions, flow, form, the standard's papers,
results, online depth …), and so is what the item itself names in ``locked``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.definitions import NECESSITY_ORDER, ItemDefinition, MaterialNeed, is_beyond_statute

LIMITS = ("promised_limit_days", "visits", "visits_together")
TEXTS = {"limit_note": 200, "visit_reason": 200, "consulting": 200, "complaints": 200}
OPEN = (*LIMITS, "handling", *TEXTS, "places", "fees", "extra_materials")
FORMS = ("paper", "electronic", "paper_or_electronic", "paper_and_electronic")
_PLACE = {"name": 80, "address": 200, "hours": 200, "phone": 40}
_FEE = {"name": 80, "amount": 80, "basis": 200}
_MATERIAL = {"material": 60, "necessity": 12, "form": 24, "reason": 200, "basis": 200}
MAX_ROWS = 20


@dataclass(frozen=True, slots=True)
class Standard:
    """What of a standard item bounds its implementations. ``fees``: their names; ``materials``: their codes; ``locked``: further elements."""

    slug: str
    statutory_limit_days: int | None = None
    promised_limit_days: int | None = None
    handling: str = "promised"
    visits: int | None = None
    visits_together: int | None = None
    fees: Collection[str] = ()
    materials: Collection[str] = ()
    locked: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class OverrideProblem:
    """Why an override cannot be. ``code`` as in ``catalog.wording.overrides``."""

    element: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def check_overrides(
    standard: Standard, overrides: Mapping[str, Any], materials: Collection[str]
) -> list[OverrideProblem]:
    """Return everything a division may not do. ``materials``: the codes of all materials there are."""
    found: list[OverrideProblem] = []
    for element, value in overrides.items():
        if element not in OPEN:
            found.append(OverrideProblem(element, "not_open"))
        elif element in standard.locked:
            found.append(OverrideProblem(element, "locked"))
        elif element in LIMITS:
            found += _limit(standard, element, value)
        elif element == "handling":
            if value != "immediate":
                found.append(OverrideProblem(element, "not_immediate"))
        elif element in TEXTS:
            if not isinstance(value, str) or not value.strip() or len(value) > TEXTS[element]:
                found.append(OverrideProblem(element, "bad_value", {"limit": TEXTS[element]}))
        elif not isinstance(value, list) or not value or len(value) > MAX_ROWS:
            found.append(OverrideProblem(element, "bad_value", {"limit": MAX_ROWS}))
        elif element == "places":
            found += [OverrideProblem(element, "bad_value") for row in value if not _texts(row, _PLACE, ("name",))]
        elif element == "fees":
            found += _fees(standard, value)
        else:
            found += _materials(standard, value, materials)
    return found


def _limit(standard: Standard, element: str, value: Any) -> list[OverrideProblem]:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 999:
        return [OverrideProblem(element, "bad_value", {"limit": 999})]
    bound = getattr(standard, element)
    if element != "promised_limit_days":
        too_many = bound is not None and value > bound
        return [OverrideProblem(element, "more_than_standard", {"bound": bound})] if too_many else []
    if is_beyond_statute(value, standard.statutory_limit_days):
        return [OverrideProblem(element, "longer_than_statute", {"bound": standard.statutory_limit_days})]
    return (
        [OverrideProblem(element, "longer_than_standard", {"bound": bound})]
        if bound is not None and value > bound
        else []
    )


def _texts(row: Any, keys: Mapping[str, int], required: Collection[str]) -> bool:
    return (
        isinstance(row, Mapping)
        and set(row) <= set(keys)
        and all(isinstance(value, str) and len(value) <= keys[key] for key, value in row.items())
        and all(str(row.get(key, "")).strip() for key in required)
    )


def _fees(standard: Standard, rows: list[Any]) -> list[OverrideProblem]:
    found = []
    seen: set[str] = set()
    for row in rows:
        if not _texts(row, _FEE, ("name", "amount")):
            found.append(OverrideProblem("fees", "bad_value"))
            continue
        if row["name"] not in standard.fees:
            found.append(OverrideProblem("fees", "fee_of_its_own", {"name": row["name"]}))
        if row["name"] in seen:
            found.append(OverrideProblem("fees", "repeated", {"name": row["name"]}))
        seen.add(row["name"])
    return found


def _materials(standard: Standard, rows: list[Any], materials: Collection[str]) -> list[OverrideProblem]:
    found = []
    seen: set[str] = set()
    for row in rows:
        if not isinstance(row, Mapping) or not set(row) <= {*_MATERIAL, "copies"}:
            found.append(OverrideProblem("extra_materials", "bad_value"))
            continue
        texts = {key: value for key, value in row.items() if key != "copies"}
        copies = row.get("copies", 1)
        fits = _texts(texts, _MATERIAL, ("material",)) and isinstance(copies, int) and 1 <= copies <= 20
        if (
            not fits
            or row.get("necessity", "required") not in NECESSITY_ORDER
            or row.get("form", FORMS[0]) not in FORMS
        ):
            found.append(OverrideProblem("extra_materials", "bad_value"))
            continue
        code = row["material"]
        name = {"name": code}
        for refused, why in (
            (code in standard.materials, "material_of_the_standard"),
            (code not in materials, "unknown_material"),
            (code in seen, "repeated"),
            (not str(row.get("reason", "")).strip(), "reason_missing"),
            (not str(row.get("basis", "")).strip(), "basis_missing"),
        ):
            if refused:
                found.append(OverrideProblem("extra_materials", why, name))
        seen.add(code)
    return found


def implement(item: ItemDefinition, overrides: Mapping[str, Any], department: str = "") -> ItemDefinition:
    """Return a division's definition of a standard item. The overrides have passed ``check_overrides``."""
    changes: dict[str, Any] = {name: overrides[name] for name in (*LIMITS, "handling") if name in overrides}
    if department:
        changes["department"] = department
    extra = tuple(
        MaterialNeed(
            material=row["material"],
            necessity=row.get("necessity", "required"),
            form=row.get("form", "paper_or_electronic"),
            copies=row.get("copies", 1),
            reason=f"{row['reason']}（{row['basis']}）",
        )
        for row in overrides.get("extra_materials", ())
    )
    if extra:
        changes["materials"] = (*item.materials, *extra)
    return replace(item, **changes)


def implement_facts(facts: Mapping[str, Any], overrides: Mapping[str, Any], immediate: str) -> dict[str, Any]:
    """Return what a guide says of an item where a division says some of it otherwise. ``immediate``: the word for 即办件."""
    changed = dict(facts)
    for name in ("limit_note", "visit_reason", "consulting", "complaints", "places"):
        if name in overrides:
            changed[name] = overrides[name]
    if overrides.get("handling") == "immediate":
        changed["handling"] = immediate
    own = {row["name"]: row for row in overrides.get("fees", ())}
    if own:
        changed["fees"] = [{**fee, **own.get(fee.get("name"), {})} for fee in facts.get("fees") or ()]
    return changed


def parents(code: str) -> tuple[str, ...]:
    """Return a division's code and those of the divisions around it, nearest first; empty where it is no division's code."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return ()
    return tuple(dict.fromkeys((code, code[:4] + "00", code[:2] + "0000")))
