"""Asking the sources of an application in the background: the page never waits for another department's system."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from catalog.wording.translating import translator_for
from matters.drafts.inquiring import SheetLine, sheet_of
from matters.drafts.saving import plan_of, read_form
from matters.models import Draft
from portal.outbox.claiming import Claim, complete
from portal.sharing.fetching import ask, write_fetches
from portal.sharing.models import Fetch


def fetch_for_drafts(claims: Sequence[Claim]) -> None:
    """Handle ``fetch``: the subject is ``<draft>:<source>``. Safe to run any number of times; each run that asks leaves its row.

    Nothing is asked for a draft that is gone or submitted, or where the consent was withdrawn meanwhile. Raises ``StaleLease``.
    """
    fetches: list[Fetch] = []
    for claim in claims:
        draft_id, _colon, source = claim.subject.partition(":")
        line = _line(UUID(draft_id), source)
        if line is not None and line.consent is not None:
            purpose = line.consent.text
            fetches += [ask(line.consent, subject, wanted, purpose) for subject, wanted in line.subjects.items()]
    with transaction.atomic():
        complete(claims)
        write_fetches(fetches)


def _line(draft_id: UUID, source: str) -> SheetLine | None:
    draft = Draft.objects.select_related("applicant", "matter_version").filter(pk=draft_id, submitted_at=None).first()
    if draft is None:
        return None
    plan, values = plan_of(draft), read_form(draft).values
    lines = sheet_of(draft, plan, plan.materials_for(values), values, translator_for(draft.matter_version_id))
    return next((line for line in lines if line.source.code == source), None)
