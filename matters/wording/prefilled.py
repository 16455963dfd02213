"""What was filled in for somebody, in words: which source says it, as of which day, and what it says beside what stands in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from matters.core.draft_document import ACCOUNT, CERTIFICATE, CONFIRM, DIFFERS, INVALID, ORGANISATION, TYPED

BESIDE: dict[str, Any] = {
    DIFFERS: gettext_lazy("几处查到的不一样，没有替您填。请选对的那个，或者自己填。"),
    CONFIRM: gettext_lazy("查到的这一项来源没有核实过，没有替您填。没错的话请确认。"),
    INVALID: gettext_lazy("%(source)s查到的这一项不合填写要求，没有替您填，请自己填。"),
}


# Why a field comes back that a source was asked about.
UNANSWERED: dict[str, Any] = {
    "not_found": gettext_lazy("%(department)s没有查到，这一项请自己填。"),
    "refused": gettext_lazy("%(department)s没有答复这项查询，这一项请自己填。"),
    "away": gettext_lazy("%(department)s的系统没有回应，这一项请自己填。"),
    "unreadable": gettext_lazy("%(department)s的答复读不懂，这一项请自己填。"),
}


def unanswered_words(outcome: str, department: str) -> str:
    """Return why a field is asked although a source was; empty while it is being asked, and where it was found or not agreed to."""
    return str(UNANSWERED[outcome]) % {"department": department} if outcome in UNANSWERED else ""


def source_words(fact: Mapping[str, Any]) -> str:
    """Return where a fact comes from: 人口登记 · 2026-11-30, or the account."""
    if fact["source"] == ACCOUNT:
        return _("来自账户登记信息")
    if fact["source"] == ORGANISATION:
        return _("来自单位登记信息")
    return "" if fact["source"] == TYPED else _register(fact)


def changed_words(fact: Mapping[str, Any], said: str) -> str:
    """Return what stands beside a value that was changed after it was filled in."""
    words = {"source": _register(fact), "value": said}
    if fact["source"] == CERTIFICATE:
        return _("%(source)s上写的是“%(value)s”，您改过。审核人员会看到两个。") % words
    return _("%(source)s查到的是“%(value)s”，您改过。审核人员会看到两个。") % words


def differing_words(fact: Mapping[str, Any], said: str) -> str:
    """Return what a reviewer reads beside a value that the applicant changed after it was filled in."""
    words = {"source": _register(fact), "value": said}
    if fact["source"] == CERTIFICATE:
        return _("%(source)s上写的是“%(value)s”，申请人改过") % words
    return _("%(source)s查到的是“%(value)s”，申请人改过") % words


def told_words(told: Mapping[str, Any]) -> str:
    """Return why what a source says was not filled in; where sources differ, whose word counts, if the dictionary says so."""
    if told["why"] == DIFFERS and told.get("counts"):
        return _("几处查到的不一样，没有替您填。这一项以%(source)s为准；请选对的那个，或者自己填。") % {
            "source": _register(told)
        }
    return str(BESIDE[told["why"]]) % {"source": _register(told)}


def _register(fact: Mapping[str, Any]) -> str:
    name = (fact.get("name_en") if (get_language() or "").startswith("en") else "") or fact["name"]
    if fact.get("source") == CERTIFICATE:
        name = _("电子证照“%(name)s” · %(serial)s") % {"name": name, "serial": fact["serial"]}
    return f"{name} · {fact['day']}"
