"""The words of official documents (文书), in administrative Chinese. What is drawn up is frozen with them and is not translated.

Articles are those of the Administrative Licensing Law (行政许可法) and are cited for licences alone; of every other item the document cites the
basis that its own list gives, and only for what is accepted or decided. Remedies: Administrative Reconsideration Law art. 20, 24, 27; Administrative Litigation Law art. 46.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from matters.core.letters import LetterKind

# What lists and pages call them.
KIND_LABELS: Mapping[LetterKind, str | Promise] = {
    LetterKind.RECEIPT: gettext_lazy("收件凭证"),
    LetterKind.ACCEPTANCE: gettext_lazy("受理通知书"),
    LetterKind.ACCEPTANCE_REFUSED: gettext_lazy("不予受理通知书"),
    LetterKind.CORRECTION: gettext_lazy("补正告知书"),
    LetterKind.EXTENSION: gettext_lazy("延期通知书"),
    LetterKind.DEFERRAL: gettext_lazy("容缺承诺书"),
    LetterKind.COMMITMENT: gettext_lazy("告知承诺书"),
    LetterKind.GRANT: gettext_lazy("准予决定书"),
    LetterKind.GRANT_IN_PART: gettext_lazy("部分准予决定书"),
    LetterKind.REFUSAL: gettext_lazy("不予决定书"),
    LetterKind.DELIVERY: gettext_lazy("送达回证"),
}
# As the document of a licence calls itself.
LICENCE_TITLES: Mapping[LetterKind, str] = {
    LetterKind.ACCEPTANCE: "行政许可申请受理通知书",
    LetterKind.ACCEPTANCE_REFUSED: "行政许可申请不予受理通知书",
    LetterKind.CORRECTION: "行政许可申请材料补正告知书",
    LetterKind.EXTENSION: "延长行政许可办理期限通知书",
    LetterKind.GRANT: "准予行政许可决定书",
    LetterKind.GRANT_IN_PART: "部分准予行政许可决定书",
    LetterKind.REFUSAL: "不予行政许可决定书",
}
PLAIN_TITLES: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "收件凭证",
    LetterKind.ACCEPTANCE: "受理通知书",
    LetterKind.ACCEPTANCE_REFUSED: "不予受理通知书",
    LetterKind.CORRECTION: "补正告知书",
    LetterKind.EXTENSION: "延长办理期限通知书",
    LetterKind.DEFERRAL: "容缺承诺书",
    LetterKind.COMMITMENT: "告知承诺书",
    LetterKind.GRANT: "准予办理决定书",
    LetterKind.GRANT_IN_PART: "部分准予办理决定书",
    LetterKind.REFUSAL: "不予办理决定书",
    LetterKind.DELIVERY: "送达回证",
}
PUBLIC_SERVICE = "20"
LAW = "《中华人民共和国行政许可法》"
ARTICLES: Mapping[str, str] = {
    "accepted": "第三十二条第一款第五项",
    "accepted_by_system": "第三十二条第一款第五项",
    "deemed_accepted": "第三十二条第一款第四项",
    "acceptance_refused": "第三十二条",
    "correction_requested": "第三十二条第一款第四项",
    "notice_sent": "第三十二条第一款第四项",
    "extended": "第四十二条第一款",
    "approved": "第三十八条第一款",
    "approved_in_part": "第三十八条",
    "decided_by_rule": "第三十八条第一款",
    "approved_by_system": "第三十八条第一款",
    "rejected": "第三十八条第二款",
    "rejected_by_system": "第三十八条第二款",
}
# Told at once, extended, taken as accepted: the general law of licences provides for these, and of other matters no law that is known here.
_ON_THE_WAY = frozenset({"correction_requested", "notice_sent", "extended", "deemed_accepted"})
# Who is led from above and answers to the next authority of its own kind (Administrative Reconsideration Law art. 27).
_LED_FROM_ABOVE = re.compile("海关|税务|外汇|银行|国家安全|烟草专卖")


def title_of_letter(kind: LetterKind, *, is_licence: bool) -> str:
    """Return what a document calls itself."""
    return (LICENCE_TITLES.get(kind) if is_licence else None) or PLAIN_TITLES[kind]


def written_day(day: date) -> str:
    """Return a day as documents write it: 2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def basis(event: str, legal_basis: str, *, is_licence: bool) -> str:
    """Return on what a step rests, as half a sentence; empty where nothing that is known says so.

    An item's own basis is why it is decided; of how a case is handled on the way it says nothing and is not cited.
    """
    if event in _ON_THE_WAY:
        return f"根据{LAW}{ARTICLES[event]}的规定，" if is_licence else ""
    if is_licence:
        own = f"、{legal_basis}" if legal_basis else ""
        return f"根据{LAW}{ARTICLES[event]}{own}的规定，"
    return f"根据{legal_basis}的规定，" if legal_basis else ""


def remedies(issuer: str, division: str, item_type: str) -> tuple[str, ...]:
    """Return where and until when the decision can be contested. ``division``: the name of the issuer's, if it is known."""
    if item_type == PUBLIC_SERVICE:
        return (
            f"对本决定有异议的，可以向{issuer}提出，或者拨打12345政务服务便民热线反映；"
            "认为本决定侵犯您合法权益的，还可以依法申请行政复议或者提起行政诉讼。",
        )
    above = f"{division}人民政府" if division else "本级人民政府"
    if _LED_FROM_ABOVE.search(issuer):
        above = f"{issuer}的上一级主管部门"
    return (
        f"如不服本决定，可以自收到本决定书之日起六十日内，依法向{above}申请行政复议；"
        "也可以自收到本决定书之日起六个月内，依法向有管辖权的人民法院提起行政诉讼。",
    )


# What follows from a promise that is not kept, as both kinds of promises say it. ``months``: for how long it counts.
UNKEPT = (
    "没有履行承诺的：正在办理的，本机关终止办理；已经作出决定的，本机关依法处理，可以撤销已经作出的决定。情况记入信用记录，"
    "自记录之日起{days}日内不再适用容缺受理和告知承诺；认为记录不对的，可以在“我的档案”里提出异议，由本机关核实答复。"
)


def limit_in_letter(days: int | None, unit: str, due: str) -> str:
    """Return by when a decision is due. ``due``: the day in words, empty where no limit was published."""
    if days is None or not due:
        return "本事项没有公布承诺办理时限，本机关将在法定期限内作出决定。"
    counted = {"calendar_days": "自然日", "hours": "小时"}.get(unit, "工作日")
    return (
        f"办理时限为{days}个{counted}，应于{due}前作出决定。依法需要听证、检验、检测、检疫、鉴定和专家评审的，"
        "所需时间不计算在内。"
    )


def names(said: Sequence[str]) -> str:
    """Return names one after the other."""
    return "、".join(said)
