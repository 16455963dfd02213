"""What earlier applications of the same person were decided on: a child that was registered is known when it goes to school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone

from catalog.definitions.naming import field_key
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedRole
from matters.cases.department_view import gather_outputs, with_supplied
from matters.cases.department_view import plan_of as plan_of_bundle
from matters.cases.sealed_form import open_bundle_form
from matters.core.draft_document import DECIDED, DraftDocument
from matters.core.inquiries import without_others
from matters.core.states import State
from matters.models import Bundle
from portal.accounts.models import Person
from portal.identifiers.document_numbers import resident_facts

CHILD, SPOUSE, OWN = "child", "spouse", "own"
KIN = (CHILD, SPOUSE)
# So many applications are looked through, the latest first.
MOST = 30
Facts = dict[str, dict[str, Any]]


def fill_from_earlier(document: DraftDocument, plan: Plan, person: Person, revision: int) -> bool:
    """Fill in what was decided about the applicant's kin before; return whether anything changed.

    Only of approved parts, and only where there is one of the kin: of two children nothing says which is meant; a child that gets its
    number by this very application is none that is known. Cost: none where the plan asks for no kin's number, else two queries and one for each earlier application with a decision of its form.
    """
    found: Facts = {}
    wanted = {role.key: kin for role in plan.roles if _is_asked_for(plan, role) and (kin := _kin(plan, role)) in KIN}
    known = _known_kin(person) if wanted else {}
    for key, kin in wanted.items():
        persons = known.get(kin, {})
        if len(persons) == 1:
            facts = next(iter(persons.values()))
            found |= {field_key(key, element): fact for element, fact in facts.items()}
    values = plan.known({}, {key: fact["value"] for key, fact in found.items() if key in plan.fields})
    return document.fill(without_others(values, values, document.values), DECIDED, revision, found)


def _is_asked_for(plan: Plan, role: PlannedRole) -> bool:
    """Whether there is one of a role, who has a number already."""
    number = plan.fields.get(field_key(role.key, "person.id_number"))
    return role.count == 1 and number is not None and number.supplied_by is None


def _known_kin(person: Person) -> dict[str, dict[str, Facts]]:
    """Return kin → number → element → what was decided of it."""
    known: dict[str, dict[str, Facts]] = {CHILD: {}, SPOUSE: {}}
    bundles = Bundle.objects.filter(applicant=person, organisation=None, sub_items__state=State.APPROVED).distinct()
    for bundle in bundles.prefetch_related("sub_items__decision").order_by("-submitted_at")[:MOST]:
        for kin, facts in _kin_of_bundle(bundle):
            number = facts.get("person.id_number")
            if number is not None:
                held = known[kin].setdefault(str(number["value"]), {})
                known[kin][str(number["value"])] = {**facts, **held}
    return known


def _kin_of_bundle(bundle: Bundle) -> Iterator[tuple[str, Facts]]:
    plan = plan_of_bundle(bundle)
    approved = {part.key: part for part in bundle.sub_items.all() if part.state == State.APPROVED}
    outputs = gather_outputs(bundle, list(approved.values()))
    values = with_supplied(plan, open_bundle_form(bundle).values, outputs)
    decided: dict[tuple[str, int], Facts] = {}
    for key, field in plan.fields.items():
        askers = [field.supplied_by.item] if field.supplied_by else [asker.item for asker in field.asked_by]
        part = next((approved[item] for item in askers if item in approved), None)
        if part is None or values.get(key) in (None, "", []):
            continue
        day = timezone.localdate(part.decision.decided_at).isoformat()
        fact = {"value": values[key], "name": part.name, "day": day, "sub_item": part.number}
        if field.supplied_by:
            fact["fact"] = f"decision:{part.number}:{field.supplied_by.output}"
        decided.setdefault((field.role, field.instance), {})[field.element] = fact
    shared: Facts = {}
    for role in plan.roles:
        if role.kin == OWN:
            shared |= decided.get((role.key, 1), {})
    for role in plan.roles:
        kin = _kin(plan, role)
        for number in range(1, role.count + 1) if kin in KIN else ():
            facts = decided.get((role.key, number), {})
            yield kin, {**(shared if kin == CHILD else {}), **_told_by_number(facts), **facts}


def _kin(plan: Plan, role: PlannedRole) -> str:
    """Return what a role is to the applicant: a child of their spouse is theirs."""
    roles = {each.key: each for each in plan.roles}
    of = roles.get(role.kin_of)
    if of is None or role.is_applicant:
        return ""
    is_family = of.is_applicant or (role.kin == CHILD and of.kin == SPOUSE and roles[of.kin_of].is_applicant)
    return role.kin if is_family else ""


def is_resident_number(number: str) -> bool:
    """Whether a number is of the form that tells a day of birth."""
    return len(number) == 18 and number[:17].isascii() and number[:17].isdigit()


def _told_by_number(facts: Mapping[str, Mapping[str, Any]]) -> Facts:
    """Return what a resident's number tells: day of birth and sex."""
    number = facts.get("person.id_number")
    if number is None or not is_resident_number(str(number["value"])):
        return {}
    told = resident_facts(str(number["value"]))
    return {
        "person.id_kind": {**number, "value": "111"},
        "person.birth_date": {**number, "value": told.birth_date.isoformat()},
        "person.sex": {**number, "value": told.sex},
    }
