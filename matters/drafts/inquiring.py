"""The sheet of consents of an application: which sources may be asked, in whose words, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from catalog.wording.papers import paper_name
from matters.core.draft_document import SHARED, DraftDocument
from matters.core.inquiries import (
    FactInquiry,
    PaperInquiry,
    fact_inquiries,
    is_kin_number,
    paper_inquiries,
    reach_of,
)
from matters.drafts.consent_words import consent_words, words_by_law
from matters.drafts.opening import may_agree, may_consent
from matters.drafts.profile import subject_of_account, subject_of_organisation
from matters.models import Draft
from matters.wording.refusals import ApplicantDead, IdentityNotProved, NotAllowed
from portal.accounts.models import Level, User
from portal.accounts.people import is_proved_enough
from portal.lib.prepared import BuiltOnce, Slot
from portal.outbox.enqueueing import Job, enqueue_again
from portal.outbox.models import OutboxMessage
from portal.sharing.consents import PersonDead, consents_in_force, covers, give_consent, withdraw_consents
from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import DataSource, Fetch, Provision, SharingConsent
from portal.sharing.offers import LegalGround, Offer, find_offers

KIND = "fetch"


@dataclass(frozen=True, slots=True)
class AskedThing:
    """A paper or a field that a source can be asked about: whose it is, what it is called, and which items ask for it.

    ``ground``: on which it is asked without consent, if on one.
    """

    key: str
    name: str
    subject: DataSubject
    wanted: Wanted
    items: tuple[str, ...]
    ground: LegalGround | None = None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One source on the sheet. ``papers``: what it stands in for, ``facts``: the fields that it may fill in.

    ``text``: what is agreed to, word for word; ``consent``: the one in force that covers it all; ``given``: the one in force,
    which may cover less: what became known since is not in it. What is asked by law stands on a line of its own, of which each thing has its
    ground and none needs a consent.
    """

    source: DataSource
    department: str
    papers: tuple[AskedThing, ...]
    facts: tuple[AskedThing, ...]
    items: tuple[str, ...]
    text: str
    consent: SharingConsent | None
    given: SharingConsent | None = None
    is_awaited: bool = False
    # What a consent in force does not cover yet, and the words for that alone; ``text`` is then what was agreed to with these words after it.
    added: tuple[AskedThing, ...] = ()
    added_text: str = ""

    def is_agreed(self, each: AskedThing) -> bool:
        """Whether a consent in force, or the law, lets this be asked."""
        given = self.given
        covered = given is not None and covers(given, [each.wanted.asked], [subject_index(each.subject)], each.items)
        return self.is_by_law or self.consent is not None or covered

    @property
    def is_by_law(self) -> bool:
        """Whether it is asked without consent."""
        return any(each.ground is not None for each in self.everything)

    @property
    def subjects(self) -> dict[DataSubject, list[Wanted]]:
        """Return each person or organisation with what is asked about them."""
        return self._by_subject(self.everything)

    @property
    def agreed(self) -> dict[DataSubject, list[Wanted]]:
        """Return each person or organisation with what may be asked about them now."""
        given = self.given
        if given is None:
            return {}
        return self._by_subject(each for each in self.everything if self.is_agreed(each))

    @staticmethod
    def _by_subject(things: Iterable[AskedThing]) -> dict[DataSubject, list[Wanted]]:
        found: dict[DataSubject, list[Wanted]] = {}
        for each in things:
            wanted = found.setdefault(each.subject, [])
            if each.wanted not in wanted:
                wanted.append(each.wanted)
        return found

    @property
    def everything(self) -> tuple[AskedThing, ...]:
        """What is asked, papers and facts alike."""
        return self.papers + self.facts


