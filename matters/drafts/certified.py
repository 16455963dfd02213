"""What certificates say of whoever applies: the address of a licence, the number of a household, filled in with the certificate it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedField
from certificates.activities.issuing import number_index
from certificates.activities.library import open_face, visible_to, visible_to_organisation
from certificates.models import Certificate
from matters.core.draft_document import CERTIFICATE, DraftDocument
from matters.core.inquiries import FactInquiry, fact_inquiries
from matters.drafts.profile import subject_of_account, subject_of_organisation
from portal.accounts.models import Organisation, Person
from portal.sharing.core.inquiry import DataSubject

Facts = dict[str, dict[str, Any]]
# So many certificates are opened, the latest first.
MOST = 30
_DAY = re.compile(r"(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})\s*日?[T\s]*(?P<time>\d{1,2}:\d{2})?")
_ANSWERS = {"是": True, "否": False}


def fill_from_certificates(
    document: DraftDocument,
    plan: Plan,
    applicant: Person,
    organisation: Organisation | None,
    today: date,
    revision: int,
) -> bool:
    """Fill in what certificates in standing say of the applicant, or of the organisation they act for; return whether anything changed.

    What no certificate says any more is taken back; what was typed stays. Cost: none where nobody is proved or nothing could be said, one
    query, and the unsealing of what is opened.
    """
    facts = _said(document, plan, applicant, organisation, today)
    return document.fill({key: fact["value"] for key, fact in facts.items()}, CERTIFICATE, revision, facts)


def certificates_in_standing(applicant: Person, organisation: Organisation | None, today: date) -> Any:
    """Return the certificates that name the applicant, or the organisation they act for, and are valid on a day; of an account that is not proved none."""
    subject = _subject(applicant, organisation)
    if not applicant.is_proved:
        return Certificate.objects.none()
    own = visible_to(applicant) if organisation is None else visible_to_organisation(organisation)
    return own.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=today),
        status=Certificate.Status.VALID,
        holders__number_index=number_index(subject.kind, subject.number),
    )


def rests_on_lapsed(
    facts: Mapping[str, Mapping[str, Any]], applicant: Person, organisation: Organisation | None, today: date
) -> bool:
    """Return whether something that was filled in rests on a certificate that says nothing any more. One query where anything does."""
    resting = {fact["certificate"] for fact in facts.values() if fact["source"] == CERTIFICATE}
    if not resting:
        return False
    standing = certificates_in_standing(applicant, organisation, today).filter(pk__in=resting)
    return resting != {str(pk) for pk in standing.values_list("pk", flat=True)}


def _said(
    document: DraftDocument, plan: Plan, applicant: Person, organisation: Organisation | None, today: date
) -> Facts:
    if not applicant.is_proved:
        return {}
    asked = _asked(plan, document, applicant, _subject(applicant, organisation))
    if not asked:
        return {}
    own = certificates_in_standing(applicant, organisation, today).select_related("certificate_type")
    elements = {each.asked.removeprefix("element:") for each in asked}
    by_type: dict[str, dict[str, dict[str, Any]]] = {}
    for certificate in own.order_by("-issued_at")[:MOST]:
        slug = certificate.certificate_type.slug
        if slug not in by_type and (told := _told(certificate, elements)):
            by_type[slug] = told
    facts: Facts = {}
    differing = set()
    for inquiry in asked:
        element, field = inquiry.asked.removeprefix("element:"), plan.fields[inquiry.key]
        for told in by_type.values():
            if element not in told:
                continue
            fact = {**told[element], "value": value_of_text(told[element]["value"], field)}
            before = facts.setdefault(inquiry.key, fact)
            if before["value"] != fact["value"]:
                differing.add(inquiry.key)
    # Of certificates that differ none is chosen in silence.
    return _valid(plan, document, {key: fact for key, fact in facts.items() if key not in differing})


def _asked(plan: Plan, document: DraftDocument, applicant: Person, subject: DataSubject) -> list[FactInquiry]:
    whose = (subject.kind, subject.number)
    inquiries = fact_inquiries(plan, document.values, subject_of_account(applicant))
    return [each for each in inquiries if (each.subject.kind, each.subject.number) == whose]


def _subject(applicant: Person, organisation: Organisation | None) -> DataSubject:
    return subject_of_organisation(organisation) or subject_of_account(applicant)


def _told(certificate: Certificate, elements: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return element → what a certificate prints of it, as its type says which line is which."""
    named = {line["code"]: line.get("element", "") for line in certificate.certificate_type.face}
    wanted = {code: element for code, element in named.items() if element in elements}
    if not wanted:
        return {}
    fact = {
        "name": certificate.type_name,
        "name_en": certificate.type_name_en,
        "serial": certificate.serial,
        "day": timezone.localdate(certificate.issued_at).isoformat(),
        "certificate": str(certificate.pk),
        "fact": f"certificate:{certificate.identifier}",
    }
    return {wanted[code]: {**fact, "value": text} for code, text in _printed(certificate).items() if code in wanted}


def printed_of(certificate: Certificate, element: str) -> str:
    """Return what a certificate prints of a data element; empty where it prints none. Unseals the face."""
    codes = [line["code"] for line in certificate.certificate_type.face if line.get("element") == element]
    return next((text for code in codes if (text := _printed(certificate).get(code))), "")


def _printed(certificate: Certificate) -> dict[str, str]:
    return {line.code: line.value for line in open_face(certificate).lines if line.value}


def value_of_text(text: str, field: PlannedField) -> Any:
    """Return what a field holds where a certificate prints ``text``: an option by its name, a day by its figures."""
    if field.type in ("date", "datetime") and (day := _DAY.match(text)):
        hour, minute = day["time"].split(":") if day["time"] else ("", "")
        return "{}-{:0>2}-{:0>2}".format(*day.groups()[:3]) + (f"T{hour:0>2}:{minute}" if hour else "")
    if field.type == "boolean":
        return _ANSWERS.get(text)
    if field.options:
        names = {option.label: option.value for option in field.options}
        if field.type == "multiselect":
            return [names.get(each, each) for each in text.split("、")]
        return names.get(text, text)
    return text.removesuffix(f" {field.unit}") if field.unit else text


def _valid(plan: Plan, document: DraftDocument, facts: Facts) -> Facts:
    """Return the facts that their fields take, read as if they had been typed."""
    read = plan.known({}, {key: fact["value"] for key, fact in facts.items()})
    read = {key: value for key, value in read.items() if key in facts}
    _cleaned, problems = plan.clean({**document.values, **read}, timezone.localtime())
    wrong = {problem.field for problem in problems if problem.code != "required"}
    return {key: {**facts[key], "value": value} for key, value in read.items() if key not in wrong}
