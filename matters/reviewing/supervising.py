"""Supervisory orders (督办): a supervisor asks about one case, the department answers on record by a day, both are told.

One order stands open on a case at a time. Whoever gave it does not answer it. Order and answer are events of the case's history.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Membership
from catalog.staff.memberships import department_ids_for, who_may
from catalog.staff.telling import tell_staff
from matters.calendars.limits import due_after
from matters.cases.access import is_applicant, whose_own
from matters.core.states import OPEN, State
from matters.models import ReviewTask, SubItem, SupervisoryOrder
from matters.models.querysets import own_bundles
from matters.reviewing.transitions import event, require_step
from matters.wording.refusals import Invalid, NotAllowed, Refusal
from portal.accounts.models import User
from portal.ledger.chain import append_events

SHORTEST, LONGEST, LONGEST_ANSWER = 5, 300, 600
MOST_DAYS = 10


class OrderRefused(Refusal):
    """No order is given, or none is answered; the sentence says why."""

    code = "order_refused"


def orders_for(user: User) -> QuerySet[SupervisoryOrder]:
    """Return the orders that a person answers or gave, of the departments where they review or supervise now; of their own applications none."""
    to_answer = SupervisoryOrder.objects.filter(department__in=department_ids_for(user, "review"))
    given = SupervisoryOrder.objects.filter(ordered_by=user, department__in=department_ids_for(user, "supervise"))
    return (
        (to_answer | given)
        .exclude(sub_item__bundle__in=own_bundles(user))
        .select_related("sub_item__bundle__matter_version__matter", "department", "ordered_by", "answered_by")
        .defer("sub_item__bundle__matter_version__content", "sub_item__bundle__form_sealed")
    )


def get_order_for(user: User, pk: int) -> SupervisoryOrder:
    """Return an order of `orders_for`; Http404 for any other."""
    return get_object_or_404(orders_for(user), pk=pk)


def get_supervised_for(user: User, number: str) -> SubItem:
    """Return a case of a department that the user supervises, without what stands in it; Http404 for any other and for their own."""
    cases = SubItem.objects.filter(department__in=department_ids_for(user, "supervise"))
    found = get_object_or_404(cases.select_related("department", "bundle").defer("bundle__form_sealed"), number=number)
    _require_not_own(user, found.pk)
    return found


def _require_not_own(user: User, sub_item: UUID) -> None:
    if is_applicant(user, SubItem.objects.for_case().defer("bundle__form_sealed").get(pk=sub_item).bundle):
        raise Http404


def open_order(sub_item: SubItem) -> SupervisoryOrder | None:
    """Return the order on a case that waits for its answer. One query."""
    return SupervisoryOrder.objects.filter(sub_item=sub_item, answered_at__isnull=True).first()


@transaction.atomic
def give_order(user: User, sub_item: SubItem, text: str, days: str) -> SupervisoryOrder:
    """Ask the case's department about it, to be answered within ``days`` working days; who holds it and the department's leads are told.

    Raises ``Invalid`` (keys ``text``, ``days``), ``OrderRefused`` where the case is concluded or an order stands open, ``NotAllowed``.
    """
    require_step(user, sub_item, "give_order")
    text = " ".join(text.split())
    problems = {}
    if not SHORTEST <= len(text) <= LONGEST:
        problems["text"] = _("请写明要部门做什么，%(least)s 到 %(most)s 个字。") % {"least": SHORTEST, "most": LONGEST}
    wanted = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    if not 1 <= wanted <= MOST_DAYS:
        problems["days"] = _("请填写 1 到 %(most)s 之间的工作日数。") % {"most": MOST_DAYS}
    if problems:
        raise Invalid(_("督办单还不完整，没有发出。"), problems)
    locked = (
        SubItem.objects.select_for_update(of=("self",), no_key=True).select_related("department").get(pk=sub_item.pk)
    )
    if State(locked.state) not in OPEN:
        raise OrderRefused(_("这一件已经办结，不用督办。"))
    now = timezone.now()
    try:
        with transaction.atomic():
            order = SupervisoryOrder.objects.create(
                sub_item=locked,
                department=locked.department,
                text=text,
                ordered_by=user,
                ordered_at=now,
                due_on=due_after(timezone.localdate(now), wanted).date,
            )
    except IntegrityError:
        raise OrderRefused(_("这一件已经有督办单在等答复，请等部门答复。")) from None
    told = {"item": locked.name, "number": locked.number, "due": order.due_on.isoformat()}
    tell_staff(
        "order_given",
        told,
        key=f"order_given:{order.pk}",
        link=reverse("matters:order", args=[order.pk]),
        accounts=handler_and_leads(locked) - {user.pk},
        now_may=who_may(locked.department, "review") - whose_own(sub_item.bundle),
    )
    append_events(locked.bundle_id, [event("order_given", locked, user, order=order.pk, due_on=str(order.due_on))])
    return order


@transaction.atomic
def answer_order(user: User, order: SupervisoryOrder, answer: str) -> SupervisoryOrder:
    """Answer on record, once; whoever gave the order is told. Also late: the day it came stands beside the day it was due.

    Raises ``Invalid`` (key ``answer``), ``OrderRefused`` where somebody answered first, ``NotAllowed``.
    """
    part = SubItem.objects.for_case().get(pk=order.sub_item_id)
    require_step(user, part, "answer_order", department=order.department)
    if order.ordered_by_id == user.pk:
        raise NotAllowed(_("这张督办单是您发的，要由同事答复。"))
    answer = answer.strip()
    if not SHORTEST <= len(answer) <= LONGEST_ANSWER:
        sentence = _("请写明办到哪一步、为什么、什么时候办完，%(least)s 到 %(most)s 个字。")
        sentence %= {"least": SHORTEST, "most": LONGEST_ANSWER}
        raise Invalid(sentence, {"answer": sentence})
    locked = (
        SupervisoryOrder.objects.select_for_update(of=("self",)).select_related("sub_item__department").get(pk=order.pk)
    )
    if locked.answered_at is not None:
        raise OrderRefused(_("这张督办单已经有人答复，没有改动。"))
    locked.answer, locked.answered_by, locked.answered_at = answer, user, timezone.now()
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    tell_staff(
        "order_answered",
        {"item": part.name, "number": part.number, "department": order.department.name},
        key=f"order_answered:{locked.pk}",
        link=reverse("matters:order", args=[locked.pk]),
        accounts=_who_hears_the_answer(locked),
        now_may=who_may(order.department, "supervise") - whose_own(part.bundle),
    )
    append_events(part.bundle_id, [event("order_answered", part, user, order=locked.pk)])
    return locked


def _who_hears_the_answer(order: SupervisoryOrder) -> set[int]:
    """Return who gave the order while they supervise there, else the department's leads."""
    giver = {order.ordered_by_id} & who_may(order.department_id, "supervise")
    return giver or _leads(order.department_id)


def handler_and_leads(sub_item: SubItem) -> set[int]:
    """Return the accounts of who holds a case now and of its department's leads. Two queries."""
    held = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True, claimed_by__isnull=False)
    return {*held.values_list("claimed_by", flat=True)} | _leads(sub_item.department_id)


def _leads(department: int) -> set[int]:
    posts = Membership.objects.filter(department=department, role=Membership.Role.LEAD)
    return {*posts.values_list("user", flat=True)}
