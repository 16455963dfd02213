"""Matching policies against rows, and opening for whom they fit an application that only has to be confirmed.

Read are certificates that were issued here and the numbers of persons whom somebody has checked, on the ground that the policy names;
nothing is asked of any source. Whoever does not fit gets nothing, and whoever ignores it files nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from catalog.basket.combinations import CannotCombine, Combination, freeze
from catalog.models import Matter, MatterVersion
from catalog.rules.values import years_between
from catalog.versions.matters import compiled
from certificates.activities.library import visible_to
from certificates.models import Certificate, CertificateHolder
from matters.cases.department_view import gather_outputs, plan_of, with_supplied
from matters.cases.sealed_form import open_bundle_form
from matters.core.clocks import official_date
from matters.core.draft_document import Value
from matters.drafts.discarding import discard
from matters.drafts.keeping import UnderHold
from matters.drafts.profile import profile_of
from matters.drafts.saving import change_draft, fill_in, start_draft
from matters.drafts.saving import plan_of as plan_of_draft
from matters.models import BenefitMatch, BenefitPolicy, Draft, SubItem
from matters.wording.refusals import Refusal
from portal.accounts.models import Level, Person
from portal.accounts.people import document_number
from portal.notices.inbox import send_messages
from portal.notices.models import Message

log = structlog.get_logger(__name__)

BATCH = 200
# What committed a little later than its moment says is found as well.
OVERLAP = timedelta(hours=1)
RESIDENT = "111"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody whom a policy fits: the row, the facts in words, and what is known of the form."""

    person: Person
    reference: str
    facts: list[dict[str, str]]
    values: Mapping[str, Value]
    answers: Mapping[str, Any]


def match_benefits() -> int:
    """Match every policy that is in force; return how many were matched anew. For the reconciler; a second run at the same time finds
    nothing to do.

    Cost: four statements a policy and run, and some twelve for each match.
    """
    found = BenefitPolicy.objects.in_force(official_date(timezone.now()))
    return sum(_match(code) for code in found.values_list("code", flat=True).distinct().order_by("code"))


@transaction.atomic
def _match(code: str) -> int:
    # Whoever matches or changes a policy holds its first version: a row that one version matched is never matched by the next.
    held = list(BenefitPolicy.objects.select_for_update(skip_locked=True).filter(code=code).order_by("version"))
    if not held or held[0].version != 1:
        return 0
    now = timezone.now()
    policy = BenefitPolicy.objects.in_force(official_date(now)).filter(code=code).order_by("-version").first()
    if policy is None:
        return 0
    version = _version(policy)
    if version is None:
        return 0
    if policy.least_age is not None:
        is_due = policy.matched_until is None or official_date(policy.matched_until) < official_date(now)
        candidates = list(_by_age(policy, official_date(now))) if is_due else []
    else:
        candidates = list(_by_certificate(policy, now))
    matches = [_open(policy, version, each, now) for each in candidates]
    BenefitMatch.objects.bulk_create(matches)
    send_messages(
        Message.about(
            {"policy": policy.name, "policy_en": policy.name_en, "department": policy.department.name},
            recipient_id=match.person.user_id,
            key=f"benefit:{match.pk}",
            kind="benefit_matched",
            link=reverse("matters:benefits"),
        )
        for match in matches
    )
    if len(candidates) < BATCH:
        BenefitPolicy.objects.filter(pk=policy.pk).update(matched_until=now)
    if matches:
        log.info("benefits_matched", policy=policy.code, count=len(matches))
    return len(matches)


@transaction.atomic
def decline(match: BenefitMatch) -> None:
    """Note that somebody does not want what they were offered; what was prepared for it is deleted."""
    held = BenefitMatch.objects.select_for_update().get(pk=match.pk)
    if held.declined_at is not None or (held.draft is not None and held.draft.submitted_at is not None):
        return
    held.declined_at = timezone.now()
    draft, held.draft = held.draft, None
    held.save(update_fields=["declined_at", "draft"])
    if draft is not None:
        with suppress(UnderHold):  # it stays, and nobody offers it any more
            discard(draft)


def fill_in_since(draft: Draft) -> None:
    """Fill in what became known since a match was opened: a child that was named then has a number now. Nothing typed is touched."""
    profile = profile_of(draft.applicant)
    with suppress(Refusal):
        change_draft(draft, lambda document, revision: fill_in(draft, document, profile, revision))


def _version(policy: BenefitPolicy) -> MatterVersion | None:
    """Return what is applied for: a matter's current version, or the combination of some of its items."""
    if policy.items:
        try:
            return freeze(Combination({policy.matter: tuple(policy.items)}))
        except CannotCombine:
            return None
    matter = Matter.objects.select_related("current_version").filter(slug=policy.matter).first()
    return matter.current_version if matter is not None else None


