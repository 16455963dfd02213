"""What the signer asks before it seals: was a certificate granted, and by which department; does a document rest on what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from uuid import UUID

from matters.core.letters import KIND_OF_EVENT
from matters.core.states import State
from matters.models import Decision, OfficialDocument


def departments_that_approved(references: Iterable[str]) -> dict[str, int]:
    """Return decision reference → the department that granted it, for those that were granted and stand. One query."""
    granted = Decision.objects.filter(
        sub_item__number__in=list(references),
        outcome=Decision.Outcome.APPROVED,
        sub_item__state=State.APPROVED,
    )
    return dict(granted.values_list("sub_item__number", "sub_item__department_id"))


def why_not_sealed(asked: Collection[tuple[UUID, bytes]]) -> dict[tuple[UUID, bytes], str]:
    """Return for what is an official document among ``asked`` (id, SHA-256 of its sealed words) why it is not sealed, or nothing.

    It must have no file yet, its words must be those that are kept, and the ledger must hold the event it rests on: of its kind, of its
    bundle, and of its department where it is of one part. One query.
    """
    ids = {letter for letter, _words in asked}
    rows = OfficialDocument.objects.filter(pk__in=ids).select_related("event", "department").in_bulk()
    return {one: _refusal(rows[one[0]], one[1]) for one in asked if one[0] in rows}


def _refusal(row: OfficialDocument, words_sha256: bytes) -> str:
    if row.rendered_at is not None or row.set_aside:
        return "over"
    if hashlib.sha256(row.content_sealed).digest() != words_sha256:
        return "face_changed"
    fact = row.event
    is_its = fact.chain_id == row.bundle_id and KIND_OF_EVENT.get(fact.kind) == row.kind
    is_theirs = row.sub_item_id is None or fact.department == row.department.code
    return "" if is_its and is_theirs else "no_event"
