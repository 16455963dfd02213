"""What stands in for a paper, and what came of asking a source, in words. Every sentence is said of a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters.models import MaterialSatisfaction
from portal.accounts.models import Handler, Mandate

Kind = MaterialSatisfaction.Kind

OUTCOMES: dict[str, Any] = {
    "offered": gettext_lazy("同意向%(department)s查询，查到就不用交。"),
    "by_law": gettext_lazy("依法向%(department)s查询，查到就不用交。"),
    "pending": gettext_lazy("正在向%(department)s查询，一般几秒钟。不想等，也可以直接上传。"),
    "not_found": gettext_lazy("%(department)s没有查到，请上传。"),
    "refused": gettext_lazy("%(department)s没有答复这项查询，请上传。"),
    "away": gettext_lazy("%(department)s的系统没有回应，请上传，或者过一会儿再查。"),
    "unreadable": gettext_lazy("%(department)s的答复读不懂，请上传。"),
}

# What sources say of a document, beside its being there.
TOLD: dict[str, Any] = {
    "number": gettext_lazy("编号"),
    "name": gettext_lazy("姓名或名称"),
    "issuer": gettext_lazy("签发机关"),
    "issued_on": gettext_lazy("签发日期"),
    "valid_until": gettext_lazy("有效期至"),
    "address": gettext_lazy("地址"),
    "spouse": gettext_lazy("配偶"),
    "status": gettext_lazy("状态"),
    "head_name": gettext_lazy("户主"),
    "kind": gettext_lazy("种类"),
    "located": gettext_lazy("坐落"),
    "bank": gettext_lazy("开户银行"),
    "last_digits": gettext_lazy("尾号"),
    "months": gettext_lazy("月数"),
    "until": gettext_lazy("截至"),
    "paid_on": gettext_lazy("缴纳日期"),
    "count": gettext_lazy("数量"),
}


def outcome_sentence(outcome: str, department: str) -> str:
    """Return what came of asking about a paper; empty where it was found, which `substitute_sentence` says."""
    return str(OUTCOMES[outcome]) % {"department": department} if outcome in OUTCOMES else ""


def substitute_sentence(substitute: Any, translate: Callable[[str], str]) -> str:
    """Return why a paper need not be handed in. ``substitute``: anything with ``kind``, ``fetch``, ``certificate``, ``mandate``, ``handler`` (what they rest on), `earlier_part` and its days."""
    if substitute.kind == Kind.SHARED_DATA:
        words = {
            "department": translate(substitute.fetch.source.department.name),
            "at": _moment(substitute.fetch.asked_at),
        }
        return _("免交 · %(department)s查到，%(at)s") % words
    if substitute.kind == Kind.CERTIFICATE:
        certificate = {"name": translate(substitute.certificate.type_name), "number": substitute.certificate.serial}
        return _("免交 · 已有电子证照：%(name)s %(number)s") % certificate
    if substitute.kind == Kind.MANDATE:
        return (
            _mandate_sentence(substitute.mandate)
            if substitute.handler is None
            else _handler_sentence(substitute.handler)
        )
    if substitute.kind == Kind.EARLIER_UPLOAD:
        return _("免交 · 用以前交过的：%(item)s（%(number)s）准予时的材料，%(day)s 交，可用到 %(until)s") % {
            "item": translate(substitute.earlier_part.name),
            "number": substitute.earlier_part.number,
            "day": substitute.earlier_day.isoformat(),
            "until": substitute.earlier_until.isoformat(),
        }
    return _("免交 · 已作出告知承诺")


def _mandate_sentence(mandate: Mandate) -> str:
    words = {
        "number": mandate.number,
        "agent": mandate.agent_name,
        "source": mandate.get_source_display(),
        "at": _moment(mandate.given_at),
        "until": mandate.until,
    }
    if mandate.until is None:
        return _("免交 · 授权 %(number)s：%(agent)s，%(source)s，%(at)s 登记") % words
    return _("免交 · 授权 %(number)s：%(agent)s，%(source)s，%(at)s 登记，到 %(until)s 为止") % words


def _handler_sentence(handler: Handler) -> str:
    words = {
        "organisation": handler.organisation.name,
        "name": handler.person.name,
        "role": handler.get_role_display(),
        "at": _moment(handler.began_at),
        "until": handler.until,
    }
    if handler.until is None:
        return _("免交 · %(organisation)s的%(role)s%(name)s，%(at)s 登记") % words
    return _("免交 · %(organisation)s的%(role)s%(name)s，%(at)s 登记，到 %(until)s 为止") % words


def earlier_words(upload: Any, translate: Callable[[str], str]) -> str:
    """Return which application files were handed in for, when, and until when they serve. ``upload``: with ``part``, ``day``, ``until``."""
    return _("%(item)s（%(number)s）准予时用的就是这一份，%(day)s 交，可用到 %(until)s。") % {
        "item": translate(upload.part.name),
        "number": upload.part.number,
        "day": upload.day.isoformat(),
        "until": upload.until.isoformat(),
    }


def lapsed_words(until: str, today: date) -> str:
    """Return why what was taken of an earlier application is not there any more. ``until``: the last day on which it was to serve."""
    if until < today.isoformat():
        return _("您选用的以前那一份只能用到 %(until)s，已经过期，请重新上传。") % {"until": until}
    return _("您选用的以前那一份现在不能再用：当时的办件、申请内容或要求有变化。请重新上传。")


def commitment_words(name: str) -> str:
    """Return what an applicant commits to instead of handing in a paper (告知承诺制)."""
    return _(
        "我承诺：“%(name)s”所证明的情况属实，我符合办理条件；愿意接受核查，情况不实的，愿意承担法律责任，已作出的决定可以撤销。"
    ) % {"name": name}


def no_mandate_words() -> str:
    """Return why a power of attorney is asked for, and what would stand in for it."""
    return _("您现在不是按登记的授权或者以单位经办人身份办理，请上传。登记了的，先在页面上方切换到替谁办。")


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")
