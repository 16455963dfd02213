"""The same work as it is usually written: an object per row and its ``save()``, a task per sub-item.

Only here, for comparison. The checks are those of the real code; what differs is how rows are written.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from catalog.merging.compiled import Plan
from catalog.models import Department
from matters.cases.sealed_form import BundleForm, seal_bundle_form
from matters.core.clocks import official_date
from matters.core.numbering import bundle_number, sub_item_number
from matters.core.states import CONCLUDED, State
from matters.models import Bundle, Draft, ReviewTask, SubItem, SubmittedMaterial
from matters.submitting.bundle_writer import OpenDraft, _submitted
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events, first_events
from portal.ledger.models import Chain, Event
from portal.outbox.models import OutboxMessage


def write_bundle_row_by_row(
    filed: OpenDraft, plan: Plan, form: BundleForm, *, answers: dict[str, Any], by: User, promised_on: date
) -> Bundle:
    """Write what ``matters.submitting.bundle_writer.write_bundle`` writes, with one ``save()`` per row."""
    bundle = Bundle(
        number=bundle_number(official_date(filed.now), filed.division, filed.serial),
        matter_version_id=filed.matter_version_id,
        applicant_id=filed.applicant_id,
        entered_by=by,
        channel=filed.channel,
        idempotency_key=filed.submission_key,
        answers=answers,
        submitted_at=filed.now,
        promised_on=promised_on,
    )
    bundle.form_sealed = seal_bundle_form(bundle.pk, form)
    bundle.save()
    for place, item in enumerate(plan.items, start=1):
        SubItem(
            bundle=bundle,
            key=item.key,
            number=sub_item_number(bundle.number, place),
            name=item.name,
            department=Department.objects.get(code=item.department),
            after=list(item.after),
            state_since=filed.now,
            promised_limit_days=item.promised_limit_days,
            limit_unit=item.limit_unit,
        ).save()
    rows = first_events(bundle.pk, filed.now, _submitted(plan, by))
    chain = Chain(id=bundle.pk, length=len(rows), head=rows[-1].hash)
    chain.save()
    for row in rows:
        Event(
            chain=chain,
            sequence=row.sequence,
            at=row.at,
            kind=row.kind,
            actor_id=row.actor_id,
            department=row.department,
            sub_item=row.sub_item,
            data=row.data,
            previous_hash=row.previous_hash,
            hash=row.hash,
        ).save()
    OutboxMessage(
        kind="fan_out", subject=str(bundle.pk), payload={"bundle": str(bundle.pk)}, not_before=filed.now
    ).save()
    for paper in SubmittedMaterial.objects.filter(draft_id=filed.id):
        paper.draft, paper.bundle = None, bundle
        paper.save()
    draft = Draft.objects.get(pk=filed.id)
    draft.submitted_at, draft.form_sealed = filed.now, None
    draft.save()
    return bundle


@shared_task(name="tests.bench.dispatch_one", ignore_result=True)
def dispatch_one(sub_item_id: str) -> None:
    """Dispatch a single sub-item: read it, check what it waits for, save it, its task and its event."""
    with transaction.atomic():
        sub_item = SubItem.objects.select_for_update(of=("self",)).select_related("department").get(pk=sub_item_id)
        if sub_item.state != State.WAITING:
            return
        before = SubItem.objects.filter(bundle_id=sub_item.bundle_id, key__in=sub_item.after)
        if any(each.state not in CONCLUDED for each in before):
            return
        now = timezone.now()
        sub_item.state, sub_item.state_since = State.QUEUED, now
        sub_item.save()
        ReviewTask(sub_item=sub_item, department=sub_item.department, opened_at=now).save()
        event = NewEvent("queued", department=sub_item.department.code, sub_item=sub_item.key)
        append_events(uuid.UUID(str(sub_item.bundle_id)), [event])
