"""Asking the sources of an application in the background: the page never waits for another department's system."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from catalog.wording.translating import translator_for
from matters.drafts.inquiring import SheetLine, sheet_of
from matters.drafts.prefilling import fill_from_sources
from matters.drafts.saving import AlreadySubmitted, DraftGone, plan_of, read_form
from matters.models import Draft
from portal.accounts.models import Level
from portal.outbox.claiming import Claim, complete
from portal.sharing.fetching import ask, write_fetches
from portal.sharing.models import Fetch


def fetch_for_drafts(claims: Sequence[Claim]) -> None:
    """Handle ``fetch``: the subject is ``<draft>:<source>``. Safe to run any number of times; each run that asks leaves its row.

    Nothing is asked for a draft that is gone or submitted, or where the consent was withdrawn meanwhile. What was found is filled in
    with the same transaction. Raises ``StaleLease``.
    """
    fetches: list[Fetch] = []
    drafts = set()
    for claim in claims:
        draft_id, _colon, source = claim.subject.partition(":")
        line = _line(_draft(draft_id), source)
        if line is not None and line.given is not None:
            given = line.given
            fetches += [ask(given, subject, wanted, given.text) for subject, wanted in line.agreed.items()]
            drafts.add(draft_id)
    with transaction.atomic():
        complete(claims)
        write_fetches(fetches)
        for draft_id in sorted(drafts):
            _fill(_draft(draft_id))


def _draft(draft_id: str) -> Draft | None:
    drafts = Draft.objects.select_related("applicant", "matter_version__matter")
    # What was agreed to before an applicant had to be proved lets nothing be asked.
    return drafts.filter(pk=UUID(draft_id), submitted_at=None, applicant__level__gt=Level.CLAIMED).first()


def _fill(draft: Draft | None) -> None:
    if draft is None:
        return
    try:
        fill_from_sources(draft, [line.source.code for line in _lines(draft) if line.is_awaited])
    except (AlreadySubmitted, DraftGone):
        return


def _lines(draft: Draft) -> list[SheetLine]:
    return sheet_of(draft, plan_of(draft), read_form(draft), translator_for(draft.matter_version_id))


def _line(draft: Draft | None, source: str) -> SheetLine | None:
    lines = [] if draft is None else _lines(draft)
    return next((line for line in lines if line.source.code == source), None)
