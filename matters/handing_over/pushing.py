"""Handing sub-items over to their department's system: each once, its own department's record and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from catalog.versions.matters import compiled
from matters.cases.applying import who_applies
from matters.cases.department_view import gather_outputs, plan_of, read_case, with_supplied
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import State
from matters.handing_over.asking import SystemAway, ask_system
from matters.models import DepartmentSystem, HandedOver, SubItem
from matters.reviewing.transitions import event
from portal.ledger.chain import append_events
from portal.lib.strict_json import storable_text
from portal.outbox.claiming import Claim, Postponed, complete
from portal.outbox.enqueueing import Job, enqueue_many

BATCH = 200


def hand_over_queued() -> int:
    """Hand over what stands in the queues of departments whose system is on, and take back what no system answered in time.

    For the reconciler; return how many of both. Off, a system costs nothing but being looked up.
    """
    count = _take_back_overdue()
    for system in DepartmentSystem.objects.filter(is_on=True).select_related("department"):
        named = Q()
        for item in system.items:
            named |= Q(key=item) | Q(key__startswith=f"{item}#")
        waiting = SubItem.objects.filter(
            named, department=system.department, state=State.QUEUED, handed_over__isnull=True, accepted_at=None
        )
        free = waiting.filter(review_tasks__closed_at=None, review_tasks__claimed_by=None)
        for sub_item in free.select_related("department").distinct()[:BATCH]:
            count += _hand_over(system, sub_item)
    return count


@transaction.atomic
def _hand_over(system: DepartmentSystem, sub_item: SubItem) -> int:
    now = timezone.now()
    row, is_new = HandedOver.objects.get_or_create(sub_item=sub_item, defaults={"system": system, "at": now})
    if is_new:
        enqueue_many([Job("hand_over", str(row.pk), {"handed_over": str(row.pk)})])
        append_events(sub_item.bundle_id, [event("handed_over", sub_item, None, system=system.code)])
    return int(is_new)


def _take_back_overdue() -> int:
    """Give to persons what its system has not accepted in time; the case says so. Also of systems that were switched off meanwhile."""
    now = timezone.now()
    late = HandedOver.objects.filter(
        Q(system__is_on=False) | Q(at__lt=now - F("system__answer_minutes") * timedelta(minutes=1)),
        taken_back_at=None,
        sub_item__state=State.QUEUED,
    )
    count = 0
    for row in late.select_related("sub_item__department", "system")[:BATCH]:
        with transaction.atomic():
            if HandedOver.objects.filter(pk=row.pk, taken_back_at=None).update(taken_back_at=now):
                append_events(row.sub_item.bundle_id, [event("taken_back", row.sub_item, None, system=row.system.code)])
                count += 1
    return count


def push(claims: Sequence[Claim]) -> None:
    """Handle ``hand_over``: payload ``{handed_over}``. Sent again under the same key where the answer was lost. Raises ``StaleLease``, ``Postponed``."""
    for claim in claims:
        row = HandedOver.objects.select_related("system").get(pk=claim.payload["handed_over"])
        sub_item = SubItem.objects.for_case().get(pk=row.sub_item_id)
        reference = None
        if row.sent_at is None and row.taken_back_at is None and row.system.is_on and sub_item.state == State.QUEUED:
            try:
                told = ask_system(row.system, "cases", record_of(row, sub_item))
            except SystemAway as why:
                raise Postponed(str(why)) from None
            reference = storable_text(str(told.get("reference") or ""))[:80]
        with transaction.atomic():
            complete([claim])
            if reference is not None:
                HandedOver.objects.filter(pk=row.pk).update(sent_at=timezone.now(), reference=reference)


def record_of(row: HandedOver, sub_item: SubItem) -> dict[str, Any]:
    """Return what a system is sent: who applies and who acts for them, its department's own form by its own codes, its papers, and where
    to answer.
    """
    plan = plan_of(sub_item.bundle)
    values = with_supplied(plan, open_bundle_form(sub_item.bundle).values, gather_outputs(sub_item.bundle))
    planned = compiled(sub_item.bundle.matter_version_id).plan_for(sub_item.bundle.answers).item(sub_item.key)
    return {
        "key": str(row.pk),
        "number": sub_item.number,
        "item": planned.slug,
        "applies": who_applies(sub_item.bundle),
        "record": {line.code: values.get(line.field) for line in plan.own_form(sub_item.key)},
        "papers": _papers_of(sub_item),
        "answer_to": settings.YIJIAN_PUBLIC_URL + reverse("matters:system_events", args=[row.system.code]),
    }


@override("zh-hans")
def _papers_of(sub_item: SubItem) -> list[dict[str, Any]]:
    """Return the papers that the part asks for: how many files were handed in, or in words the row that stood in for them."""
    return [
        {"paper": paper.key, "name": paper.name, "files": len(paper.files), "instead": paper.exemption}
        for paper in read_case(sub_item).papers
    ]