def _by_certificate(policy: BenefitPolicy, now: datetime) -> Iterator[_Candidate]:
    """Yield the proved holders of accounts to whom such a certificate was issued, and who lack what the policy would bring."""
    since = now - timedelta(days=policy.within_days)
    if policy.matched_until is not None:
        since = max(since, policy.matched_until - OVERLAP)
    named = Q()
    for item in policy.items:
        named |= Q(key=item) | Q(key__startswith=f"{item}#")
    same_case = SubItem.objects.filter(named, bundle__sub_items__number=OuterRef("decision_reference"))
    found = Certificate.objects.filter(
        certificate_type__slug=policy.certificate_type,
        status=Certificate.Status.VALID,
        issued_at__gt=since,
        applicant__user__isnull=False,
        organisation=None,
        applicant__level__gt=Level.CLAIMED,
    )
    if policy.items:
        found = found.filter(~Exists(same_case))
    matched = BenefitMatch.objects.filter(policy__code=policy.code).values_list("reference", flat=True)
    done = set(matched.filter(matched_at__gt=since - timedelta(days=1)))
    rows = found.select_related("applicant", "certificate_type").defer("face_sealed").order_by("issued_at")
    count = 0
    for certificate in rows.prefetch_related("holders"):
        if f"certificate:{certificate.pk}" in done or _has_it(policy, certificate):
            continue
        yield _of_certificate(certificate)
        count += 1
        if count == BATCH:
            return


def _has_it(policy: BenefitPolicy, certificate: Certificate) -> bool:
    """Return whether somebody whom the certificate is about has already what the policy would bring."""
    if not policy.lacks_type:
        return False
    held = visible_to(certificate.applicant).filter(
        certificate_type__slug=policy.lacks_type, status=Certificate.Status.VALID
    )
    holders = CertificateHolder.objects.filter(certificate__in=held)
    about = next(iter(certificate.holders.all()), None)
    return about is not None and any(each.name == about.name for each in holders)


def _of_certificate(certificate: Certificate) -> _Candidate:
    part = SubItem.objects.for_case().filter(number=certificate.decision_reference).first()
    values: dict[str, Value] = {}
    answers: Mapping[str, Any] = {}
    if part is not None:
        plan = plan_of(part.bundle)
        filed = with_supplied(plan, open_bundle_form(part.bundle).values, gather_outputs(part.bundle))
        planned, answers = plan.item(part.key), part.bundle.answers
        own = planned.own_key(f"{planned.role}:x").removesuffix("x") if planned.role else ""
        for line in plan.own_form(part.key):
            key = f"{planned.role}:{line.field.removeprefix(own)}" if own and line.field.startswith(own) else line.field
            values[key] = filed.get(line.field)
    about = "、".join(holder.name for holder in certificate.holders.all())
    fact = {
        "label": certificate.type_name,
        "value": f"{about} · {certificate.serial}",
        "source": certificate.issuer_name,
        "at": certificate.issued_at.isoformat(timespec="seconds"),
    }
    return _Candidate(certificate.applicant, f"certificate:{certificate.pk}", [fact], values, answers)


def _by_age(policy: BenefitPolicy, today: date) -> Iterator[_Candidate]:
    """Yield the proved holders of accounts who are that old by the number of the document that was checked."""
    matched = BenefitMatch.objects.filter(policy__code=policy.code, person=OuterRef("pk"))
    people = Person.objects.filter(
        ~Exists(matched), user__isnull=False, level__gt=Level.CLAIMED, document_kind=RESIDENT
    )
    count = 0
    for person in people.prefetch_related("checks").order_by("pk").iterator(chunk_size=BATCH):
        number = document_number(person)
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        age = years_between(born, today.isoformat())
        check = max(person.checks.all(), key=lambda each: each.pk, default=None)
        if age is None or check is None or policy.least_age is None or age < policy.least_age:
            continue
        fact = {
            "label": "出生日期",
            "value": born,
            "source": check.get_method_display(),
            "at": check.at.isoformat(timespec="seconds"),
        }
        yield _Candidate(person, f"person:{person.pk}", [fact], {}, {})
        count += 1
        if count == BATCH:
            return


def _open(policy: BenefitPolicy, version: MatterVersion, found: _Candidate, now: datetime) -> BenefitMatch:
    """Open the application that somebody only has to confirm, filled in with what is known."""
    person = found.person
    assert person.user is not None
    draft = start_draft(
        version=version,
        applicant=person,
        entered_by=person.user,
        answers=compiled(version.pk).clean_answers(found.answers),
        profile=profile_of(person),
    )
    _fill(draft, found)
    match = BenefitMatch(policy=policy, person=person, reference=found.reference, draft=draft, matched_at=now)
    match.seal_facts(found.facts)
    return match


def _fill(draft: Draft, found: _Candidate) -> None:
    fields, fact = plan_of_draft(draft).fields, found.facts[0]
    said = {"name": fact["source"], "name_en": "", "day": fact["at"][:10]}
    facts = {
        key: {"value": value, **said}
        for key, value in found.values.items()
        if key in fields and value not in (None, "", [])
    }
    if facts:
        change_draft(draft, lambda document, revision: document.fill_earlier(facts, revision))
