"""Telling applicants what happened to their bundle: one message per fact, in their own inbox."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from catalog.definitions.naming import split_instance
from matters.cases.department_view import plan_of
from matters.cases.gaps import names_of
from matters.core.letters import KIND_OF_EVENT
from matters.dispatching.drawing_up import drawing_up
from matters.models import Bundle, CorrectionItem, CorrectionRequest, SubItem
from matters.wording.titles import plain_title
from portal.accounts.organisations.principals import recipients_of
from portal.notices.inbox import send_messages
from portal.notices.models import Message
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import enqueue_many

# What the ledger calls it → what the inbox calls it (``portal.notices.wording``).
MESSAGE_OF_EVENT: Mapping[str, str] = {
    "received": "bundle_received",
    "accepted": "sub_item_accepted",
    "extended": "sub_item_extended",
    "procedure_started": "procedure_started",
    "procedure_ended": "procedure_ended",
    "deemed_accepted": "sub_item_deemed_accepted",
    "approved": "sub_item_approved",
    "approved_in_part": "sub_item_approved_in_part",
    "decided_by_rule": "sub_item_decided_by_rule",
    "approved_by_system": "sub_item_approved",
    "rejected_by_system": "sub_item_rejected",
    "rejected": "sub_item_rejected",
    "acceptance_refused": "sub_item_not_accepted",
    "correction_requested": "correction_requested",
    "correction_reminded": "correction_reminded",
    "notice_sent": "notice_sent",
    "message_sent": "message_sent",
    "withdrawn": "sub_item_withdrawn",
    "terminated": "sub_item_terminated",
    "amendment_opened": "amendment_opened",
    "amended": "sub_item_amended",
    "amendment_refused": "amendment_refused",
    "paper_reminded": "paper_reminded",
    "paper_asked_again": "paper_asked_again",
    "promise_broken": "promise_broken",
    "ended_unkept": "ended_unkept",
    "concluded": "bundle_concluded",
}

_OF_A_PAPER = frozenset({"paper_reminded", "paper_asked_again"})  # these lead to where papers are handed in
_OF_A_CORRECTION = frozenset({"correction_requested", "correction_reminded"})  # these name what is to be corrected


def deliver_notices(claims: Sequence[Claim]) -> None:
    """Handle ``notify``: payload ``{bundle, event, sub_item?}``. The subject is the fact, told once per person.

    An organisation is told through its people; who acts under a mandate hears as well as the applicant. An applicant without an account is told at the counter and gets no message. Raises ``StaleLease`` with nothing done.
    Cost: at most seven statements for a whole batch, one for each case of an organisation and two for each under a mandate.
    """
    with transaction.atomic():
        complete(claims)
        bundles = _bundles({uuid.UUID(claim.payload["bundle"]) for claim in claims})
        sub_items = _sub_items(
            {uuid.UUID(claim.payload["sub_item"]) for claim in claims if "sub_item" in claim.payload}
        )
        corrections = _corrections(
            {uuid.UUID(claim.payload["sub_item"]) for claim in claims if claim.payload["event"] in _OF_A_CORRECTION}
        )
        together = _told_together([claim.payload["notice"] for claim in claims if "notice" in claim.payload])
        send_messages(
            notice for claim in claims for notice in _notices(claim, bundles, sub_items, corrections, together)
        )
        # The authority's own document of the same fact, drawn up apart: what is wrong with it keeps nobody from being told.
        enqueue_many(
            drawing_up(uuid.UUID(claim.payload["bundle"]), claim.subject)
            for claim in claims
            if claim.payload["event"] in {*KIND_OF_EVENT, "received", "notice_sent"}
        )


def _bundles(ids: set[uuid.UUID]) -> dict[uuid.UUID, Bundle]:
    found = Bundle.objects.filter(pk__in=ids).select_related("applicant", "matter_version__matter")
    return {bundle.pk: bundle for bundle in found.defer("form_sealed", "matter_version__content")}


def _sub_items(ids: set[uuid.UUID]) -> dict[uuid.UUID, SubItem]:
    if not ids:
        return {}
    return {sub_item.pk: sub_item for sub_item in SubItem.objects.filter(pk__in=ids).select_related("department")}


def _corrections(sub_item_ids: set[uuid.UUID]) -> dict[uuid.UUID, CorrectionRequest]:
    """Return each sub-item's latest request, with its items."""
    if not sub_item_ids:
        return {}
    requests = CorrectionRequest.objects.told().filter(sub_item_id__in=sub_item_ids).prefetch_related("items")
    return {request.sub_item_id: request for request in requests.order_by("id")}


