"""Drafts that are thrown away, with their papers and consents; none while a legal hold keeps it."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy

from matters.drafts.saving import AlreadySubmitted
from matters.models import Draft, SubmittedMaterial
from matters.wording.refusals import Refusal
from portal.retention.holds import is_held, wait_for_holds
from portal.sharing.consents import withdraw_consents


class UnderHold(Refusal):
    """A legal hold keeps it."""

    code = "under_hold"
    text = gettext_lazy("这份草稿依法需要保存，现在不能删除。")


@transaction.atomic
def discard(draft: Draft) -> None:
    """Delete an unfinished draft of whom it is. Raises `AlreadySubmitted`; `UnderHold` while it must be kept."""
    wait_for_holds()
    locked = Draft.objects.select_for_update().filter(pk=draft.pk, submitted_at=None).first()
    if locked is None:
        raise AlreadySubmitted
    if is_held(person=locked.applicant_id, organisation=locked.organisation_id):
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
