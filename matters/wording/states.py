"""How states and events are said to people. One place, so that page, message and print use the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matters.core.states import Party, State

STATE_LABELS = {
    State.WAITING: gettext_lazy("等待前项办结"),
    State.QUEUED: gettext_lazy("待受理"),
    State.RETURNED: gettext_lazy("待补正"),
    State.RESUBMITTED: gettext_lazy("已补正，待受理"),
    State.ACCEPTED: gettext_lazy("已受理"),
    State.UNDER_REVIEW: gettext_lazy("审查中"),
    State.APPROVED: gettext_lazy("准予，已办结"),
    State.REJECTED: gettext_lazy("不予办理，已办结"),
    State.NOT_ACCEPTED: gettext_lazy("不予受理"),
    State.WITHDRAWN: gettext_lazy("已撤回"),
    State.TERMINATED: gettext_lazy("终止办理"),
}

# The tag's colour beside the word (the word always says the same): jade done, amber waiting, cinnabar waits for the applicant, indigo at work.
STATE_TONES = {
    State.WAITING: "",
    State.QUEUED: "a",
    State.RETURNED: "r",
    State.RESUBMITTED: "a",
    State.ACCEPTED: "i",
    State.UNDER_REVIEW: "i",
    State.APPROVED: "j",
    State.REJECTED: "r",
    State.NOT_ACCEPTED: "r",
    State.WITHDRAWN: "",
    State.TERMINATED: "",
}

EVENT_LABELS = {
    "submitted": gettext_lazy("提交申请"),
    "restored": gettext_lazy("系统补建子项"),
    "queued": gettext_lazy("分办到部门"),
    "claimed": gettext_lazy("认领"),
    "points_checked": gettext_lazy("核对审核要点"),
    "handed_back": gettext_lazy("交还"),
    "reassigned": gettext_lazy("转交同事办理"),
    "correction_reminded": gettext_lazy("提醒申请人补正"),
    "draft_released": gettext_lazy("填写人已离岗，留给收件窗口接着办"),
    "extension_asked": gettext_lazy("申请延期"),
    "extended": gettext_lazy("经负责人批准，延长办理期限"),
    "rest_begun": gettext_lazy("申请人另行办理其余事项"),
    "advice_asked": gettext_lazy("征求其他部门意见"),
    "advice_answered": gettext_lazy("收到其他部门意见"),
    "advice_revoked": gettext_lazy("收回征求意见"),
    "advice_reminded": gettext_lazy("催办征求意见"),
    "procedure_started": gettext_lazy("启动特别程序"),
    "procedure_ended": gettext_lazy("特别程序结束"),
    "extension_refused": gettext_lazy("负责人没有批准延期"),
    "claim_released": gettext_lazy("办理人已离岗，退回队列"),
    "claim_lapsed": gettext_lazy("认领到期没有办理，退回队列"),
    "accepted": gettext_lazy("受理"),
    "deemed_accepted": gettext_lazy("逾期没有答复，依法视为受理"),
    "acceptance_refused": gettext_lazy("不予受理"),
    "review_started": gettext_lazy("开始审查"),
    "deficiencies_marked": gettext_lazy("标出需要补正的内容，等各部门核对后一次告知"),
    "deficiencies_dropped": gettext_lazy("收回还没有告知的补正内容"),
    "contradiction_settled": gettext_lazy("牵头部门裁定部门之间不一致的要求"),
    "decision_proposed": gettext_lazy("提出拟办意见，等审批"),
    "proposal_signed": gettext_lazy("审批签署"),
    "proposal_sent_back": gettext_lazy("审批退回经办人"),
    "proposal_taken_back": gettext_lazy("经办人收回拟办意见"),
    "note_written": gettext_lazy("写内部备注"),
    "message_sent": gettext_lazy("给申请人写消息"),
    "message_received": gettext_lazy("收到申请人一方的消息"),
    "department_reminded": gettext_lazy("牵头部门提醒办理"),
    "contradiction_lapsed": gettext_lazy("牵头部门没有按时裁定，不要求补正"),
    "extra_round_asked": gettext_lazy("报负责人批准再次补正"),
    "extra_round_granted": gettext_lazy("负责人批准再次补正"),
    "extra_round_refused": gettext_lazy("负责人没有批准再次补正"),
    "correction_requested": gettext_lazy("告知补正"),
    "notice_sent": gettext_lazy("几个部门要补正的内容一次告知"),
    "resubmitted": gettext_lazy("申请人补正后再次提交"),
    "approved": gettext_lazy("准予"),
    "approved_in_part": gettext_lazy("部分准予"),
    "decided_by_rule": gettext_lazy("系统按规则自动办结，没有人工经手"),
    "handed_over": gettext_lazy("移交部门业务系统办理"),
    "taken_back": gettext_lazy("部门业务系统没有按时受理，转由人工办理"),
    "accepted_by_system": gettext_lazy("部门业务系统受理"),
    "approved_by_system": gettext_lazy("部门业务系统准予"),
    "rejected_by_system": gettext_lazy("部门业务系统不予办理"),
    "left_to_person": gettext_lazy("没有自动办结，转由人工办理"),
    "person_check_asked": gettext_lazy("申请人要求人工复核"),
    "person_checked": gettext_lazy("人工核查了自动办结"),
    "rejected": gettext_lazy("不予办理"),
    "withdrawn": gettext_lazy("申请人撤回"),
    "terminated": gettext_lazy("终止办理"),
    "inspection_drawn": gettext_lazy("效能监察抽中"),
    "certificate_issued": gettext_lazy("签发电子证照"),
    "card_given": gettext_lazy("系统亮牌，提醒办理期限"),
    "order_given": gettext_lazy("效能监察督办"),
    "order_answered": gettext_lazy("部门答复督办"),
    "document_opened": gettext_lazy("申请人打开文书"),
    "document_delivered": gettext_lazy("申请人打开决定文书，已送达"),
    "amendment_opened": gettext_lazy("补正改动了已办结的内容，转来核对"),
    "amendment_agreed": gettext_lazy("同意更正，等其他部门"),
    "amended": gettext_lazy("已更正"),
    "amendment_refused": gettext_lazy("没有同意更正，恢复原来的内容"),
    "amendment_dropped": gettext_lazy("申请人已改回，不用更正"),
    "papers_deferred": gettext_lazy("容缺受理，约定补交材料"),
    "commitments_taken": gettext_lazy("按告知承诺受理"),
    "paper_reminded": gettext_lazy("提醒申请人补交材料"),
    "paper_handed_in": gettext_lazy("申请人补交材料"),
    "promise_kept": gettext_lazy("承诺已核实"),
    "paper_asked_again": gettext_lazy("补交的材料不符合，请重交"),
    "promise_broken": gettext_lazy("没有履行承诺，记入信用记录"),
    "promise_struck": gettext_lazy("撤销信用记录"),
    "ended_unkept": gettext_lazy("没有履行承诺，终止办理"),
    "virus_found": gettext_lazy("材料查出病毒，已封存"),
    "concluded": gettext_lazy("整件办结"),
}

# Why somebody may not take a step, by what they are to the case.
BARS = {
    Party.APPLICANT: gettext_lazy("这是您本人的申请，不能由您自己办理，请交还后由同事办理。"),
    Party.OFFICER: gettext_lazy("您在这个部门审查办件，不能代申请人补正。请申请人本人补正，或者由收件窗口的同事代办。"),
    Party.ASKER: gettext_lazy("这次补正是您提出的，不能由您代申请人提交。请申请人本人补正，或者由收件窗口的同事代办。"),
    Party.ANSWERER: gettext_lazy("这件的补正是您代申请人提交的，不能再由您审查、决定，请交还后由同事办理。"),
    Party.ENTERER: gettext_lazy("这件申请是您在窗口经手录入的，不能再由您审查、决定，请交还后由同事办理。"),
    Party.VOUCHER: gettext_lazy("申请人的身份是您在窗口核验的，这件不能再由您审查、决定，请交还后由同事办理。"),
    Party.PROPOSER: gettext_lazy("这个决定是您提出的，或者您已经签署，要由别的同事审批。"),
    Party.ACCEPTOR: gettext_lazy("这一件是您受理的。按本部门的设置，受理人不能审批，请交还后由同事办理。"),
    Party.RELATED: gettext_lazy("您和申请人之间有代办授权或者监护关系，这件不能由您办理，请交还后由同事办理。"),
}

PURPOSES = {
    "acceptance": gettext_lazy("收件受理"),
    "review": gettext_lazy("审查办理"),
    "material": gettext_lazy("查看材料"),
    "counter": gettext_lazy("窗口服务"),
    "lead": gettext_lazy("牵头部门协调"),
    "certificate": gettext_lazy("签发证照"),
    "console": gettext_lazy("后台查看办件"),
    "inspection": gettext_lazy("效能监察抽查"),
    "advice": gettext_lazy("答复其他部门征求的意见"),
}

# What is read of a case besides its fields and papers.
READ_PARTS = {
    "name": gettext_lazy("申请人姓名"),
    "document": gettext_lazy("证件号码（隐去中间）"),
    "phone": gettext_lazy("手机号（隐去中间）"),
    "receipt": gettext_lazy("收件凭证"),
    "documents": gettext_lazy("申请文书"),
    "letters": gettext_lazy("部门出具的文书"),
    "reason": gettext_lazy("补正或决定的理由"),
}


class Stands(Protocol):
    """What of a sub-item says where it stands."""

    @property
    def state(self) -> str: ...
    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def is_in_part(self) -> bool: ...


def state_label(state: str) -> str:
    """Return the state in words."""
    return str(STATE_LABELS[State(state)])


def standing(sub_item: Stands) -> str:
    """Return where a sub-item stands, in words. What was accepted before its correction stays accepted; a grant in part is said as one."""
    if sub_item.state == State.RESUBMITTED and sub_item.accepted_at is not None:
        return _("已补正，接着审查")
    if sub_item.state == State.APPROVED and sub_item.is_in_part:
        return _("部分准予，已办结")
    return state_label(sub_item.state)


def state_tone(state: str) -> str:
    """Return the tag class that goes with the state's word."""
    return STATE_TONES[State(state)]