def sheet_of(draft: Draft, plan: Plan, document: DraftDocument, translate: Callable[[str], str]) -> list[SheetLine]:
    """Return the sources that could be asked, one line each: those that stand in for papers in the papers' order, then the others.

    None where the one who acts for the applicant may not agree to it. Only of the applicant, the organisation they act for, and of papers of their kin (`RecordReach`). What the applicant filled in or the account
    knows is not asked for. What only one item asks for, of the applicant or the organisation they act for, is asked by law where that item was
    granted it on a legal ground. At most two queries, and one where something is.
    """
    if not may_consent(draft):
        return []
    values = document.values
    applicant = subject_of_account(draft.applicant)
    reach = reach_of(plan, document, applicant, subject_of_organisation(draft.organisation))
    needed = plan.materials_for(values)
    papers = paper_inquiries(plan, needed, values, applicant)
    facts = [
        each
        for each in fact_inquiries(plan, values, applicant)
        if reach.has_facts_of(each.subject)
        # Who is kin is asked also where somebody is named: a record of others stands in for no paper.
        and (document.source_of(each.key) in ("", SHARED) or is_kin_number(each))
    ]
    wanted = [(each.department, each.asked) for each in papers] + [("", each.asked) for each in facts]
    offers = find_offers(wanted) if not document.is_blank or papers else []
    names = {paper.key: paper_name(plan, paper, translate) for paper in needed}
    lines: dict[tuple[int, bool], _Line] = {}
    for inquiry in papers:
        asked = next((each for each in _offered_papers(inquiry, offers) if reach.has_papers_of(each[1])), None)
        if asked is not None:
            offer, subject = asked
            ground = offer.ground_for(inquiry.items) if reach.has_facts_of(subject) else None
            line = lines.setdefault((offer.source.pk, ground is not None), _Line(offer.source))
            wanted_paper = Wanted(inquiry.asked, offer.path)
            line.papers.append(
                AskedThing(inquiry.key, names[inquiry.key], subject, wanted_paper, inquiry.items, ground)
            )
            line.items += inquiry.items
    for fact in [] if document.is_blank else facts:
        for offer in offers_for(fact, offers):
            ground = offer.ground_for(fact.items)
            line = lines.setdefault((offer.source.pk, ground is not None), _Line(offer.source))
            label, wanted_fact = translate(plan.fields[fact.key].label), Wanted(fact.asked, offer.path)
            line.facts.append(AskedThing(fact.key, label, fact.subject, wanted_fact, fact.items, ground))
            line.items += fact.items
    agreed = _AGREED(case=draft.submission_key, now=timezone.now(), job=f"{draft.pk}:")
    given = {consent.source_id: consent for consent in agreed}
    by_agent = ""
    if draft.is_by_agent and draft.mandate is not None:
        by_agent = _("由代办人依授权 %(number)s 代委托人同意。") % {"number": draft.mandate.number}
    by_law = [line.source.code for (_source, is_by_law), line in lines.items() if is_by_law]
    awaited = _awaited_sources(draft, by_law) if by_law else frozenset()
    shown = [
        line.by_law(plan, translate, line.source.code in awaited)
        if is_by_law
        else line.shown(plan, applicant, given.get(pk), translate, by_agent)
        for (pk, is_by_law), line in lines.items()
    ]
    return shown + [_held(consent, translate) for pk, consent in given.items() if (pk, False) not in lines]


def _held(consent: SharingConsent, translate: Callable[[str], str]) -> SheetLine:
    """Return the line of a consent under which nothing more is to be asked: it can still be taken back."""
    department = translate(consent.source.department.name)
    return SheetLine(consent.source, department, (), (), tuple(consent.items), consent.text, consent, consent)


@dataclass
class _Line:
    """A line of the sheet while it is put together."""

    source: DataSource
    papers: list[AskedThing] = field(default_factory=list)
    facts: list[AskedThing] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def shown(
        self,
        plan: Plan,
        applicant: DataSubject,
        consent: SharingConsent | None,
        translate: Callable[[str], str],
        by_agent: str,
    ) -> SheetLine:
        everything, items = self.papers + self.facts, tuple(dict.fromkeys(self.items))
        text = consent_words(plan, self.source, everything, items, applicant, translate) + by_agent
        subjects = [subject_index(each.subject) for each in everything]
        asked = [each.wanted.asked for each in everything]
        is_covered = consent is not None and covers(consent, asked, subjects, items)
        added: list[AskedThing] = []
        added_text = ""
        if consent is not None and not is_covered:
            # Nobody is asked twice for what they have agreed to: the words for what is new stand after those that they know.
            added = [
                each
                for each in everything
                if not covers(consent, [each.wanted.asked], [subject_index(each.subject)], each.items)
            ]
            of_items = tuple(dict.fromkeys(item for each in added for item in each.items))
            added_text = consent_words(plan, self.source, added, of_items, applicant, translate) + by_agent
            text = f"{consent.text}\n{added_text}"
        return SheetLine(
            source=self.source,
            department=translate(self.source.department.name),
            papers=tuple(self.papers),
            facts=tuple(self.facts),
            items=items,
            text=text,
            consent=consent if is_covered else None,
            given=consent,
            is_awaited=bool(getattr(consent, "is_awaited", False)),
            added=tuple(added),
            added_text=added_text,
        )

    def by_law(self, plan: Plan, translate: Callable[[str], str], is_awaited: bool) -> SheetLine:
        """Return the line of what is asked without consent."""
        everything, items = self.papers + self.facts, tuple(dict.fromkeys(self.items))
        text = words_by_law(plan, self.source, everything, items, translate)
        department, papers, facts = translate(self.source.department.name), tuple(self.papers), tuple(self.facts)
        return SheetLine(self.source, department, papers, facts, items, text, None, is_awaited=is_awaited)


def _awaited_sources(draft: Draft, sources: Iterable[str]) -> frozenset[str]:
    """Return which of these sources are being asked just now. One query."""
    jobs = [f"{draft.pk}:{source}" for source in sources]
    rows = OutboxMessage.objects.filter(kind=KIND, subject__in=jobs, done_at=None, quarantined_at=None)
    return frozenset(subject.partition(":")[2] for subject in rows.values_list("subject", flat=True))


