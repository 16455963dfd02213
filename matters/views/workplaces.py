"""Where somebody on the staff works, and what waits there today: the first page of every role, in the console and at the review desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Department, Matter, MistakeReport, Proposal
from catalog.reports.reporting import RIGHTS as REPORT_RIGHTS
from catalog.reports.reporting import reports_for, writes_catalog
from catalog.staff.managers import PROPOSE, REVIEW
from catalog.staff.memberships import department_ids_for, departments_for
from matters.cases.advice import to_answer
from matters.cases.window import window_of
from matters.models import Bundle, Draft, ReviewTask, SubItem, SupervisoryOrder
from matters.models.querysets import own_sub_items
from matters.reviewing.disputing import RIGHTS, disputes_for
from matters.reviewing.leading import led_for, open_contradictions
from matters.reviewing.queue import counts_of
from portal.accounts.mandates.earlier import waiting
from portal.accounts.models import WindowProposal
from portal.outbox.models import OutboxMessage
from portal.sharing.desk import leading
from portal.sharing.models import Grant


@dataclass(frozen=True, slots=True)
class Workplace:
    """A page that this person may open, with what waits there in a few words."""

    name: str
    text: str
    url: str


def workplaces_of(user: Any, *, at_review_desk: bool = False) -> list[Workplace]:
    """Return a person's workplaces. ``at_review_desk``: leave out the review desk, which is where they are."""
    places = [_counter(user), _proposals(user), None if at_review_desk else _review_desk(user), _supervision(user)]
    others = (
        *_lead_desk(user),
        *_catalog(user),
        _mistakes(user),
        _orders(user),
        _advice(user),
        _disputes(user),
        _sharing(user),
        _administration(user),
    )
    return [place for place in (*places, *others) if place is not None]


def _counter(user: Any) -> Workplace | None:
    window = window_of(user)
    if not window.is_open:
        return None
    counts = {
        "drafts": Draft.objects.filter(window.entered_here(), submitted_at=None).not_over().count(),
        "returned": Bundle.objects.filter(window.entered_here(), sub_items__state="returned").distinct().count(),
    }
    text = _("没有填完的 %(drafts)s 份，等补正的 %(returned)s 件。找人、找办件，收件、受理、补正、打印凭证。") % counts
    return Workplace(_("收件台"), text, reverse("admin:counter"))


def _proposals(user: Any) -> Workplace | None:
    led = leading(user)
    if not led:
        return None
    codes = list(Department.objects.filter(pk__in=led).values_list("code", flat=True))
    count = WindowProposal.objects.filter(status=WindowProposal.Status.OPEN, sites__overlap=codes).count()
    count += waiting(codes).count()
    text = _("等复核的 %(count)s 项：监护、去世和撤销去世。终止授权、监护也在这里。") % {"count": count}
    return Workplace(_("窗口登记复核"), text, reverse("admin:counter_proposals"))


def _review_desk(user: Any) -> Workplace | None:
    departments = list(departments_for(user, "review"))
    if not departments:
        return None
    found = counts_of(departments, user=user).values()
    counts = {name: sum(each[name].number for each in found) for name in ("all", "today", "overdue", "mine")}
    text = _("待办 %(all)s 件，今日到期 %(today)s 件，已超期 %(overdue)s 件，您认领的 %(mine)s 件。") % counts
    return Workplace(_("审批台"), text, reverse("matters:review_home"))


def _supervision(user: Any) -> Workplace | None:
    departments = department_ids_for(user, "supervise")
    if not departments:
        return None
    own = own_sub_items(user)
    tasks = ReviewTask.objects.filter(department__in=departments, closed_at__isnull=True).exclude(sub_item__in=own)
    counts = {
        "open": SubItem.objects.open().filter(department__in=departments).exclude(pk__in=own).count(),
        "due": tasks.due_by(timezone.localdate()).count(),
    }
    text = _("所督办的部门在办 %(open)s 件，今日到期和超期 %(due)s 件。") % counts
    return Workplace(_("效能监察"), text, reverse("matters:inspection"))


def _lead_desk(user: Any) -> list[Workplace]:
    led = led_for(user)
    if not led or not Matter.objects.filter(lead_department__in=led).exists():
        return []
    count = open_contradictions(user).count()
    text = _("等裁定的 %(count)s 项。看牵头的一件事：各部门办到哪一步、谁在办、还剩几天。") % {"count": count}
    return [Workplace(_("牵头协调"), text, reverse("matters:lead_desk"))]


def _catalog(user: Any) -> list[Workplace]:
    places = []
    waiting = Proposal.objects.filter(state=Proposal.State.OPEN)
    if user.has_perm(PROPOSE):
        text = _("您提出、正在等审核的 %(count)s 份。编写一件事、事项、材料和表单。") % {
            "count": waiting.filter(proposed_by=user).count()
        }
        places.append(Workplace(_("目录编写"), text, reverse("admin:catalog_matter_changelist")))
    if user.has_perm(REVIEW):
        text = _("等您审核的发布申请 %(count)s 份。") % {"count": waiting.exclude(proposed_by=user).count()}
        places.append(Workplace(_("发布审核"), text, reverse("admin:catalog_proposal_changelist")))
    return places


def _mistakes(user: Any) -> Workplace | None:
    if not (department_ids_for(user, *REPORT_RIGHTS) or writes_catalog(user)):
        return None
    count = reports_for(user).filter(state=MistakeReport.State.OPEN).count()
    text = _("等答复的 %(count)s 条。") % {"count": count}
    return Workplace(_("指南报错"), text, reverse("admin:catalog_mistakereport_changelist"))


def _advice(user: Any) -> Workplace | None:
    count = to_answer(user).count() if department_ids_for(user, "review") else 0
    if not count:
        return None
    text = _("其他部门征求本部门意见，等答复的 %(count)s 件。") % {"count": count}
    return Workplace(_("征求意见"), text, reverse("matters:advice_list"))


def _orders(user: Any) -> Workplace | None:
    departments = department_ids_for(user, "review")
    count = SupervisoryOrder.objects.filter(department__in=departments, answered_at=None).count() if departments else 0
    if not count:
        return None
    text = _("效能监察督办，等本部门书面答复的 %(count)s 件。") % {"count": count}
    return Workplace(_("督办单"), text, reverse("matters:orders"))


def _disputes(user: Any) -> Workplace | None:
    if not department_ids_for(user, *RIGHTS):
        return None
    count = disputes_for(user).filter(outcome="").count()
    return Workplace(_("更正请求"), _("等答复的 %(count)s 条。") % {"count": count}, reverse("matters:disputes"))


def _sharing(user: Any) -> Workplace | None:
    led = leading(user)
    if not led:
        return None
    count = Grant.objects.filter(provision__source__department__in=led, state=Grant.State.REQUESTED).count()
    text = _("等您答复的共享需求 %(count)s 项。") % {"count": count}
    return Workplace(_("数据供需"), text, reverse("sharing_desk:desk"))


def _administration(user: Any) -> Workplace | None:
    if not user.is_superuser:
        return None
    count = OutboxMessage.objects.filter(quarantined_at__isnull=False).count()
    text = _("搁置、需要处理的后台工作 %(count)s 项。") % {"count": count}
    return Workplace(_("系统运行"), text, reverse("admin:outbox_outboxmessage_changelist") + "?status=quarantined")