def event_label(kind: str) -> str:
    """Return the event in words; a kind without a word is shown as it is."""
    return str(EVENT_LABELS.get(kind, kind))


def bar_sentence(party: Party) -> str:
    """Return why somebody who is this to a case may not take the step."""
    return str(BARS[party])


def purpose_label(purpose: str) -> str:
    """Return why data was read, in words."""
    return str(PURPOSES.get(purpose, purpose))


def day(moment: date | datetime) -> str:
    """Return a day as people write it: 11月26日 (the year is added when it is not the current one)."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    if moment.year == timezone.localdate().year:
        return date_format(moment, "MONTH_DAY_FORMAT")
    return date_format(moment, "DATE_FORMAT")


def working_days_left(days: int) -> str:
    """Return what is left of a limit in words; ``days`` is negative when it has passed."""
    if days < 0:
        return ngettext("已超期 %(days)s 个工作日", "已超期 %(days)s 个工作日", -days) % {"days": -days}
    if days == 0:
        return _("今天到期")
    return ngettext("还剩 %(days)s 个工作日", "还剩 %(days)s 个工作日", days) % {"days": days}


def bundle_state(states: Iterable[str], *, in_part: bool = False) -> tuple[str, str]:
    """Return a bundle's state in words and its tag class, from the states of its sub-items. ``in_part``: something was granted in part only.

    What waits for the applicant comes first, then what is at work, then how it ended.
    """
    found = [State(state) for state in states]
    open_ones = [state for state in found if state in _AT_WORK or state == State.WAITING]
    if State.RETURNED in found:
        return _("等您补正"), "r"
    if any(state in _AT_WORK for state in found):
        return _("办理中"), "i"
    if open_ones:
        return _("等待分办"), "a"
    if found and all(state == State.APPROVED for state in found):
        return (_("已办结，部分准予"), "a") if in_part else (_("全部办结"), "j")
    if found and all(state == State.WITHDRAWN for state in found):
        return _("已撤回"), ""
    return _("已办结，部分未办成"), "a"


_AT_WORK = frozenset({State.QUEUED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW})
