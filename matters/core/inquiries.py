"""Which papers of an application a source could be asked for instead, and about whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.definitions.naming import field_key
from catalog.merging.plan import Plan
from catalog.merging.planned import PlannedMaterial
from portal.sharing.core.inquiry import DataSubject

RESIDENT = "111"
CREDIT_CODE = "credit_code"


@dataclass(frozen=True, slots=True)
class PaperInquiry:
    """A paper that a department's data may stand in for. ``key``: of the paper in the plan; ``items``: those that accept it.

    ``person``, ``organisation``: whom it would be about, by the kind of thing it is; None while the form does not say their number.
    """

    key: str
    asked: str
    department: str
    items: tuple[str, ...]
    person: DataSubject | None
    organisation: DataSubject | None


def paper_inquiries(
    plan: Plan, papers: Iterable[PlannedMaterial], values: Mapping[str, Any], applicant: DataSubject
) -> list[PaperInquiry]:
    """Return what could be asked for instead of these papers, in their order.

    A paper of a role is about who plays it. Of those without one, a person's is the applicant's, an organisation's that of the one
    organisation in the form.
    """
    found = []
    for paper in papers:
        if paper.is_met:
            continue
        items = tuple(dict.fromkeys(asker.slug for asker in paper.asked_by if not asker.supplied_by))
        person, organisation = person_of(plan, paper, values, applicant), organisation_of(plan, paper, values)
        found += [
            PaperInquiry(paper.key, f"material:{paper.code}", way.reference, items, person, organisation)
            for way in paper.alternatives
            if way.kind == "shared_data"
        ]
    return found


def person_of(
    plan: Plan, paper: PlannedMaterial, values: Mapping[str, Any], applicant: DataSubject
) -> DataSubject | None:
    """Return the person whose paper it is; None while the form does not say their name and number."""
    number = field_key(paper.role, "person.id_number", paper.instance)
    if not paper.role or number not in plan.fields:
        return applicant
    kind = str(values.get(field_key(paper.role, "person.id_kind", paper.instance)) or RESIDENT)
    return _stated(values, kind, number, field_key(paper.role, "person.name", paper.instance))


def person_in_role(
    plan: Plan, role: str, instance: int, values: Mapping[str, Any], applicant: DataSubject
) -> DataSubject | None:
    """Return who plays a role: the applicant, or whom the form names with a number; else None."""
    if any(each.key == role and each.is_applicant for each in plan.roles) and instance == 1:
        return applicant
    number = field_key(role, "person.id_number", instance)
    kind = str(values.get(field_key(role, "person.id_kind", instance)) or RESIDENT)
    return _stated(values, kind, number, field_key(role, "person.name", instance))


def organisation_of(plan: Plan, paper: PlannedMaterial, values: Mapping[str, Any]) -> DataSubject | None:
    """Return the organisation whose paper it is; None where the form names none, or several and the paper none of them."""
    own = field_key(paper.role, "company.credit_code", paper.instance)
    codes = [own] if own in plan.fields else [key for key in plan.fields if key.endswith(":company.credit_code")]
    if len(codes) != 1:
        return None
    return _stated(values, CREDIT_CODE, codes[0], codes[0].replace("company.credit_code", "company.name"))


def _stated(values: Mapping[str, Any], kind: str, number_key: str, name_key: str) -> DataSubject | None:
    number, name = (str(values.get(key) or "").strip() for key in (number_key, name_key))
    return DataSubject(kind, number.upper(), name) if number and name else None
