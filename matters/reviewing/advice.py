"""Asking another department's advice (征求意见): asked, reminded, taken back, answered once. It moves no state and no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from catalog.models import Department
from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.cases.access import whose_own
from matters.cases.advice import fields_to_show
from matters.core.states import AFTER_ACCEPTANCE, OPEN
from matters.models import Advice, Bundle, ReviewTask, SubItem
from matters.reviewing.transitions import event, require_step, stale_state_refusal
from matters.wording.refusals import AdviceRefused, Invalid, NotAllowed
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.whole_numbers import whole_number

QUESTION_LENGTH = 500
ANSWER_LENGTH = 2_000
MOST_DAYS = 60


@transaction.atomic
def ask_advice(
    user: User,
    sub_item: SubItem,
    department: str,
    question: str,
    fields: Iterable[str],
    due_on: str,
    *,
    is_yes_no: bool = False,
    is_confidential: bool = False,
) -> Advice:
    """Ask the department of that code; its reviewers are told. ``fields``: keys of the own form that they may see.

    Raises ``Invalid`` (keys ``advice_department``, ``question``, ``advice_due``), ``AdviceRefused`` where it is asked already,
    ``StateChanged``, ``NotAllowed``.
    """
    require_step(user, sub_item, "ask_advice")
    locked = _lock(sub_item)
    if locked.state not in AFTER_ACCEPTANCE:
        raise stale_state_refusal(locked)
    asked, due = _checked(locked, department, question, due_on)
    shown = [key for key in fields_to_show(locked) if key in set(fields)]
    now = timezone.now()
    try:
        with transaction.atomic():
            advice = Advice.objects.create(
                sub_item=locked,
                department=asked,
                question=question.strip(),
                fields=shown,
                is_yes_no=is_yes_no,
                is_confidential=is_confidential,
                due_on=due,
                asked_by=user,
                asked_at=now,
            )
    except IntegrityError:
        raise AdviceRefused(_("已经在征求%(department)s的意见，还没有答复。") % {"department": asked.name}) from None
    _tell(advice, "advice_asked", now)
    told = {"asked": asked.code, "fields": shown, "due_on": due.isoformat()}
    append_events(locked.bundle_id, [event("advice_asked", locked, user, **told)])
    return advice


@transaction.atomic
def answer_advice(user: User, advice: Advice, verdict: str, answer: str) -> Advice:
    """Answer once, for good. Raises ``Invalid`` (keys ``verdict``, ``answer``), ``AdviceRefused`` where it is settled, ``NotAllowed``."""
    sub_item = _lock(advice.sub_item)
    require_step(user, sub_item, "answer_advice", department=advice.department)
    if advice.asked_by_id == user.pk:
        raise NotAllowed(_("这一件不能由您答复，请同事办理。"))
    if sub_item.state not in OPEN:
        raise AdviceRefused(_("这一件已经办结，不用再答复。"))
    problems = {}
    wanted = [Advice.Verdict.YES, Advice.Verdict.NO] if advice.is_yes_no else [Advice.Verdict.NONE]
    if verdict not in wanted:
        problems["verdict"] = _("请选择同意或者不同意。")
    if not answer.strip():
        problems["answer"] = _("请写明意见和理由。")
    elif len(answer.strip()) > ANSWER_LENGTH:
        problems["answer"] = _("意见最多 %(limit)s 个字，请写短一些。") % {"limit": ANSWER_LENGTH}
    if problems:
        raise Invalid(_("答复还不完整，没有提交。"), problems)
    now = timezone.now()
    locked = _open(advice.pk)
    locked.verdict, locked.answer, locked.answered_by, locked.answered_at = verdict, answer.strip(), user, now
    locked.save(update_fields=["verdict", "answer", "answered_by", "answered_at"])
    _message(locked, "advice_answered", f"advice:{locked.pk}:answered", _who_waits(locked, sub_item))
    told = {"asked": advice.department.code, "verdict": verdict}
    append_events(sub_item.bundle_id, [event("advice_answered", sub_item, user, **told)])
    return locked


@transaction.atomic
def revoke_advice(user: User, sub_item: SubItem, number: str) -> None:
    """Take a question back that nobody has answered. Raises ``AdviceRefused``, ``NotAllowed``."""
    advice = _asked_here(user, sub_item, "revoke_advice", number)
    Advice.objects.filter(pk=advice.pk).update(revoked_at=timezone.now())
    append_events(sub_item.bundle_id, [event("advice_revoked", sub_item, user, asked=advice.department.code)])


@transaction.atomic
def remind_of_advice(user: User, sub_item: SubItem, number: str) -> None:
    """Tell those who are asked again, at most once a day. Raises ``AdviceRefused``, ``NotAllowed``."""
    advice = _asked_here(user, sub_item, "remind_of_advice", number)
    now = timezone.now()
    if advice.reminded_at is not None and timezone.localdate(advice.reminded_at) == timezone.localdate(now):
        raise AdviceRefused(_("今天已经催过，请明天再催，或者打电话。"))
    Advice.objects.filter(pk=advice.pk).update(reminded_at=now)
    _tell(advice, "advice_reminded", now)
    append_events(sub_item.bundle_id, [event("advice_reminded", sub_item, user, asked=advice.department.code)])


def _asked_here(user: User, sub_item: SubItem, step: str, number: str) -> Advice:
    require_step(user, sub_item, step)
    locked = _lock(sub_item)
    found = _open(whole_number(number) or 0)
    if found.sub_item_id != locked.pk:
        raise AdviceRefused(_settled())
    found.sub_item = locked
    return found


def _open(pk: int) -> Advice:
    """Return the question, its row held. Raises ``AdviceRefused`` where it was answered or taken back meanwhile."""
    rows = Advice.objects.select_for_update(of=("self",), no_key=True).select_related("department", "sub_item")
    found = rows.filter(pk=pk, answered_at=None, revoked_at=None).first()
    if found is None:
        raise AdviceRefused(_settled())
    return found


def _settled() -> str:
    return _("这个问题已经答复，或者已经收回，请看过最新情况再定。")


def _lock(sub_item: SubItem) -> SubItem:
    return SubItem.objects.for_case().select_for_update(of=("self",), no_key=True).get(pk=sub_item.pk)


def _checked(sub_item: SubItem, department: str, question: str, due_on: str) -> tuple[Department, date]:
    problems = {}
    asked = Department.objects.filter(code=department).exclude(pk=sub_item.department_id).first()
    if asked is None:
        problems["advice_department"] = _("请选择要征求意见的部门。")
    if not question.strip():
        problems["question"] = _("请写明要问什么。")
    elif len(question.strip()) > QUESTION_LENGTH:
        problems["question"] = _("问题最多 %(limit)s 个字，请写短一些。") % {"limit": QUESTION_LENGTH}
    try:
        due = parse_date(due_on.strip())
    except ValueError:
        due = None
    today = timezone.localdate()
    if due is None or not 0 <= (due - today).days <= MOST_DAYS:
        problems["advice_due"] = _("请填写答复期限，从今天起最多 %(days)s 天。") % {"days": MOST_DAYS}
    if problems or asked is None or due is None:
        raise Invalid(_("征求意见还没有发出，请补全。"), problems)
    return asked, due


def _tell(advice: Advice, kind: str, now: datetime) -> None:
    """Tell everybody who may answer for the department."""
    accounts = _reviewers(advice.department, advice.sub_item.bundle) - {advice.asked_by_id}
    _message(advice, kind, f"advice:{advice.pk}:{kind}:{now:%Y%m%d}", sorted(accounts))


def _who_waits(advice: Advice, sub_item: SubItem) -> list[int]:
    """Return whom to tell of an answer: who holds the case now, and who asked; each only while they still review here, else all who do."""
    holders = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True, claimed_by__isnull=False)
    reviewers = _reviewers(sub_item.department, sub_item.bundle)
    waits = {advice.asked_by_id, *holders.values_list("claimed_by", flat=True)}
    return sorted(reviewers & waits or reviewers)


def _reviewers(department: Department, bundle: Bundle) -> frozenset[int]:
    """Return the accounts that review in a department now, without who applies."""
    return who_may(department, "review") - whose_own(bundle)


def _message(advice: Advice, kind: str, key: str, accounts: Iterable[int]) -> None:
    is_answer = kind == "advice_answered"
    link = reverse("matters:advice", args=[advice.pk])
    if is_answer:
        link = reverse("matters:case", args=[advice.sub_item.number])
    told_in = advice.sub_item.department if is_answer else advice.department
    data = {
        "department": advice.sub_item.department.name,
        "asked": advice.department.name,
        "item": advice.sub_item.name,
        "due": advice.due_on.isoformat(),
    }
    able = _reviewers(told_in, advice.sub_item.bundle)
    tell_staff(kind, data, key=key, link=link, accounts=accounts, now_may=able)
