"""What sources told of the facts that an item's rule demands: only from rows that the case may read now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.definitions import DecisionFact
from catalog.definitions.naming import split_instance
from catalog.fields.types import Refused, parse
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem
from matters.core.evaluation import ToldFact
from matters.core.inquiries import FactInquiry, fact_inquiries, person_in_role
from matters.models import Bundle
from portal.accounts.people import document_number
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import Fetch

# What is asked, and about whom (`subject_index`).
_Question = tuple[str, str]


def told_facts(bundle: Bundle, plan: Plan, planned: PlannedItem, values: Mapping[str, Any]) -> dict[str, ToldFact]:
    """Return fact → what its source told under a consent in force for this item; what nobody told is left out.

    Of each source and person the latest answer counts; where two of them do not agree, the fact is marked. Cost: one query, and one for each
    answer that is opened.
    """
    facts = planned.decision_rule.facts
    fetches = readable_fetches(bundle.idempotency_key) if facts else []
    if not fetches:
        return {}
    applicant = DataSubject(bundle.applicant.document_kind, document_number(bundle.applicant), bundle.applicant.name)
    inquiries = fact_inquiries(plan, values, applicant)
    found = {}
    for fact in facts:
        questions = _questions(fact, plan, planned, values, applicant, inquiries)
        told = [
            each
            for fetch, asked in _latest(fetches, fact, questions)
            if asked in fetch.found
            and planned.slug in fetch.consent.items
            and (each := _told(fact, fetch, asked, plan, planned)) is not None
        ]
        if told:
            first = told[0]
            differs = any(each.value != first.value for each in told)
            found[fact.code] = ToldFact(first.value, first.fetch, first.source, first.at, differs)
    return found


def _questions(
    fact: DecisionFact,
    plan: Plan,
    planned: PlannedItem,
    values: Mapping[str, Any],
    applicant: DataSubject,
    inquiries: Sequence[FactInquiry],
) -> set[_Question]:
    """Return the questions whose answers say a fact: those that the form's field is filled in by, and of whom the rule names."""
    kind, _colon, code = fact.asked.partition(":")
    field = planned.own_key(f"{fact.role}:{code}")
    found = {(each.asked, subject_index(each.subject)) for each in inquiries if kind == "element" and each.key == field}
    for role in fact.about or (fact.role,):
        instance = split_instance(planned.own_key(f"{role}:x").partition(":")[0])[1]
        person = person_in_role(plan, role, instance, values, applicant)
        if person is not None:
            found.add((fact.asked, subject_index(person)))
    return found


def _latest(fetches: Sequence[Fetch], fact: DecisionFact, questions: set[_Question]) -> list[tuple[Fetch, str]]:
    """Return of each source and question the latest answer about a fact."""
    latest: dict[tuple[int, _Question], tuple[Fetch, str]] = {}
    for fetch in fetches:
        if fetch.source.department.code != fact.department:
            continue
        for asked, subject in questions:
            if fetch.subject_index == subject and asked in fetch.asked:
                latest.setdefault((fetch.source_id, (asked, subject)), (fetch, asked))
    return list(latest.values())


def _told(fact: DecisionFact, fetch: Fetch, asked: str, plan: Plan, planned: PlannedItem) -> ToldFact | None:
    """Return what an answer says of a fact, in normal form; None where it is not of its field's kind."""
    kind, _colon, code = fact.asked.partition(":")
    at = fetch.asked_at.isoformat(timespec="seconds")
    if kind == "material":
        return ToldFact(True, str(fetch.pk), fetch.source.name, at)
    field = plan.fields.get(planned.own_key(f"{fact.role}:{code}"))
    if field is None:
        return None
    raw = fetch.answer.get("elements", {}).get(asked.removeprefix("element:"))
    try:
        value = parse(field.type, raw, [one.value for one in field.options], field.unit)
    except Refused:
        return None
    return None if value is None else ToldFact(value, str(fetch.pk), fetch.source.name, at)
