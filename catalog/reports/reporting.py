"""报错: a reader says what is wrong in a guide; the department that answers for it hears of it, and the reader of the answer.

What a reader leaves to be reached by is sealed, and opened for the staff who handle the report alone.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from catalog.models import Department, Matter, MistakeReport, ServiceItem
from catalog.staff.managers import PROPOSE
from catalog.staff.memberships import Right, department_ids_for
from portal.accounts.models import User
from portal.lib.vault import SealBroken, seal, unseal
from portal.notices.inbox import send_message

log = structlog.get_logger(__name__)

# Who may read and answer the reports of a department: those who review its cases, its lead among them. Who only supervises does neither:
# what a reader left to be reached by is none of theirs, and an answer is the department's.
RIGHTS: tuple[Right, ...] = ("review",)


class AlreadyHandled(Exception):
    """Somebody else has answered this report meanwhile. ``code``: ``mistake_already_handled``."""

    code = "mistake_already_handled"


def _context(report: MistakeReport) -> str:
    return f"mistake.contact:{report.pk}"


@transaction.atomic
def report_mistake(
    *,
    matter: Matter | None,
    item: ServiceItem | None,
    department: Department,
    kind: str,
    text: str,
    contact: str,
    by: User | None,
) -> MistakeReport:
    """Write down what a reader found. ``department`` answers for it: the item's, or the matter's lead."""
    report = MistakeReport.objects.create(
        matter=matter, item=item, department=department, kind=kind, text=text, reported_by=by
    )
    if contact:
        report.contact = seal(contact, _context(report))
        report.save(update_fields=["contact"])
    log.info("mistake_reported", report=report.pk, department=department.code, kind=kind)
    return report


def contact_of(report: MistakeReport) -> str:
    """Return what the reader left to be reached by; empty if nothing, or if it no longer opens."""
    if not report.contact:
        return ""
    try:
        return str(unseal(report.contact, _context(report)))
    except SealBroken as broken:
        log.warning("mistake_contact_unreadable", report=report.pk, code=broken.code)
        return ""


def writes_catalog(user: User | AnonymousUser) -> bool:
    """Return whether somebody holds the post of who writes the catalog; whoever administers the system may everything and is none."""
    return user.has_perm(PROPOSE) and not user.is_superuser


def reports_for(user: User | AnonymousUser) -> QuerySet[MistakeReport]:
    """Return the reports a member of staff may see: those of departments in which they review; who writes the catalog sees all of them."""
    if writes_catalog(user):
        return MistakeReport.objects.all()
    return MistakeReport.objects.filter(department__in=department_ids_for(user, *RIGHTS))


def may_answer(user: User | AnonymousUser, report: MistakeReport) -> bool:
    """Return whether a member of staff answers a report, and reads how its reader may be reached: who reviews in its department."""
    return report.department_id in department_ids_for(user, *RIGHTS)


@transaction.atomic
def handle(report: MistakeReport, *, state: str, answer: str, by: User) -> None:
    """Answer a report, or say that the guide was corrected; tell the reader if they were logged in. Raises `AlreadyHandled`."""
    changes: dict[str, Any] = {"state": state, "answer": answer, "handled_by": by, "handled_at": timezone.now()}
    open_report = MistakeReport.objects.filter(pk=report.pk, state=MistakeReport.State.OPEN)
    if open_report.update(**changes) != 1:
        raise AlreadyHandled
    for name, value in changes.items():
        setattr(report, name, value)
    if report.reported_by_id is not None:
        kind = "mistake_corrected" if state == MistakeReport.State.CORRECTED else "mistake_answered"
        guide = report.matter or report.item
        data = {"guide": guide.name if guide else "", "department": report.department.name, "answer": answer}
        send_message(report.reported_by_id, f"mistake:{report.pk}", kind, data, _link(report))
    log.info("mistake_handled", report=report.pk, state=state)


def _link(report: MistakeReport) -> str:
    if report.matter is not None:
        return reverse("catalog:matter", args=[report.matter.slug])
    return reverse("catalog:item", args=[report.item.slug]) if report.item is not None else ""
