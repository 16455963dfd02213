"""Discarding an unfinished draft with its papers."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction

from matters.drafts.keeping import UnderHold, is_under_hold
from matters.drafts.saving import AlreadySubmitted
from matters.models import Draft, SubmittedMaterial
from portal.retention.holds import wait_for_holds
from portal.sharing.consents import withdraw_consents


@transaction.atomic
def discard(draft: Draft) -> None:
    """Delete an unfinished draft of whom it is. Raises `AlreadySubmitted`; `UnderHold` while it must be kept."""
    wait_for_holds()
    locked = Draft.objects.select_for_update().filter(pk=draft.pk, submitted_at=None).first()
    if locked is None:
        raise AlreadySubmitted
    if is_under_hold(locked):
        raise UnderHold
    discard_locked(locked)


def discard_locked(locked: Draft) -> None:
    """Delete a locked, unfinished draft with its papers and end its consents; the files go once the transaction is in."""
    files = [str(paper.file.name) for paper in SubmittedMaterial.objects.filter(draft=locked, bundle=None)]
    SubmittedMaterial.objects.filter(draft=locked, bundle=None).delete()
    withdraw_consents(locked.applicant, organisation=locked.organisation, case=locked.submission_key)
    locked.delete()

    def delete_files() -> None:
        for name in files:
            default_storage.delete(name)

    transaction.on_commit(delete_files)
