"""What of a draft must be kept: while a legal hold is on whom it is of, nothing of it is destroyed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext_lazy

from matters.core.draft_document import Value, is_same
from matters.models import Draft, HeldValues
from matters.wording.refusals import Refusal
from portal.lib.vault import seal, unseal
from portal.retention.holds import holds_on, is_held, nobody_places_one, wait_for_holds


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


def taken_out(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values that stand in a form no more: written over, or emptied."""
    return {
        key: value for key, value in before.items() if not is_same(value, None) and not is_same(after.get(key), value)
    }


def write_draft(draft: Draft, columns: Mapping[str, Any], gone: Mapping[str, Value]) -> int:
    """Write a draft's columns where nobody wrote meanwhile; return how many rows changed. ``gone``: what the save takes out of its form, which
    stays beside it while its owner is under a legal hold.

    One UPDATE. Under a hold, or while one is being placed, both values are kept in three statements more.
    """
    rows = Draft.objects.filter(pk=draft.pk, revision=draft.revision, submitted_at=None)
    if not gone:
        return rows.update(**columns)
    holds = holds_on(person=draft.applicant_id, organisation=draft.organisation_id)
    if written := rows.filter(~Exists(holds), nobody_places_one()).update(**columns):
        return written
    with transaction.atomic():
        wait_for_holds()
        written = rows.update(**columns)
        if written and is_under_hold(draft):
            revision = columns["revision"]
            sealed = seal(json.dumps(dict(gone), ensure_ascii=False), _context(draft, revision))
            HeldValues.objects.create(
                draft=draft, revision=revision, values_sealed=sealed, saved_at=columns["saved_at"]
            )
    return written


def held_values(draft: Draft) -> list[tuple[int, dict[str, Value]]]:
    """Return what saves under a hold took out of a draft's form, in their order: (which save, field → value). One query."""
    rows = HeldValues.objects.filter(draft=draft).order_by("revision")
    return [(row.revision, json.loads(unseal(bytes(row.values_sealed), _context(draft, row.revision)))) for row in rows]


def _context(draft: Draft, revision: int) -> str:
    return f"draft.held:{draft.pk}:{revision}"
