"""Telling applicants what happened to their bundle: one message per fact, in their own inbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from matters.models import Bundle, SubItem
from portal.notices.models import Message
from portal.outbox.claiming import Claim, complete


def deliver_notices(claims: Sequence[Claim]) -> None:
    """Handle ``notify``: payload ``{bundle, event, sub_item?}``. The subject is the fact, told once per person.

    An applicant without an account is told at the counter and gets no message. Raises ``StaleLease`` with nothing done.
    Cost: four statements for a whole batch.
    """
    with transaction.atomic():
        complete(claims)
        bundles = _bundles({uuid.UUID(claim.payload["bundle"]) for claim in claims})
        sub_items = _sub_items(
            {uuid.UUID(claim.payload["sub_item"]) for claim in claims if "sub_item" in claim.payload}
        )
        messages = [
            _message(claim, bundles[uuid.UUID(claim.payload["bundle"])], sub_items)
            for claim in claims
            if bundles[uuid.UUID(claim.payload["bundle"])].applicant.user_id is not None
        ]
        Message.objects.bulk_create(messages, ignore_conflicts=True)


def _bundles(ids: set[uuid.UUID]) -> dict[uuid.UUID, Bundle]:
    found = Bundle.objects.filter(pk__in=ids).select_related("applicant", "matter_version__matter")
    return {bundle.pk: bundle for bundle in found.defer("form_sealed", "matter_version__plan")}


def _sub_items(ids: set[uuid.UUID]) -> dict[uuid.UUID, SubItem]:
    if not ids:
        return {}
    return {sub_item.pk: sub_item for sub_item in SubItem.objects.filter(pk__in=ids).select_related("department")}


def _message(claim: Claim, bundle: Bundle, sub_items: dict[uuid.UUID, SubItem]) -> Message:
    data = {"bundle": bundle.number, "matter": bundle.matter_version.matter.name}
    if "sub_item" in claim.payload:
        sub_item = sub_items[uuid.UUID(claim.payload["sub_item"])]
        data |= {"sub_item": sub_item.name, "department": sub_item.department.name}
    return Message(
        recipient_id=bundle.applicant.user_id,
        key=claim.subject,
        kind=claim.payload["event"],
        data=data,
        link=f"/bundles/{bundle.number}/",
    )
