"""What a message says, by its kind: each sentence names in %(…)s what its message's data must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from portal.notices.certificate_wording import OF_CERTIFICATES
from portal.notices.guardian_wording import OF_EARLIER
from portal.notices.promise_wording import OF_PROMISES
from portal.notices.staff_wording import TO_STAFF, Words

KINDS: dict[str, Words] = {
    **{**TO_STAFF, **OF_CERTIFICATES, **OF_EARLIER, **OF_PROMISES},
    "correction_requested": Words(
        _("%(department)s请您补正"),
        _("“%(item)s”需要补正 %(count)s 处：%(names)s。%(until)s请按提示改好后重新提交。"),
        _("去补正"),
        "r",
    ),
    "correction_reminded": Words(
        _("%(department)s提醒您：还有内容等您补正"),
        _("“%(item)s”还有 %(count)s 处没有补正：%(names)s。%(until)s补正后才能接着办理。"),
        _("去补正"),
        "r",
    ),
    "notice_sent": Words(
        _("%(departments)s请您一次补正"),
        _("“%(matter)s”需要补正 %(count)s 处：%(names)s。几个部门要的都在这里，改好后一次提交。%(until)s"),
        _("去补正"),
        "r",
    ),
    "message_sent": Words(_("%(department)s给您写了消息"), _("关于“%(item)s”，请在原处答复。"), _("去看消息"), "a"),
    "bundle_received": Words(
        _("“%(matter)s”已收到"),
        _("办件 %(number)s 已分送各部门。哪个部门办到哪一步，随时可以看。"),
        _("查看进度"),
        "i",
    ),
    "sub_item_accepted": Words(
        _("%(item)s已受理"), _("%(department)s已受理“%(item)s”，开始计算办理期限。"), _("查看进度"), "i"
    ),
    "sub_item_deemed_accepted": Words(
        _("%(item)s已视为受理"),
        _("%(department)s没有在五个工作日内答复“%(item)s”，依法从收到申请之日起就算受理，办理期限从那天起算。"),
        _("查看进度"),
        "i",
    ),
    "sub_item_extended": Words(
        _("%(item)s延长办理期限"),
        _("%(department)s经负责人批准，延长了“%(item)s”的办理期限。新的日期和理由写在办件里。"),
        _("查看理由"),
        "r",
    ),
    "procedure_started": Words(
        _("%(item)s要先做一项程序"),
        _("%(department)s办理“%(item)s”要先做听证、现场勘验一类的程序。为什么、要多久、哪一天进行，写在办件里。"),
        _("查看安排"),
        "i",
    ),
    "procedure_ended": Words(
        _("%(item)s的程序已结束"), _("%(department)s已记录“%(item)s”的程序结果，接着办理。"), _("查看办件"), "i"
    ),
    "sub_item_withdrawn": Words(_("%(item)s已撤回"), _("“%(item)s”已按您的申请撤回，不再办理。"), _("查看办件"), "r"),
    "sub_item_terminated": Words(
        _("%(item)s终止办理"),
        _("“%(item)s”要用到的前项结果没有办成，%(department)s不再办理这一项。"),
        _("查看原因"),
        "r",
    ),
    "sub_item_approved": Words(_("%(item)s办好了"), _("%(department)s已准予办理“%(item)s”。"), _("查看办件"), "j"),
    "sub_item_approved_in_part": Words(
        _("%(item)s部分准予"),
        _("%(department)s准予了“%(item)s”的一部分。没有准予的部分、理由和救济途径写在办件里。"),
        _("查看理由"),
        "r",
    ),
    "sub_item_decided_by_rule": Words(
        _("%(item)s办好了"),
        _(
            "“%(item)s”由系统按%(department)s公布的规则自动办结，没有人工经手。您可以在办件里看到规则，也可以要求人工复核。"
        ),
        _("查看办件"),
        "j",
    ),
    "benefit_matched": Words(
        _("您可能可以享受“%(policy)s”"),
        _(
            "%(department)s的记录显示您可能符合“%(policy)s”的条件。看一遍，确认一次就提交；不需要的，不用理会，什么也不会提交。"
        ),
        _("去看看"),
        "i",
    ),
    "sub_item_rejected": Words(
        _("%(item)s没有通过"),
        _("%(department)s对“%(item)s”作出了不予办理的决定，理由和救济途径写在办件里。"),
        _("查看理由"),
        "r",
    ),
    "sub_item_not_accepted": Words(
        _("%(item)s不予受理"),
        _("%(department)s不予受理“%(item)s”，理由和救济途径写在办件里。"),
        _("查看理由"),
        "r",
    ),
    "amendment_opened": Words(
        _("%(department)s要核对您改动的内容"),
        _(
            "您补正的内容已经用在办好的“%(item)s”里。%(department)s核对后更正，或者告诉您不能改的理由；这期间原来的结果仍然有效。"
        ),
        _("查看办件"),
        "i",
    ),
    "sub_item_amended": Words(
        _("%(item)s已更正"),
        _("%(department)s同意您改动的内容。“%(item)s”发过证照的，原来的已注销，新的存入“我的证照”。"),
        _("查看办件"),
        "j",
    ),
    "amendment_refused": Words(
        _("%(item)s没有更正"),
        _("%(department)s没有同意改动“%(item)s”里的内容，内容已恢复成原来的，理由写在办件里。"),
        _("查看理由"),
        "r",
    ),
    "bundle_concluded": Words(
        _("“%(matter)s”全部办结"), _("办件 %(number)s 的各个事项都有了结果。"), _("查看结果"), "j"
    ),
    "handler_invited": Words(
        _("%(by)s邀请%(name)s来办事"),
        _("%(by)s为%(organisation)s生成了一个邀请码，用它的人可以替单位办事。如果不是单位的安排，请马上撤回。"),
        _("查看人员"),
        "a",
    ),
    "handler_joined": Words(
        _("%(name)s可以替单位办事了"),
        _("%(name)s用邀请码加入了%(organisation)s。如果不是单位的安排，请马上移除。"),
        _("查看人员"),
        "i",
    ),
    "handler_removed": Words(
        _("%(name)s不再替单位办事"),
        _("由%(by)s办理，即刻生效。%(name)s不能再看到%(organisation)s的任何内容。"),
        _("查看人员"),
        "a",
    ),
    "handler_ended": Words(
        _("您不再替%(organisation)s办事"), _("单位已移除您，即刻生效。您以前办的件和发的消息归单位。"), _("查看"), "a"
    ),
    "representative_seated": Words(
        _("%(name)s现在是%(organisation)s的法定代表人（负责人）"),
        _("即刻可以替单位办事。依据哪一条记录，写在单位的页面上。如果不对，请马上到综合窗口提出。"),
        _("查看单位"),
        "a",
    ),
    "organisation_founded": Words(
        _("%(organisation)s已设立"),
        _("您是它的法定代表人（负责人），即刻可以替它办事：在页面上方切换到它。营业执照在它的证照里。"),
        _("去切换"),
        "a",
    ),
    "representative_replaced": Words(
        _("您不再替%(organisation)s办事"),
        _(
            "登记的法定代表人（负责人）现在是%(name)s，即刻生效。您以前办的件和发的消息归单位。如果不对，请马上到综合窗口提出。"
        ),
        _("查看"),
        "a",
    ),
    "mandate_given": Words(
        _("%(agent)s可以代您办事了"),
        _("授权编号 %(number)s。每一步都会告诉您，您随时可以终止。如果不是您的意思，请马上终止。"),
        _("查看授权"),
        "a",
    ),
    "mandate_given_agent": Words(
        _("您可以代%(principal)s办事了"),
        _("授权编号 %(number)s。办之前，先在页面上方切换到“代%(principal)s办理”。"),
        _("查看授权"),
        "i",
    ),
    "mandate_ended": Words(
        _("%(agent)s不再代您办事"),
        _("授权 %(number)s 已终止，即刻生效。没有提交的申请和办件都在您自己的列表里，由您接着办。"),
        _("查看授权"),
        "a",
    ),
    "mandate_ended_agent": Words(
        _("您不再代%(principal)s办事"), _("授权 %(number)s 已终止，即刻生效。"), _("查看授权"), "a"
    ),
    "guardian_given": Words(
        _("%(agent)s登记为您的监护人，可以代您办事了"),
        _(
            "授权编号 %(number)s，由两位窗口工作人员凭书面材料登记、复核。每一步都会告诉您。这项登记不能在网上终止；不对的，请到%(window)s提出，由窗口负责人核实后终止。"
        ),
        _("查看授权"),
        "a",
    ),
    "parent_given": Words(
        _("%(agent)s登记为您的父母，可以代您办事了"),
        _(
            "授权编号 %(number)s，凭户籍登记的数据，到您成年为止。每一步都会告诉您。这项登记不能在网上终止；不对的，请到综合窗口提出。"
        ),
        _("查看授权"),
        "a",
    ),
    "mandate_ended_by_window": Words(
        _("%(agent)s不再代您办事"),
        _(
            "授权 %(number)s 由综合窗口终止，即刻生效。理由：%(why)s。没有提交的申请和办件都在您自己的列表里，由您接着办。"
        ),
        _("查看授权"),
        "a",
    ),
    "mandate_ended_agent_by_window": Words(
        _("您不再代%(principal)s办事"),
        _("授权 %(number)s 由综合窗口终止，即刻生效。理由：%(why)s。"),
        _("查看授权"),
        "a",
    ),
    "death_recorded": Words(
        _("您被登记为已去世"),
        _(
            "由两位窗口工作人员凭死亡证明登记、复核。从现在起不能以您的名义申请，您给出的授权不再有效。如果登记错了，请马上到%(window)s提出，核实后撤销。"
        ),
        _("查看说明"),
        "r",
    ),
    "death_withdrawn": Words(
        _("对您的去世登记已撤销"),
        _("登记有误，经两位窗口工作人员核实后撤销。您可以照常办事，没有到期的授权也照常有效。有疑问请到%(window)s。"),
        _("查看说明"),
        "a",
    ),
    "proposal_made": Words(
        _("“%(kind)s”等您复核"),
        _("%(by)s在窗口提出，要由另一位工作人员核对材料后复核才生效。"),
        _("去复核"),
        "a",
    ),
    "mandate_of_age_child": Words(
        _("您已满 18 周岁，%(agent)s不再代您办事"),
        _("授权 %(number)s 到期。从现在起由您自己申请；没有提交的申请和办件都在您自己的列表里，由您接着办。"),
        _("查看授权"),
        "a",
    ),
    "mandate_of_age_parent": Words(
        _("%(principal)s已满 18 周岁，您不再代其办事"),
        _("授权 %(number)s 到期。还要代办的，请对方在“授权代办”里授权给您。"),
        _("查看授权"),
        "a",
    ),
    "mandate_consents_itself_child": Words(
        _("您已满 14 周岁，向部门查询由您自己同意"),
        _("%(agent)s仍可以代您填写和提交，到您满 18 周岁为止；是否同意向部门查询您的信息，由您自己决定。"),
        _("查看授权"),
        "i",
    ),
    "mandate_consents_itself_parent": Words(
        _("%(principal)s已满 14 周岁，向部门查询要由其本人同意"),
        _("授权 %(number)s 的其他部分不变，您仍可以代为填写和提交，到对方满 18 周岁为止。"),
        _("查看授权"),
        "i",
    ),
    "mandate_draft": Words(
        _("%(agent)s开始代您办理“%(matter)s”"),
        _("还没有提交。授权编号 %(number)s；您可以看填了什么。怎样终止，写在“授权代办”页。"),
        _("看填了什么"),
        "i",
    ),
    "mandate_filed": Words(
        _("%(agent)s代您提交了“%(matter)s”"),
        _("授权编号 %(number)s。您可以看全部内容，可以撤回。怎样终止授权，写在“授权代办”页。"),
        _("查看办件"),
        "i",
    ),
    "mandate_answered": Words(
        _("%(agent)s代您补正了“%(matter)s”"),
        _("授权编号 %(number)s。您可以看全部内容。怎样终止授权，写在“授权代办”页。"),
        _("查看办件"),
        "i",
    ),
    "mandate_withdrew": Words(
        _("%(agent)s代您撤回了“%(matter)s”"),
        _("授权编号 %(number)s。如果不是您的意思，可以重新申请。怎样终止授权，写在“授权代办”页。"),
        _("查看办件"),
        "a",
    ),
    "link_made": Words(
        _("您的账号有一个一次性链接"),
        _("管理员（账号 %(by)s）生成了链接，用它可以重设您的密码，7 天内有效。如果不是您要的，请马上报告。"),
        _("查看"),
        "a",
    ),
    "dispute_corrected": Words(
        _("%(department)s已更正您提出的信息"), _("您说“%(fact)s”不对，%(department)s已更正。"), _("看我的档案"), "j"
    ),
    "dispute_kept": Words(
        _("%(department)s答复了您的更正请求"),
        _("您说“%(fact)s”不对，%(department)s核对后没有更正，理由写在您的档案里。"),
        _("看我的档案"),
        "r",
    ),
    "grant_requested": Words(
        _("有事项要用“%(source)s”"), _("“%(item)s”要用“%(source)s”的 %(asked)s，请答复。"), _("去答复"), "a"
    ),
    "grant_granted": Words(
        _("“%(source)s”同意共享"), _("“%(item)s”可以用“%(source)s”的 %(asked)s 了。"), _("看数据供需"), "j"
    ),
    "grant_refused": Words(
        _("“%(source)s”没有同意共享"),
        _("“%(item)s”要用“%(source)s”的 %(asked)s，没有同意，理由写在数据供需里；不服的，可以提出争议。"),
        _("看理由"),
        "r",
    ),
    "grant_ended": Words(
        _("“%(source)s”收回了共享"),
        _("“%(item)s”不能再用“%(source)s”的 %(asked)s，理由写在数据供需里。"),
        _("看理由"),
        "r",
    ),
    "grant_settled": Words(
        _("数据共享争议已处理"),
        _("“%(item)s”要用“%(source)s”的 %(asked)s，争议已处理，意见写在数据供需里。"),
        _("看意见"),
        "i",
    ),
    "source_failing": Words(
        _("“%(source)s”没有正常答复"),
        _("“%(source)s”连续 %(failures)s 次没有正常答复，申请人改为自己交材料。请联系系统维护人员。"),
        _("看数据供需"),
        "r",
    ),
    "order_given": Words(_("“%(item)s”被督办"), _("办件 %(number)s 请在 %(due)s 前答复。"), _("去答复"), "r"),
    "order_answered": Words(_("督办单有了答复"), _("%(department)s答复了 %(number)s。"), _("看答复"), "i"),
    "card_yellow": Words(_("黄牌：“%(item)s”快到期了"), _("办件 %(number)s 应在 %(due)s 前办完。"), _("去办理"), "a"),
    "card_red": Words(
        _("红牌：“%(item)s”已经超期"),
        _("办件 %(number)s 应在 %(due)s 前办完，请尽快办结。"),
        _("去办理"),
        "r",
    ),
    "export_made": Words(_("您的档案副本做好了"), _("可以下载 PDF 和 JSON，到期就删除。"), _("去下载"), "i"),
    "mistake_answered": Words(
        _("%(department)s答复了您的报错"),
        _("您说“%(guide)s”的办事指南有不对的地方。答复：%(answer)s"),
        _("看办事指南"),
        "i",
    ),
    "mistake_corrected": Words(
        _("“%(guide)s”的办事指南已更正"), _("谢谢您报错。%(department)s已更正：%(answer)s"), _("看办事指南"), "j"
    ),
}
_OTHER = Words(_("您有一条新消息"), "", _("查看"), "i")


def words(kind: str, data: Mapping[str, Any]) -> Words:
    """Return what a message of `kind` says, in the reader's language. A detail that `data` lacks is left blank."""
    said = KINDS.get(kind, _OTHER)
    translate = import_string(settings.YIJIAN_TRANSLATE)
    known = _Blank({name: _in_words(name, value, translate) for name, value in data.items()})
    if (get_language() or "").startswith("en"):  # a name that says itself what it is in English
        known |= {name: data[f"{name}_en"] for name in data if data.get(f"{name}_en")}
    if "of_which" in known and "item" in known:
        known["item"] = gettext("%(name)s（第 %(number)s 位）") % {"name": known["item"], "number": known["of_which"]}
    known.setdefault("names", gettext("详见办件"))
    return Words(str(said.title) % known, str(said.text) % known, str(said.action), said.tag)


def _in_words(name: str, value: Any, translate: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return pgettext("between names", "、").join(translate(str(each)) for each in value)
    if name == "until":
        on = date_format(date.fromisoformat(value), "MONTH_DAY_FORMAT")
        return gettext("请在%(on)s前补正。") % {"on": on}
    if name == "due":
        return date_format(date.fromisoformat(value), "MONTH_DAY_FORMAT")
    return translate(value) if isinstance(value, str) else value


class _Blank(dict[str, Any]):
    """An old message whose data lacks a newer detail is shown without it."""

    def __missing__(self, key: str) -> str:
        return ""