def _told_together(notices: Sequence[int]) -> dict[int, list[CorrectionRequest]]:
    """Return what each notice told, with its items and departments. Three queries where there are any."""
    if not notices:
        return {}
    told = CorrectionRequest.objects.told().filter(notice__in=notices).select_related("sub_item__department")
    found: dict[int, list[CorrectionRequest]] = {}
    for request in told.prefetch_related("items").order_by("pk"):
        found.setdefault(request.notice_id or 0, []).append(request)
    return found


def _notices(
    claim: Claim,
    bundles: Mapping[uuid.UUID, Bundle],
    sub_items: Mapping[uuid.UUID, SubItem],
    corrections: Mapping[uuid.UUID, CorrectionRequest],
    together: Mapping[int, list[CorrectionRequest]],
) -> list[Message]:
    bundle = bundles[uuid.UUID(claim.payload["bundle"])]
    recipients = recipients_of(
        bundle.applicant, bundle.organisation_id, bundle.matter_version.matter.slug, bundle.mandate_id
    )
    if not recipients:
        return []
    data: dict[str, Any] = {"number": bundle.number, "matter": plain_title(bundle)}
    link = reverse("matters:bundle", args=[bundle.number])
    if "sub_item" in claim.payload:
        sub_item = sub_items[uuid.UUID(claim.payload["sub_item"])]
        sub_item.bundle = bundle
        data |= {"item": sub_item.name, "department": sub_item.office.name}
        if (instance := split_instance(sub_item.key)[1]) > 1:
            data["of_which"] = instance
        correction = corrections.get(sub_item.pk)
        if correction is not None and claim.payload["event"] in _OF_A_CORRECTION:
            named = [item for item in correction.items.all() if item.origin == CorrectionItem.Origin.NAMED]
            data["count"] = len(named)
            with override("zh-hans"):  # a message is worded for its reader when it is read
                data["names"] = names_of(plan_of(bundle), sorted(named, key=lambda item: item.pk))
            if correction.answer_by is not None:
                data["until"] = correction.answer_by.isoformat()
            link = reverse("matters:correction", args=[bundle.number, correction.pk])
    if claim.payload["event"] in _OF_A_PAPER:
        link = reverse("matters:later_papers", args=[bundle.number])
    if told := together.get(claim.payload.get("notice", 0)):
        named = [item for one in told for item in one.items.all() if item.origin == CorrectionItem.Origin.NAMED]
        once = list({(item.target, item.key): item for item in sorted(named, key=lambda item: item.pk)}.values())
        data |= {"count": len(once), "departments": list(dict.fromkeys(one.sub_item.office.name for one in told))}
        with override("zh-hans"):
            data["names"] = names_of(plan_of(bundle), once)
        if until := min((one.answer_by for one in told if one.answer_by is not None), default=None):
            data["until"] = until.isoformat()
        link = reverse("matters:correction", args=[bundle.number, told[0].pk])
    kind = MESSAGE_OF_EVENT[claim.payload["event"]]
    return [
        Message.about(data, recipient_id=account, principal=principal, key=claim.subject, kind=kind, link=link)
        for account, principal in recipients
    ]
