"""Filling in what sources say of the people and organisations of a form: as far as it may be read today, and never over what was typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.merging.compiled import Plan
from matters.core.draft_document import CONFIRM, DIFFERS, INVALID, SHARED, DraftDocument
from matters.core.inquiries import fact_inquiries, without_others
from matters.drafts.certified import fill_from_certificates
from matters.drafts.keeping import refuse_under_hold
from matters.drafts.profile import subject_of_account
from matters.drafts.saving import change_draft, fill_in, plan_of
from matters.models import Draft
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import own_index, readable_fetches, subject_index
from portal.sharing.models import Certainty, Fetch, FetchOutcome

Said = dict[str, Any]
# An answer that never came takes back none that did.
_SAYING = (FetchOutcome.FOUND, FetchOutcome.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class SourcesSay:
    """What sources say of a form's fields: ``facts`` to be filled in, ``told`` to be shown beside them."""

    facts: dict[str, Said]
    told: dict[str, list[Said]]


def fill_from_sources(draft: Draft, pending: Collection[str] = ()) -> None:
    """Fill in what the case's sources say, and take back what they say no more. ``pending``: sources that are being asked; theirs stays.

    Cost: one query for the answers, and an UPDATE where something changes. Raises as ``change_draft`` does.
    """
    plan, applicant = plan_of(draft), subject_of_account(draft.applicant)
    fetches, own = readable_fetches(draft.submission_key, sealed=False), own_index(draft.applicant, draft.organisation)

    def change(document: DraftDocument, revision: int) -> bool:
        found = told_by_sources(plan, document, applicant, fetches, own)
        kept = {
            key: fact
            for key, fact in document.known.items()
            if fact["source"] == SHARED and fact["register"] in pending and key not in found.facts
        }
        said = {key: document.told[key] for key in document.told if _is_awaited(document.told[key], pending)}
        return document.fill_shared({**kept, **found.facts}, {**said, **found.told}, revision)

    change_draft(draft, change)


def is_outdated(
    document: DraftDocument, plan: Plan, applicant: DataSubject, fetches: Iterable[Fetch], pending: Collection[str]
) -> bool:
    """Whether something stands in the form that no source may be read for any more: the consent or the grant was withdrawn, or it is about somebody else."""
    readable = {str(fetch.pk) for fetch in fetches}
    shared = {key: fact for key, fact in document.known.items() if fact["source"] == SHARED}
    said = [each for told in document.told.values() for each in told]
    if not shared and not said:
        return False
    if any(each["fetch"] not in readable and each["register"] not in pending for each in [*shared.values(), *said]):
        return True
    subjects: dict[str, set[str]] = {}
    for inquiry in fact_inquiries(plan, document.values, applicant):
        subjects.setdefault(inquiry.key, set()).add(subject_index(inquiry.subject))
    return any(fact["subject"] not in subjects.get(key, ()) for key, fact in shared.items() if key in plan.fields)


def told_by_sources(
    plan: Plan, document: DraftDocument, applicant: DataSubject, fetches: Sequence[Fetch], own: str
) -> SourcesSay:
    """Return what the latest answer of each source says of each field, read and checked as if it had been typed.

    ``own``: the index of whom the application is for (`own_index`).
    """
    said: dict[str, list[Said]] = {}
    for inquiry in fact_inquiries(plan, document.values, applicant):
        subject, heard = subject_index(inquiry.subject), set()
        for fetch in fetches:
            is_about = fetch.subject_index == subject and inquiry.asked in fetch.asked
            if (
                fetch.outcome not in _SAYING
                or not is_about
                or fetch.source_id in heard
                or not set(inquiry.items) <= set(fetch.items)
            ):
                continue
            heard.add(fetch.source_id)
            if inquiry.asked in fetch.found:
                raw = fetch.answer["elements"][inquiry.asked.removeprefix("element:")]
                said.setdefault(inquiry.key, []).append(_said(fetch, subject, fetch.fact_of(inquiry.asked, own), raw))
    _check(plan, document, said)
    facts, told = {}, {}
    for key, each in said.items():
        valid = [one for one in each if one.get("why") != INVALID]
        if len({repr(one["value"]) for one in valid}) > 1:
            told[key] = _with_authority(plan, key, [{**one, "why": DIFFERS} for one in valid])
        elif valid and valid[0]["certainty"] >= Certainty.RECORDED:
            facts[key] = {name: value for name, value in valid[0].items() if name not in _INNER}
        elif valid:
            told[key] = [{**valid[0], "why": CONFIRM}]
        else:
            told[key] = each[:1]
    facts = without_others(facts, {key: each["value"] for key, each in facts.items()}, document.values)
    return SourcesSay(facts, {key: [_told(one) for one in each] for key, each in told.items()})


