"""Asking the sources of an application in the background: the page never waits for another department's system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction

from catalog.wording.translating import translator_for
from matters.drafts.inquiring import SheetLine, sheet_of
from matters.drafts.late_asking import late_lines
from matters.drafts.prefilling import fill_from_sources
from matters.drafts.saving import AlreadySubmitted, DraftGone, plan_of, read_form
from matters.models import Draft
from portal.accounts.models import Level
from portal.outbox.claiming import Claim, complete
from portal.sharing.fetching import NotAgreed, ask, ask_by_law, write_fetches
from portal.sharing.models import Fetch, SharingConsent


def fetch_for_drafts(claims: Sequence[Claim]) -> None:
    """Handle ``fetch``: the subject is ``<draft>:<source>``. Safe to run any number of times; each run that asks leaves its row.

    Nothing is asked for a draft that is gone, or where the consent or the grant was withdrawn meanwhile. What was found is filled in
    with the same transaction. Of one that was submitted only papers are asked about (`late_lines`). Raises ``StaleLease``.
    """
    fetches: list[Fetch] = []
    drafts = set()
    for claim in claims:
        draft_id, _colon, source = claim.subject.partition(":")
        draft = _draft(draft_id)
        asked = [fetch for line in _lines_of(draft, source) for fetch in _asked(draft, line)]
        fetches += asked
        drafts |= {draft_id} if asked and draft is not None and draft.submitted_at is None else set()
    with transaction.atomic():
        complete(claims)
        write_fetches(fetches)
        for draft_id in sorted(drafts):
            _fill(_draft(draft_id))


def _draft(draft_id: str) -> Draft | None:
    related = ("applicant", "organisation", "mandate", "matter_version__matter")
    drafts = Draft.objects.told_dead().select_related(*related)
    # What was agreed to before an applicant had to be proved lets nothing be asked.
    return drafts.filter(pk=UUID(draft_id), applicant__level__gt=Level.CLAIMED).first()


def _fill(draft: Draft | None) -> None:
    if draft is None or draft.submitted_at is not None:
        return
    try:
        fill_from_sources(draft, [line.source.code for line in _lines(draft) if line.is_awaited])
    except (AlreadySubmitted, DraftGone):
        return


def _lines(draft: Draft) -> list[SheetLine]:
    if draft.submitted_at is not None:
        return late_lines(draft)
    return sheet_of(draft, plan_of(draft), read_form(draft), translator_for(draft.matter_version_id))


def _lines_of(draft: Draft | None, source: str) -> list[SheetLine]:
    return [] if draft is None else [line for line in _lines(draft) if line.source.code == source]


def _asked(draft: Draft | None, line: SheetLine) -> list[Fetch]:
    """Ask what a line lets be asked: under its consent, or by law."""
    if line.given is not None:
        return list(_asked_with_consent(line, line.given))
    return [] if draft is None else list(_asked_by_law(draft, line))


def _asked_with_consent(line: SheetLine, consent: SharingConsent) -> Iterator[Fetch]:
    for subject, wanted in line.agreed.items():
        try:
            yield ask(consent, subject, wanted, consent.text)
        except NotAgreed:  # withdrawn since the sheet was read: whoever was asked about before has their row
            return


def _asked_by_law(draft: Draft, line: SheetLine) -> Iterator[Fetch]:
    for question in dict.fromkeys((each.ground, each.subject, each.wanted) for each in line.everything):
        ground, subject, wanted = question
        if ground is None:
            continue
        try:
            yield ask_by_law(
                ground.grant,
                subject,
                wanted,
                person=draft.applicant,
                organisation=draft.organisation,
                case=draft.submission_key,
                purpose=line.text,
            )
        except NotAgreed:  # withdrawn since the sheet was read
            continue
