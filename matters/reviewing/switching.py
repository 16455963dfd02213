"""What persons do about rules that decide: switch one off at once, look again at what it decided, ask for a person."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Department
from catalog.staff.memberships import may, who_may
from catalog.staff.telling import tell_staff
from matters.cases.access import still_represents, whose_own
from matters.models import PersonCheck, RuleEvaluation, RuleSwitch, SubItem
from matters.reviewing.automatic import hold_switch, is_switched_on
from matters.reviewing.transitions import event, require_step
from matters.wording.refusals import NotAllowed, ReasonMissing, ReasonTooLong, Refusal
from portal.accounts.models import User
from portal.ledger.chain import append_events

REASON_LENGTH = 300


class AlreadyChecked(Refusal):
    """Somebody has said already what they found."""

    code = "already_checked"


@transaction.atomic
def switch_rule(user: User, department: Department, item: str, *, is_on: bool, reason: str) -> RuleSwitch | None:
    """Let the department's lead switch the rule of an item on or off; None where it stands so already.

    When this returns and its transaction commits, every decision under way has been made, and none follows. Raises ``NotAllowed``,
    ``ReasonMissing``, ``ReasonTooLong``.
    """
    if not (may(user, "supervise", department) and may(user, "decide", department)):
        raise NotAllowed(_("只有%(department)s的负责人可以开关自动办结。") % {"department": department.name})
    if not reason.strip():
        raise ReasonMissing
    if len(reason.strip()) > REASON_LENGTH:
        raise ReasonTooLong(_("理由最多 %(limit)s 个字，请写短一些，再提交。") % {"limit": REASON_LENGTH})
    hold_switch(department.pk, item, shared=False)
    if is_switched_on(department.pk, item) == is_on:
        return None
    return RuleSwitch.objects.create(
        department=department, item=item, is_on=is_on, reason=reason.strip(), by=user, at=timezone.now()
    )


@transaction.atomic
def ask_for_person(user: User, sub_item: SubItem) -> bool:
    """Have a person look at what a rule decided about the applicant's own application; return whether that is new. Raises ``NotAllowed``.

    (Personal Information Protection Law art. 24.)
    """
    evaluation = RuleEvaluation.objects.filter(sub_item=sub_item, decision__isnull=False).first()
    if evaluation is None or not still_represents(user, sub_item.bundle):
        raise NotAllowed(_("只有申请人本人可以要求人工复核。"))
    _check, is_new = PersonCheck.objects.get_or_create(
        evaluation=evaluation, cause=PersonCheck.Cause.ASKED, defaults={"opened_at": timezone.now()}
    )
    if is_new:
        append_events(sub_item.bundle_id, [event("person_check_asked", sub_item, user)])
        _tell_department(user, sub_item)
    return is_new


def _tell_department(user: User, sub_item: SubItem) -> None:
    """Tell all who may look at it in the department that its applicant asks for a person; the list 要求人工复核 of its queue holds it."""
    able = who_may(sub_item.department, "review") - whose_own(sub_item.bundle) - {user.pk}
    data = {"item": sub_item.name, "number": sub_item.number}
    link, key = reverse("matters:case", args=[sub_item.number]), f"person_check:{sub_item.number}"
    tell_staff("person_check_asked", data, key=key, link=link, accounts=able, now_may=able)


@transaction.atomic
def answer_check(user: User, check: PersonCheck, *, is_right: bool, note: str) -> None:
    """Say what a person found who looked at an automatic decision. Raises ``NotAllowed``, ``ReasonMissing``, ``ReasonTooLong``, ``AlreadyChecked``.

    What is wrong is put right by the ways there are: a correction that is asked for, or the certificate's status.
    """
    sub_item = SubItem.objects.for_case().get(pk=check.evaluation.sub_item_id)
    require_step(user, sub_item, "check_rule")
    if not is_right and not note.strip():
        raise ReasonMissing
    if len(note.strip()) > REASON_LENGTH:
        raise ReasonTooLong(_("理由最多 %(limit)s 个字，请写短一些，再提交。") % {"limit": REASON_LENGTH})
    held = PersonCheck.objects.select_for_update().get(pk=check.pk)
    if held.is_right is not None:
        raise AlreadyChecked(_("这一件已经有人核查过了。"))
    held.is_right, held.note, held.checked_by, held.checked_at = is_right, note.strip(), user, timezone.now()
    held.save()
    append_events(sub_item.bundle_id, [event("person_checked", sub_item, user, right=is_right)])
