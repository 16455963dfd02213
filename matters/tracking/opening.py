"""Opening an official document (文书): the first time is the proof that it was delivered, written once and into the ledger."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from matters.dispatching.drawing_up import drawing_up
from matters.models import Bundle, OfficialDocument
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events
from portal.outbox.enqueueing import enqueue_many


@transaction.atomic
def open_letter(user: User, bundle: Bundle, document: OfficialDocument) -> bool:
    """Note that whom it is addressed to has opened a document; return whether this was the first time.

    One UPDATE of what nobody has opened decides who was first. The first opening of a decision calls for a proof of delivery (送达回证).
    The caller has let the user in as the applicant or whoever acts for them.
    """
    now = timezone.now()
    unopened = OfficialDocument.objects.filter(pk=document.pk, delivered_at__isnull=True)
    if unopened.update(delivered_at=now, delivered_to=user) != 1:
        return False
    document.delivered_at, document.delivered_to = now, user
    append_events(
        bundle.pk,
        [
            NewEvent(
                "document_delivered" if document.is_decision else "document_opened",
                actor_id=user.pk,
                department=document.department.code,
                sub_item=document.sub_item.key if document.sub_item is not None else "",
                data={
                    "document": str(document.pk),
                    "by_agent": bundle.mandate_id is not None and bundle.applicant.user_id != user.pk,
                },
            )
        ],
    )
    if document.is_decision:
        enqueue_many([drawing_up(bundle.pk, f"{document.pk}:delivered")])
    return True
