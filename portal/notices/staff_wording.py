"""What a message says to those who work here: posts, cases handed over, standing in."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Words(NamedTuple):
    """The headline, the sentence below it, what the link says, and the colour of its mark (a class of the look)."""

    title: str | Promise
    text: str | Promise
    action: str | Promise
    tag: str


TO_STAFF: dict[str, Words] = {
    "case_reassigned": Words(
        _("%(by)s转交给您一件：%(item)s"), _("办件 %(number)s 现在由您办理，办理期限不变。"), _("去办理"), "a"
    ),
    "proposal_sent_back": Words(
        _("%(by)s退回拟办意见：%(item)s"),
        _("办件 %(number)s。退回的理由写在办件里，请改好后重新提出。"),
        _("去办理"),
        "a",
    ),
    "message_received": Words(
        _("申请人一方写来消息：%(item)s"), _("办件 %(number)s。内容写在办件里，可以在原处答复。"), _("去看消息"), "a"
    ),
    "paper_handed_in": Words(
        _("%(item)s：申请人补交了材料"), _("办件 %(number)s 补交了“%(paper)s”，请核对。"), _("去核对"), "a"
    ),
    "granted_on_broken_promise": Words(
        _("%(item)s：已经准予，承诺没有履行"),
        _("办件 %(number)s 的申请人没有履行承诺。请按规定核实，决定是否撤销已经作出的决定。"),
        _("查看办件"),
        "r",
    ),
    "absence_recorded": Words(
        _("已登记您不在岗"),
        _("%(department)s，%(from)s 到 %(to)s，由%(stand_in)s代办。不对的，请在审批台结束这次不在岗。"),
        _("查看"),
        "a",
    ),
    "stand_in_asked": Words(
        _("请您代%(name)s办理"),
        _("%(department)s，%(from)s 到 %(to)s。%(name)s手上的办件转到您名下，补正回来的也由您接着办。"),
        _("去办理"),
        "a",
    ),
    "post_proposed": Words(
        _("请您确认一项任职"),
        _("%(by)s提出由%(name)s担任%(department)s%(role)s。两个人同意才生效，请核实后确认。"),
        _("去确认"),
        "a",
    ),
    "post_given": Words(
        _("%(name)s已任%(department)s%(role)s"),
        _("由%(proposer)s提出、%(by)s确认，权限即刻生效。如果不是本人或本部门知道的安排，请马上报告。"),
        _("查看任职"),
        "i",
    ),
    "post_refused": Words(
        _("任职没有获得同意"), _("%(by)s没有同意由%(name)s担任%(department)s%(role)s。"), _("查看任职"), "r"
    ),
    "post_ended": Words(
        _("%(name)s不再担任%(department)s%(role)s"),
        _("由%(by)s办理，即刻生效；名下的办件已退回队列。"),
        _("查看任职"),
        "a",
    ),
    "advice_asked": Words(
        _("%(department)s征求%(asked)s的意见"),
        _("%(department)s办理“%(item)s”征求%(asked)s的意见，请在%(due)s前答复。"),
        _("去答复"),
        "r",
    ),
    "advice_reminded": Words(
        _("%(department)s催办征求意见"),
        _("%(department)s办理“%(item)s”在等%(asked)s的意见，期限是%(due)s。"),
        _("去答复"),
        "r",
    ),
    "advice_answered": Words(
        _("%(asked)s已答复征求意见"),
        _("%(asked)s已就“%(item)s”答复%(department)s，期限是%(due)s。"),
        _("查看办件"),
        "i",
    ),
    "contradiction": Words(
        _("有部门之间不一致的要求等您裁定"),
        _(
            "办件 %(number)s：一个部门要求补正的内容，另一个部门核对通过了。裁定以前不告知申请人；到期没有裁定的，不要求补正。"
        ),
        _("去裁定"),
        "r",
    ),
    "contradiction_asked": Words(
        _("%(department)s已裁定：要求补正"),
        _("办件 %(number)s：您提出的补正随一次性告知发给申请人。理由：%(reason)s"),
        _("查看办件"),
        "i",
    ),
    "contradiction_left_out": Words(
        _("%(department)s已裁定：不要求补正"),
        _("办件 %(number)s：您提出的补正中，与其他部门不一致的一项不告知申请人。理由：%(reason)s"),
        _("查看办件"),
        "a",
    ),
    "lead_reminded": Words(
        _("%(department)s提醒办理：%(item)s"),
        _("办件 %(number)s 的一件事由%(department)s牵头，请尽快办理。办理期限不变。"),
        _("去办理"),
        "a",
    ),
    "person_check_asked": Words(
        _("申请人要求人工复核：%(item)s"),
        _("办件 %(number)s 由系统按规则自动办结，申请人要求有人复核。请核对后写明结果。"),
        _("去复核"),
        "r",
    ),
    "contradiction_waits": Words(
        _("部门之间不一致的要求还在等您裁定"),
        _("办件 %(number)s：裁定期限已经过半。到期没有裁定的，不要求申请人补正。"),
        _("去裁定"),
        "r",
    ),
}
