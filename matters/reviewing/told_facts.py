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
from matters.core.inquiries import person_in_role
from matters.models import Bundle
from portal.accounts.people import document_number
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import Fetch


def told_facts(bundle: Bundle, plan: Plan, planned: PlannedItem, values: Mapping[str, Any]) -> dict[str, ToldFact]:
    """Return fact → what its source told under a consent in force for this item; what nobody told is left out.

    Of each source and person the latest answer counts; where two of them do not agree, the fact is marked. Cost: one query, and one for each
    answer that is opened.
    """
    facts = planned.decision_rule.facts
    fetches = readable_fetches(bundle.idempotency_key) if facts else []
    applicant = DataSubject(bundle.applicant.document_kind, document_number(bundle.applicant), bundle.applicant.name)
    found = {}
    for fact in facts:
        subjects = set()
        for role in fact.about or (fact.role,):
            key = split_instance(planned.own_key(f"{role}:x").partition(":")[0])
            person = person_in_role(plan, role, key[1], values, applicant)
            if person is not None:
                subjects.add(subject_index(person))
        answers = [
            fetch
            for fetch in _latest(fetches, fact, subjects)
            if fact.asked in fetch.found and planned.slug in fetch.consent.items
        ]
        told = [each for fetch in answers if (each := _told(fact, fetch, plan, planned)) is not None]
        if told:
            first = told[0]
            differs = any(each.value != first.value for each in told)
            found[fact.code] = ToldFact(first.value, first.fetch, first.source, first.at, differs)
    return found


def _latest(fetches: Sequence[Fetch], fact: DecisionFact, subjects: set[str]) -> list[Fetch]:
    """Return of each source and person the latest answer about a fact."""
    latest: dict[tuple[int, str], Fetch] = {}
    for fetch in fetches:
        if (
            fetch.source.department.code == fact.department
            and fact.asked in fetch.asked
            and fetch.subject_index in subjects
        ):
            latest.setdefault((fetch.source_id, fetch.subject_index), fetch)
    return list(latest.values())


def _told(fact: DecisionFact, fetch: Fetch, plan: Plan, planned: PlannedItem) -> ToldFact | None:
    """Return what an answer says of a fact, in normal form; None where it is not of its field's kind."""
    kind, _colon, code = fact.asked.partition(":")
    at = fetch.asked_at.isoformat(timespec="seconds")
    if kind == "material":
        return ToldFact(True, str(fetch.pk), fetch.source.name, at)
    field = plan.fields.get(planned.own_key(f"{fact.role}:{code}"))
    if field is None:
        return None
    try:
        value = parse(
            field.type, fetch.answer.get("elements", {}).get(code), [one.value for one in field.options], field.unit
        )
    except Refused:
        return None
    return None if value is None else ToldFact(value, str(fetch.pk), fetch.source.name, at)
