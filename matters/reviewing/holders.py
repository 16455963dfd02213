"""Whom a certificate is about: read from the roles its result names, never from whoever pressed the button."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.definitions import ResultDefinition
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem
from catalog.models import CertificateType
from certificates.activities.issuing import CREDIT_CODE, HolderFacts
from portal.accounts.models import DocumentKind

PERSON, ORGANISATION = str(CertificateType.Subject.PERSON), str(CertificateType.Subject.ORGANISATION)
# What names and numbers a subject: the dictionary's own elements first, then whatever is of that type.
_NAMES = {PERSON: ("person.name", "person_name"), ORGANISATION: ("company.name", "organisation_name")}
_NUMBERS = {PERSON: ("person.id_number", "id_number"), ORGANISATION: ("company.credit_code", "credit_code")}


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the holders are, and who."""

    kind: str
    holders: tuple[HolderFacts, ...]


def subjects_of(
    result: ResultDefinition,
    declared: str,
    plan: Plan,
    planned: PlannedItem,
    values: Mapping[str, Any],
    decided: Mapping[str, Any],
) -> Subjects | None:
    """Return whom a result is about, or None where the form names nobody in its roles (a resident without a company).

    ``declared``: the subject of the certificate's type; empty for what the roles' fields say. ``values``: the form with what was decided
    before; ``decided``: this decision's own outputs. A result of an earlier version without a holder is about whom its face names.
    """
    roles = [result.holder, *result.co_holders] if result.holder else list(_roles_on(result))
    for kind in (declared,) if declared else (ORGANISATION, PERSON):
        holders = []
        for role in dict.fromkeys(roles):
            own = planned.own_key(f"{role}:").rstrip(":")
            name = _value(_NAMES[kind], own, plan, values)
            if role == result.holder and result.holder_name:
                name = _read(result.holder_name, planned, values, decided) or name
            if name:
                holders.append(_facts(kind, name, own, plan, values))
        if holders:
            return Subjects(kind, tuple(holders) if result.holder else (holders[0],))
    return None


def applying(plan: Plan, values: Mapping[str, Any], name: str) -> Subjects:
    """Return the person who applies, as the form names them: whom a result is about that names nobody else. ``name``: the account's."""
    for role in plan.roles:
        if role.is_applicant and (named := _value(_NAMES[PERSON], role.key, plan, values)):
            return Subjects(PERSON, (_facts(PERSON, named, role.key, plan, values),))
    return Subjects(PERSON, (HolderFacts(name),))


def _facts(kind: str, name: str, role: str, plan: Plan, values: Mapping[str, Any]) -> HolderFacts:
    number = _value(_NUMBERS[kind], role, plan, values)
    if not number:
        return HolderFacts(name)
    if kind == ORGANISATION:
        return HolderFacts(name, CREDIT_CODE, number)
    document = values.get(f"{role}:person.id_kind") or DocumentKind.RESIDENT_ID
    return HolderFacts(name, str(document), number)


def _value(sought: tuple[str, str], role: str, plan: Plan, values: Mapping[str, Any]) -> str:
    element, type = sought
    keys = [
        f"{role}:{element}",
        *(key for key, field in plan.fields.items() if _is_of(field, role) and field.type == type),
    ]
    return next((str(values[key]) for key in keys if values.get(key)), "")


def _is_of(field: Any, role: str) -> bool:
    return bool(field.key.partition(":")[0] == role)


def _read(source: str, planned: PlannedItem, values: Mapping[str, Any], decided: Mapping[str, Any]) -> str:
    kind, _colon, name = source.partition(":")
    return str((decided.get(name) if kind == "output" else values.get(planned.own_key(name))) or "")


def _roles_on(result: ResultDefinition) -> Iterator[str]:
    """Yield the roles that a face names, in its order."""
    sources: Iterable[str] = result.face.values()
    for source in sources:
        kind, _colon, key = source.partition(":")
        if kind == "field":
            yield key.partition(":")[0]
