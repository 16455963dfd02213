"""How long each class of rows is kept, and why: no module here reads the environment but `base`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.settings.environment import words

# Class → (what is done, after how many days, on which ground). ``delete``: the rows go; ``anonymise``: their contents go and the row stays, as
# proof that there was something; ``keep``: for good, and days are None. From when the days count, each class says itself.
YIJIAN_RETENTION: dict[str, tuple[str, int | None, str | Promise]] = {
    "drafts": ("delete", 180, _("没有提交的申请，只在填写期间需要（个人信息保护法第十九条）。")),
    "answers": ("anonymise", 30, _("同意已经撤回或者到期，又没有据此提交申请（个人信息保护法第四十七条）。")),
    "copies": ("anonymise", 0, _("副本只为下载而做，到期就不再需要（个人信息保护法第十九条）。")),
    "held_values": ("delete", 0, _("改动前的内容只因依法保存才留下，解除保全后不再需要（个人信息保护法第十九条）。")),
    "left_papers": ("delete", 0, _("提交时已经用不到，只因依法保存才留下（个人信息保护法第十九条）。")),
    "papers": (
        "anonymise",
        3650,
        _("申请材料是办件档案的一部分，办结后按档案的保存期限保存（个人信息保护法第四十七条）。"),
    ),
    "bundles": (
        "keep",
        None,
        _("申请、决定和结果是行政机关的档案，由档案部门定保存期限（个人信息保护法第四十七条）。"),
    ),
    "certificates": ("keep", None, _("证照在有效期内和注销后都要能核对真伪（个人信息保护法第四十七条）。")),
    "showings": ("delete", 180, _("出示过哪些证照，供持证人核对，之后不再需要（个人信息保护法第十九条）。")),
    "consents": ("keep", None, _("同意书的原文证明当时为什么可以查询（个人信息保护法第十四条）。")),
    "readings": ("keep", None, _("谁看过您的信息，只有一直留着才能追查（个人信息保护法第五十一条）。")),
    "messages": ("delete", 1095, _("消息只为告诉您，办理的经过和结果另有记录（个人信息保护法第十九条）。")),
    "matches": ("anonymise", 180, _("已经确认或者放弃，当时依据的信息不再需要（个人信息保护法第十九条）。")),
    "disputes": ("keep", None, _("谁提出了更正、怎样答复，都要能查（个人信息保护法第四十六条）。")),
    "bulk_actions": ("delete", 365, _("批量办理的结果已经记在每一件里，清单不再需要（个人信息保护法第十九条）。")),
    "saved_views": ("delete", 365, _("工作人员很久没有登录，自己存的查看方式不再需要（个人信息保护法第十九条）。")),
    "people": ("keep", None, _("申请、授权和证照都要能对应到人和单位（个人信息保护法第四十七条）。")),
    "offices": ("keep", None, _("谁在什么时候被授权、发布或者决定了什么，要能查（个人信息保护法第五十一条）。")),
    "proofs": ("keep", None, _("这些记录证明其他信息没有被改动，处理都有依据（个人信息保护法第五十一条）。")),
    "sessions": ("delete", 0, _("登录状态到期就没有用处（个人信息保护法第十九条）。")),
    "jobs": ("delete", 90, _("做完的后台任务，不再需要（个人信息保护法第十九条）。")),
}
# The classes: functions that return `portal.retention.schedule.Kept`s.
YIJIAN_RETENTION_CLASSES = [
    "matters.drafts.retaining.kept",
    "certificates.activities.retaining.kept",
    "portal.sharing.retaining.kept",
    "portal.retention.own_rows.kept",
    "matters.dispatching.retaining.kept",
    "matters.reviewing.retaining.kept",
]


def with_other_terms(
    terms: dict[str, tuple[str, int | None, str | Promise]], text: str
) -> dict[str, tuple[str, int | None, str | Promise]]:
    """Return the schedule with the days that a deployment sets otherwise: ``papers=7300,drafts=90``; ``keep`` keeps for good."""
    changed: dict[str, Any] = dict(terms)
    for word in words(text):
        name, _sign, days = word.partition("=")
        if name not in terms or terms[name][1] is None or not (days == "keep" or (days.isascii() and days.isdigit())):
            raise ImproperlyConfigured(f"RETENTION_DAYS: {word!r} is not of the form class=days of a class that ends.")
        action, _days, ground = terms[name]
        changed[name] = ("keep", None, ground) if days == "keep" else (action, int(days), ground)
    return changed


# Why an account cannot be closed: functions of its person that return sentences. And which application a number is, for a hold on it.
YIJIAN_CLOSING_OBSTACLES = ["matters.drafts.retaining.open_cases"]
YIJIAN_CASE_NUMBERED = "matters.drafts.retaining.case_numbered"
