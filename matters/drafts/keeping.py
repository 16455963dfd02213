"""What of a draft must be kept: while a legal hold is on whom it is of, nothing of it is destroyed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from matters.models import Draft
from matters.wording.refusals import Refusal
from portal.retention.holds import is_held, wait_for_holds


class UnderHold(Refusal):
    """A legal hold keeps it."""

    code = "under_hold"
    text = gettext_lazy("这份草稿依法需要保存，现在不能删除、替换或者清空里面的内容。其余的改动照常保存。")


def is_under_hold(draft: Draft) -> bool:
    """Say whether nothing of a draft may be destroyed: its applicant or their organisation is under a legal hold. One query.

    Sure only after `wait_for_holds`, in the same transaction.
    """
    return is_held(person=draft.applicant_id, organisation=draft.organisation_id)


def refuse_under_hold(draft: Draft) -> None:
    """Let no hold be placed until the caller's transaction ends. Raises ``UnderHold`` where one is on the draft's owner."""
    wait_for_holds()
    if is_under_hold(draft):
        raise UnderHold
