"""What is wrong with a service item by itself, whatever matter it is part of: its limits, department and legal basis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.definitions import IMMEDIATE, ElementDefinition, Finding, ItemDefinition, Source, is_beyond_statute

# What is promised to those who apply: a number that somebody must have read somewhere.
PROMISES = ("promised_limit_days", "statutory_limit_days", "visits", "visits_together", "fees")

_DAYS = re.compile("[1-9][0-9]{0,2}")
_TERM = re.compile("有效期(至|止|截止)|有效期限")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as the lints of the whole catalog read it. ``credit_code``: of its ``department``. ``department`` and ``legal_basis``: whether there is one.
    ``open_facts``: attributes marked as not known; ``published_as_open``: those that are published nevertheless. ``in_matter``: its matter's
    lints look at its limits."""

    pk: Any
    slug: str
    name: str
    item_type: str = ""
    exercise_level: str = ""
    catalog_code: str = ""
    task_code: str = ""
    local_code: str = ""
    credit_code: str = ""
    handling: str = "promised"
    promised_limit_days: int | None = None
    statutory_limit_days: int | None = None
    department: bool = True
    legal_basis: bool = True
    visits: int | None = None
    visit_reason: str = ""
    open_facts: tuple[str, ...] = ()
    in_matter: bool = False
    published_as_open: tuple[str, ...] = ()
    identity_level: int = 0
    in_person_only: bool = False


def own_facts(item: ItemDefinition | ItemRow) -> Iterator[Finding]:
    """Yield a limit that is longer than the law's or not known, and what every item must have.

    A limit that nobody published is no reason to keep an item closed: pages and receipts say that it is not published.
    """
    yield from beyond_statute(item.slug, item.promised_limit_days, item.statutory_limit_days)
    if item.promised_limit_days is None and item.handling != IMMEDIATE:
        yield Finding("limit_missing", (Source(item.slug, "promised_limit_days"),), "warning")
    if not item.department:
        yield Finding("department_missing", (Source(item.slug, "department"),))
    if not item.legal_basis:
        yield Finding("legal_basis_missing", (Source(item.slug, "legal_basis"),), "warning")
    if item.in_person_only and not item.identity_level:
        yield Finding("in_person_unproved", (Source(item.slug, "in_person_only"),), "warning")


def published_as_open(slug: str, facts: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the limits, fees and visits that are published though their fact says that they are not known."""
    for name in PROMISES:
        if values.get(name) is not None and (facts.get(name) or {}).get("confidence") == "open":
            yield Finding("open_but_published", (Source(slug, name),), params={"attribute": name})


def procedures(slug: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what keeps a special procedure from being begun: no number of working days that the applicant can be told, or a kind listed twice."""
    seen = set()
    for row in rows:
        kind = row.get("kind") or ""
        if not kind:
            continue
        place = Source(slug, "special_procedures")
        if not _DAYS.fullmatch(str(row.get("days") or "")):
            yield Finding("procedure_without_days", (place,), params={"procedure": row["name"]})
        if kind in seen:
            yield Finding("procedure_twice", (place,), params={"procedure": row["name"]})
        seen.add(kind)


def beyond_statute(slug: str, promised: int | None, statutory: int | None) -> Iterator[Finding]:
    """Yield the finding that an item promises a longer time than the law allows."""
    if is_beyond_statute(promised, statutory):
        params = {"declared": promised, "found": statutory}
        yield Finding("promise_beyond_statute", (Source(slug, "promised_limit_days"),), params=params)


def granted(item: ItemDefinition, elements: Mapping[str, ElementDefinition]) -> Iterator[Finding]:
    """Yield certificates about nobody, terms that are printed and do not count, and what the department types though the form says it."""
    named = {
        line.role for line in item.lines if _type_of(line.element, elements) in ("person_name", "organisation_name")
    }
    for result in item.results:
        place = Source(item.slug, f"result:{result.certificate_type}")
        if not result.holder:
            yield Finding(
                "holder_missing", (place,), "warning", {"certificate": result.name or result.certificate_type}
            )
        for role in filter(None, (result.holder, *result.co_holders)):
            if role not in named and not result.holder_name:
                yield Finding("holder_unnamed", (place,), "warning", {"role": role})
        terms = {output.code for output in item.outputs if output.type == "date" and _TERM.search(output.label)}
        for code, source in result.face.items():
            if code != "valid_until" and source.startswith("output:") and source[7:] in terms:
                yield Finding("term_not_declared", (place,), "warning", {"face": code})
    own = {line.element: f"{line.role}:{line.element}" for line in item.lines}
    for output in item.outputs:
        names = {elements[code].name: key for code, key in own.items() if code in elements}
        if not output.repeats and not output.feeds and (key := names.get(output.label)):
            yield Finding("typed_again", (Source(item.slug, f"output:{output.code}"),), "warning", {"field": key})


def _type_of(element: str, elements: Mapping[str, ElementDefinition]) -> str:
    return elements[element].type if element in elements else ""
