"""The sheet of consents of an application: which sources may be asked, in whose words, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedMaterial
from catalog.wording.papers import paper_name
from matters.core.inquiries import PaperInquiry, paper_inquiries
from matters.drafts.satisfying import subject_of_account
from matters.models import Draft
from portal.accounts.models import User
from portal.outbox.enqueueing import Job, enqueue_again
from portal.outbox.models import OutboxMessage
from portal.sharing.consents import consents_in_force, covers, give_consent, withdraw_consents
from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import DataSource, Provision, SharingConsent
from portal.sharing.offers import Offer, offers_of

KIND = "fetch"


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """One paper that a source can be asked about: whose it is, and what it is called."""

    key: str
    name: str
    subject: DataSubject
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One source on the sheet. ``text``: what is agreed to, word for word; ``consent``: the one in force that covers it all."""

    source: DataSource
    department: str
    papers: tuple[AskedPaper, ...]
    items: tuple[str, ...]
    text: str
    consent: SharingConsent | None

    @property
    def subjects(self) -> dict[DataSubject, list[Wanted]]:
        """Return each person or organisation with what is asked about them."""
        found: dict[DataSubject, list[Wanted]] = {}
        for paper in self.papers:
            found.setdefault(paper.subject, []).append(paper.wanted)
        return found


def sheet_of(
    draft: Draft,
    plan: Plan,
    papers: Iterable[PlannedMaterial],
    values: Mapping[str, Any],
    translate: Callable[[str], str],
) -> list[SheetLine]:
    """Return the sources that could be asked instead of papers, one line each, in the papers' order. At most two queries."""
    papers = list(papers)
    applicant = subject_of_account(draft.applicant)
    inquiries = paper_inquiries(plan, papers, values, applicant)
    offers = offers_of([(each.department, each.asked) for each in inquiries])
    names = {paper.key: paper_name(plan, paper, translate) for paper in papers}
    by_source: dict[int, list[tuple[PaperInquiry, Offer, AskedPaper]]] = {}
    for inquiry in inquiries:
        offer = offers.get((inquiry.department, inquiry.asked))
        if offer is None or not set(inquiry.items) <= offer.items:
            continue
        subject = inquiry.organisation if offer.about == Provision.About.ORGANISATION else inquiry.person
        if subject is not None:
            asked = AskedPaper(inquiry.key, names[inquiry.key], subject, Wanted(inquiry.asked, offer.path))
            by_source.setdefault(offer.source.pk, []).append((inquiry, offer, asked))
    given = consents_in_force(draft.submission_key) if by_source else {}
    lines = []
    for pk, entries in by_source.items():
        source = entries[0][1].source
        items = tuple(dict.fromkeys(item for inquiry, _offer, _asked in entries for item in inquiry.items))
        asked_papers = tuple(asked for _inquiry, _offer, asked in entries)
        text = _words(plan, source, asked_papers, items, applicant, translate)
        consent = given.get(pk)
        subjects = [subject_index(asked.subject) for asked in asked_papers]
        is_covered = consent is not None and covers(
            consent, [each.wanted.asked for each in asked_papers], subjects, items
        )
        department = translate(source.department.name)
        lines.append(SheetLine(source, department, asked_papers, items, text, consent if is_covered else None))
    return lines


def agree(draft: Draft, lines: Iterable[SheetLine], by: User) -> int:
    """Record the applicant's consent to these lines and have the sources asked; return how many there are."""
    lines = list(lines)
    for line in lines:
        give_consent(
            person=draft.applicant,
            organisation=draft.organisation,
            case=draft.submission_key,
            source=line.source,
            asked=[paper.wanted.asked for paper in line.papers],
            subjects=list(line.subjects),
            items=line.items,
            text=line.text,
            by=by,
        )
    have_asked(draft, lines)
    return len(lines)


def have_asked(draft: Draft, lines: Iterable[SheetLine]) -> None:
    """Enqueue one question for each source; one that waits already stays as it is."""
    enqueue_again(Job(KIND, f"{draft.pk}:{line.source.code}", {"draft": str(draft.pk)}) for line in lines)


def withdraw(draft: Draft, lines: Iterable[SheetLine]) -> int:
    """Take the consents of these lines back; return how many were in force."""
    return withdraw_consents(
        draft.applicant,
        organisation=draft.organisation,
        ids=[line.consent.pk for line in lines if line.consent is not None],
    )


def outcomes(draft: Draft, lines: Collection[SheetLine]) -> dict[str, str]:
    """Return paper → what came of asking: a `FetchOutcome`, ``pending``, or ``offered`` where nobody has agreed. At most two queries."""
    agreed = [line for line in lines if line.consent is not None]
    pending = _pending(draft, agreed)
    latest: dict[tuple[int, str, str], str] = {}
    for fetch in readable_fetches(draft.submission_key) if agreed else []:
        for asked in fetch.asked:
            said = fetch.outcome if fetch.outcome != "found" or asked in fetch.found else "not_found"
            latest.setdefault((fetch.source_id, fetch.subject_index, asked), said)
    found = {}
    for line in lines:
        for paper in line.papers:
            state = "offered"
            if line.consent is not None:
                place = line.source.pk, subject_index(paper.subject), paper.wanted.asked
                state = "pending" if line.source.code in pending else latest.get(place, "pending")
            found[paper.key] = state
    return found


def _pending(draft: Draft, lines: Collection[SheetLine]) -> set[str]:
    if not lines:
        return set()
    subjects = {f"{draft.pk}:{line.source.code}": line.source.code for line in lines}
    waiting = OutboxMessage.objects.filter(kind=KIND, subject__in=list(subjects), done_at=None, quarantined_at=None)
    return {subjects[subject] for subject in waiting.values_list("subject", flat=True)}


def _words(
    plan: Plan,
    source: DataSource,
    papers: Iterable[AskedPaper],
    items: Iterable[str],
    applicant: DataSubject,
    translate: Callable[[str], str],
) -> str:
    """Return what is agreed to: what, from whom, for what, until when, and how to take it back. Nobody is named in it."""
    between = pgettext("between names", "、")
    names = {item.slug: translate(item.name) for item in plan.items}
    papers = list(papers)
    text = _(
        "我同意向%(department)s（%(source)s）查询：%(papers)s。只用于办理：%(items)s。"
        "从现在起 %(days)s 天内有效，可以随时撤回；撤回后不再查询，也不再使用查到的内容。"
    ) % {
        "department": translate(source.department.name),
        "source": source.name,
        "papers": between.join(dict.fromkeys(paper.name for paper in papers)),
        "items": between.join(names[slug] for slug in items),
        "days": settings.YIJIAN_SHARING_CONSENT_DAYS,
    }
    if any(paper.subject != applicant for paper in papers):
        text += _("其中他人的，我已征得本人同意。")
    return text