def _said(fetch: Fetch, subject: str, fact: str, raw: Any) -> Said:
    day, owner = fetch.as_of or timezone.localdate(fetch.asked_at), fetch.source.department
    return {
        "value": raw,
        "register": fetch.source.code,
        "name": fetch.source.name,
        "name_en": fetch.source.name_en,
        "day": day.isoformat(),
        "fetch": str(fetch.pk),
        "fact": fact,
        "subject": subject,
        "certainty": fetch.source.certainty,
        "owner": (owner.code, owner.name, owner.short_name),
    }


def _with_authority(plan: Plan, key: str, told: list[Said]) -> list[Said]:
    """Return what differing sources say, first and marked as such what the one says whose word counts (`PlannedField.authority`)."""
    authority = plan.fields[key].authority
    marked = [{**one, "counts": True} if authority and authority in one["owner"] else one for one in told]
    return sorted(marked, key=lambda one: not one.get("counts"))


def _check(plan: Plan, document: DraftDocument, said: Mapping[str, list[Said]]) -> None:
    """Read every value as its field takes it; what it would not take is marked, and its value left out."""
    for turn in range(max(map(len, said.values()), default=0)):
        some = {key: each[turn] for key, each in said.items() if turn < len(each)}
        read = plan.known({}, {key: one["value"] for key, one in some.items()})
        _cleaned, problems = plan.clean({**document.values, **read}, timezone.localtime())
        wrong = {problem.field for problem in problems if problem.code != "required"}
        for key, one in some.items():
            if key in read and key not in wrong:
                one["value"] = read[key]
            else:
                one |= {"value": None, "why": INVALID}


def _is_awaited(told: Iterable[Said], pending: Collection[str]) -> bool:
    return any(each["register"] in pending for each in told)


# What is looked at here and kept nowhere.
_INNER = ("certainty", "owner")


def _told(said: Said) -> Said:
    return {key: value for key, value in said.items() if key not in _INNER}


def fill_again(draft: Draft, profile: Mapping[str, Any]) -> None:
    """Fill in again what the account and the sources say, after ``fill_nothing``. Raises as ``change_draft`` does."""

    def change(document: DraftDocument, revision: int) -> bool:
        document.is_blank = False
        return fill_in(draft, document, profile, revision) or True

    change_draft(draft, change)
    fill_from_sources(draft)


def fill_from_certificates_again(draft: Draft, today: date) -> None:
    """Take back what lapsed certificates said, and fill in what those in standing say. Raises as ``change_draft`` does."""
    plan, applicant, organisation = plan_of(draft), draft.applicant, draft.organisation

    def change(document: DraftDocument, revision: int) -> bool:
        return fill_from_certificates(document, plan, applicant, organisation, today, revision)

    change_draft(draft, change)


def fill_nothing(draft: Draft) -> None:
    """Take back what was filled in for the applicant, and fill in nothing more; what they typed stays. Raises as ``change_draft`` does,
    and ``UnderHold`` while it must be kept.
    """
    with transaction.atomic():
        refuse_under_hold(draft)
        change_draft(draft, lambda document, revision: document.empty(revision))


def take_told(draft: Draft, key: str, fetch: str) -> bool:
    """Fill in what a source says, as the applicant says that it is so; return whether it is still said. Raises as ``change_draft`` does."""
    taken = False

    def change(document: DraftDocument, revision: int) -> bool:
        nonlocal taken
        taken = document.take(key, fetch, revision)
        return taken

    change_draft(draft, change)
    return taken