def _offered_papers(inquiry: PaperInquiry, offers: Iterable[Offer]) -> Iterator[tuple[Offer, DataSubject]]:
    """Return the offers that stand in for a paper, the most certain first, with whom they are about."""
    for offer in offers:
        if offer.asked != inquiry.asked or offer.source.department.code != inquiry.department:
            continue
        subject = inquiry.organisation if offer.about == Provision.About.ORGANISATION else inquiry.person
        if set(inquiry.items) <= offer.items and subject is not None:
            yield offer, subject


def offers_for(fact: FactInquiry, offers: Iterable[Offer]) -> list[Offer]:
    """Return the offers that may fill in a field: of what is asked, about whom, granted for every item that asks for it."""
    return [
        offer
        for offer in offers
        if offer.asked == fact.asked and offer.about == fact.about and set(fact.items) <= offer.items
    ]


@transaction.atomic
def agree(draft: Draft, lines: Iterable[SheetLine], by: User) -> int:
    """Record the applicant's consent to these lines and have the sources asked; return how many there are.

    The mandate of whoever acts for them is held until it is written. Raises `IdentityNotProved` for somebody who only says who they are,
    `ApplicantDead`, `NotAllowed` where the mandate is over.
    """
    lines = list(lines)
    if lines and not is_proved_enough(draft.applicant, Level.CHANNEL):
        raise IdentityNotProved(Level.CHANNEL)
    if lines and not may_agree(draft, by):
        raise NotAllowed(_("授权已经终止或者到期，没有查询。"))
    for line in lines:
        try:
            _give(draft, line, by)
        except PersonDead:
            raise ApplicantDead from None
    have_asked(draft, lines)
    return len(lines)


def _give(draft: Draft, line: SheetLine, by: User) -> None:
    give_consent(
        person=draft.applicant,
        organisation=draft.organisation,
        case=draft.submission_key,
        source=line.source,
        asked=[each.wanted.asked for each in line.everything],
        subjects=list(line.subjects),
        items=line.items,
        text=line.text,
        by=by,
    )


def have_asked(draft: Draft, lines: Iterable[SheetLine]) -> None:
    """Enqueue one question for each source; one that waits already stays as it is."""
    enqueue_again(Job(KIND, f"{draft.pk}:{line.source.code}", {"draft": str(draft.pk)}) for line in lines)


def withdraw(draft: Draft, lines: Iterable[SheetLine]) -> int:
    """Take the consents of these lines back; return how many were in force."""
    return withdraw_consents(
        draft.applicant,
        organisation=draft.organisation,
        ids=[line.given.pk for line in lines if line.given is not None],
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered in a case and may be read now, the latest first, and the sources whose answer is still awaited.

    ``is_read``: the answers were looked for.
    """

    fetches: Sequence[Fetch] = ()
    pending: frozenset[str] = frozenset()
    is_read: bool = False


def answers_of(draft: Draft, lines: Iterable[SheetLine], document: DraftDocument) -> Answers:
    """Return what the sources have answered. One query, none where nobody agreed, nothing is asked by law and nothing is filled in."""
    lines = list(lines)
    is_agreed = any(line.given is not None or line.is_by_law for line in lines)
    is_filled = bool(document.told) or any(fact["source"] == SHARED for fact in document.known.values())
    if not is_agreed and not is_filled:
        return Answers()
    pending = frozenset(line.source.code for line in lines if line.is_awaited)
    return Answers(readable_fetches(draft.submission_key), pending, is_read=True)


def outcomes(lines: Iterable[SheetLine], answers: Answers) -> dict[tuple[str, str], str]:
    """Return (source, paper or field) → what came of asking: a `FetchOutcome`, ``pending``, ``offered`` where nobody has agreed, ``by_law`` where
    it is to be asked by law."""
    latest: dict[tuple[int, str, str], str] = {}
    for fetch in answers.fetches:
        for asked in fetch.asked:
            said = fetch.outcome if fetch.outcome != "found" or asked in fetch.found else "not_found"
            latest.setdefault((fetch.source_id, fetch.subject_index, asked), said)
    found = {}
    for line in lines:
        for each in line.everything:
            state, place = "offered", (line.source.pk, subject_index(each.subject), each.wanted.asked)
            if line.is_agreed(each):
                unasked = "by_law" if line.is_by_law else "pending"
                state = "pending" if line.source.code in answers.pending else latest.get(place, unasked)
            found[line.source.code, each.key] = state
    return found


def _awaited() -> Exists:
    """Return whether a source is being asked just now, as a column of its consent."""
    subject = Concat(Slot("job", TextField()), OuterRef("source__code"), output_field=TextField())
    return Exists(OutboxMessage.objects.filter(kind=KIND, subject=subject, done_at=None, quarantined_at=None))


_AGREED = BuiltOnce(lambda: consents_in_force().annotate(is_awaited=_awaited()))
