"""Which papers and fields of an application a source could be asked for instead, and about whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from catalog.definitions import NEVER_MERGED
from catalog.definitions.naming import field_key
from catalog.merging.plan import Plan
from catalog.merging.planned import PlannedMaterial, PlannedRole
from matters.core.draft_document import DECIDED, NUMBERS, SHARED, STATED, DraftDocument
from portal.sharing.core.inquiry import DataSubject

Fact = TypeVar("Fact")
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


def subject_in_role(
    plan: Plan, role: str, instance: int, values: Mapping[str, Any], applicant: DataSubject
) -> DataSubject | None:
    """Return who or which organisation plays a role, where the form gives a number; else None."""
    code = field_key(role, "company.credit_code", instance)
    organisation = _stated(values, CREDIT_CODE, code, code.replace("company.credit_code", "company.name"))
    return organisation or person_in_role(plan, role, instance, values, applicant)


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


@dataclass(frozen=True, slots=True)
class FactInquiry:
    """A field of the form that somebody's record may fill in. ``key``: the field; ``items``: those that ask for it; ``subject``: whose
    record it would be, and ``about`` whether a person's or an organisation's."""

    key: str
    asked: str
    items: tuple[str, ...]
    about: str
    subject: DataSubject


@dataclass(frozen=True, slots=True)
class RecordReach:
    """Whose records an applicant may have asked: ``own`` in full, of ``kin`` only whether a paper is there. Pairs of kind and number.

    Somebody's name and number are no proof of having to do with them: whoever typed a stranger's once read where she lives. ``own`` are the
    applicant and the organisation they act for; ``kin`` those whose number a row told of them (their own record, an earlier decision).
    """

    own: frozenset[tuple[str, str]]
    kin: frozenset[tuple[str, str]] = frozenset()

    def has_facts_of(self, subject: DataSubject) -> bool:
        return _pair(subject) in self.own

    def has_papers_of(self, subject: DataSubject | None) -> bool:
        return subject is not None and _pair(subject) in self.own | self.kin


def reach_of(
    plan: Plan, document: DraftDocument, applicant: DataSubject, organisation: DataSubject | None
) -> RecordReach:
    """Return whose records an applicant may have asked in this application, ``organisation`` being the one they act for."""
    kin = set()
    for key, field in plan.fields.items():
        if field.element == "person.id_number" and document.source_of(key) in (SHARED, DECIDED):
            kind = document.values.get(field_key(field.role, "person.id_kind", field.instance)) or RESIDENT
            kin.add((str(kind), str(document.values[key]).strip().upper()))
    return RecordReach(frozenset(_pair(each) for each in (applicant, organisation) if each is not None), frozenset(kin))


def is_about_others(plan: Plan, record: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Return whether a record names somebody else as kin than the form does. ``record``: element → what it says, kin's as ``spouse.…``."""
    for role in plan.roles:
        told = record.get(f"{role.kin}.person.id_number")
        if told is None or role.count != 1 or role.is_applicant:
            continue
        stated = values.get(field_key(role.key, "person.id_number"))
        if stated and str(stated).strip().upper() != str(told).strip().upper():
            return True
    return False


def without_others(facts: Mapping[str, Fact], told: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Fact]:
    """Return facts by field, without those of somebody else than the form names in the role. ``told``: the same fields' values.

    Of another person only what says who they are is left, to be seen beside what was typed.
    """
    others = set()
    for key, value in told.items():
        role, _colon, element = key.partition(":")
        stated = values.get(key)
        if element in NUMBERS and stated and str(stated).strip().upper() != str(value).strip().upper():
            others.add(role)
    return {
        key: fact
        for key, fact in facts.items()
        if key.partition(":")[0] not in others or key.partition(":")[2] in STATED
    }


def _pair(subject: DataSubject) -> tuple[str, str]:
    return subject.kind, subject.number.strip().upper()


PERSON, ORGANISATION = "person", "organisation"


def is_kin_number(inquiry: FactInquiry) -> bool:
    """Return whether it is asked who is kin to somebody: by which number the other is known."""
    return inquiry.asked.endswith(".person.id_number")


def fact_inquiries(plan: Plan, values: Mapping[str, Any], applicant: DataSubject) -> list[FactInquiry]:
    """Return what could be asked for the fields of the form, in its order: of whose fact it is, and of those whose kin they are.

    Only what every asking item needs, and what is asked of everybody or shows with these values; where several play a role, nothing
    says which of them a record of somebody else means.
    """
    visible = plan.visible(values)
    roles = {role.key: role for role in plan.roles}
    found = []
    for key, field in plan.fields.items():
        if field.supplied_by or field.reuse == "ask" or field.type in NEVER_MERGED:
            continue
        if field.conditional and key not in visible:
            continue
        items = tuple(dict.fromkeys(asker.slug for asker in field.asked_by))
        # What a record is found by is stated, never asked of it.
        ways = [] if field.element in STATED else [(f"element:{field.element}", field.role, field.instance)]
        role = roles.get(field.role)
        if role is not None and role.kin and role.count == 1 and roles[role.kin_of].count == 1:
            prefix = "" if role.kin == "own" else f"{role.kin}."
            ways.append((f"element:{prefix}{field.element}", role.kin_of, 1))
        for asked, of, instance in ways:
            for about, subject in _subjects(plan, roles.get(of), of, instance, values, applicant):
                found.append(FactInquiry(key, asked, items, about, subject))
    return found


def _subjects(
    plan: Plan, role: PlannedRole | None, key: str, instance: int, values: Mapping[str, Any], applicant: DataSubject
) -> list[tuple[str, DataSubject]]:
    """Return who plays a role, as far as the form says it: the applicant, a person or an organisation with name and number."""
    if role is not None and role.is_applicant and instance == 1:
        return [(PERSON, applicant)]
    found = []
    number, name = field_key(key, "person.id_number", instance), field_key(key, "person.name", instance)
    if number in plan.fields:
        kind = str(values.get(field_key(key, "person.id_kind", instance)) or RESIDENT)
        found.append((PERSON, _stated(values, kind, number, name)))
    code = field_key(key, "company.credit_code", instance)
    if code in plan.fields:
        name = field_key(key, "company.name", instance)
        found.append((ORGANISATION, _stated(values, CREDIT_CODE, code, name)))
    return [(about, subject) for about, subject in found if subject is not None]
