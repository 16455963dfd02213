"""What sources told of the facts that an item's rule demands: only from rows that the case may read now.

A row is an answer under a consent or a legal ground in force, a certificate that stood in for a paper of the case and is in standing still, or the check of the
applicant's own document, whose number tells the day of birth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog.definitions import DecisionFact
from catalog.definitions.naming import field_key, split_instance
from catalog.fields.types import Refused, parse
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedField, PlannedItem
from certificates.models import Certificate
from matters.core.evaluation import ToldFact
from matters.core.inquiries import FactInquiry, fact_inquiries, person_in_role
from matters.drafts.certified import printed_of, value_of_text
from matters.models import Bundle
from portal.accounts.models import DocumentKind, Person
from portal.accounts.people import document_number
from portal.identifiers.document_numbers import resident_facts
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import Fetch

# What is asked, and about whom (`subject_index`).
_Question = tuple[str, str]
_IN_THE_NUMBER = frozenset({"person.birth_date", "person.sex"})


def told_facts(bundle: Bundle, plan: Plan, planned: PlannedItem, values: Mapping[str, Any]) -> dict[str, ToldFact]:
    """Return fact → what its source told in force for this item; what nobody told is left out.

    Of each source and person the latest answer counts; where two rows do not agree, the fact is marked. Cost: three queries, and one for
    each answer that is opened; none for a rule without facts.
    """
    facts = planned.decision_rule.facts
    if not facts:
        return {}
    fetches, certificates = readable_fetches(bundle.idempotency_key), _certificates(bundle)
    applicant = DataSubject(bundle.applicant.document_kind, document_number(bundle.applicant), bundle.applicant.name)
    inquiries = fact_inquiries(plan, values, applicant)
    found = {}
    for fact in facts:
        questions = _questions(fact, plan, planned, values, applicant, inquiries)
        told = [
            each
            for fetch, asked in _latest(fetches, fact, questions)
            if asked in fetch.found
            and planned.slug in fetch.items
            and (each := _told(fact, fetch, asked, plan, planned)) is not None
        ]
        told += _by_certificates(fact, plan, planned, certificates)
        told += _by_identity(fact, plan, planned, bundle.applicant)
        if told:
            first = told[0]
            differs = any(each.value != first.value for each in told)
            found[fact.code] = replace(first, differs=differs)
    return found


def _certificates(bundle: Bundle) -> list[tuple[str, Certificate]]:
    """Return the certificates in standing that stood in for papers of a case, each with the paper."""
    rows = bundle.satisfactions.filter(certificate__status=Certificate.Status.VALID)
    rows = rows.select_related("certificate__certificate_type", "certificate__issuer").order_by("pk")
    return [(row.material, row.certificate) for row in rows if row.certificate and not row.certificate.is_over]


def _by_certificates(
    fact: DecisionFact, plan: Plan, planned: PlannedItem, certificates: Sequence[tuple[str, Certificate]]
) -> list[ToldFact]:
    """Return what certificates of the fact's department say: that a paper is there, or the value that they print of whoever they are about."""
    kind, _colon, code = fact.asked.partition(":")
    papers = {paper.key: paper for paper in plan.materials}
    wanted, found = planned.own_key(f"{fact.role}:{code}"), []
    for material, certificate in certificates:
        paper = papers.get(material)
        if paper is None or certificate.issuer.code != fact.department:
            continue
        row: dict[str, Any] = {
            "source": f"{certificate.type_name} {certificate.serial}",
            "at": certificate.issued_at.isoformat(timespec="seconds"),
            "row": f"certificate:{certificate.pk}",
        }
        if kind == "material" and paper.code == code and field_key(paper.role, code, paper.instance) == wanted:
            found.append(ToldFact(True, **row))
        elif kind == "element" and field_key(paper.role, code, paper.instance) == wanted and wanted in plan.fields:
            field = plan.fields[wanted]
            text = printed_of(certificate, code)
            value = _parsed(field, value_of_text(text, field)) if text else None
            if value is not None:
                found.append(ToldFact(value, **row))
    return found


def _by_identity(fact: DecisionFact, plan: Plan, planned: PlannedItem, applicant: Person) -> list[ToldFact]:
    """Return the applicant's day of birth or sex as the number tells it that somebody has checked."""
    element = fact.asked.removeprefix("element:")
    roles = {role.key for role in plan.roles if role.is_applicant}
    own = planned.own_key(f"{fact.role}:{element}")
    if element not in _IN_THE_NUMBER or fact.role not in roles or own not in plan.fields:
        return []
    check = applicant.checks.order_by("-at").first()
    if not applicant.is_proved or check is None or applicant.document_kind != DocumentKind.RESIDENT_ID:
        return []
    facts = resident_facts(document_number(applicant))
    value = facts.birth_date.isoformat() if element == "person.birth_date" else facts.sex
    at = check.at.isoformat(timespec="seconds")
    return [ToldFact(value, source=str(check.get_method_display()), at=at, row=f"identity:{check.pk}")]


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
    value = _parsed(field, fetch.answer.get("elements", {}).get(asked.removeprefix("element:")))
    return None if value is None else ToldFact(value, str(fetch.pk), fetch.source.name, at)


def _parsed(field: PlannedField, raw: Any) -> Any:
    """Return a value in the normal form of its field; None where it is not of its kind."""
    try:
        return parse(field.type, raw, [one.value for one in field.options], field.unit)
    except Refused:
        return None
