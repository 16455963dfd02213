"""The words of consents: what is agreed to, from whom, for what, until when; and what the law lets be asked. Nobody is named in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.merging.compiled import Plan
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.models import DataSource


def consent_words(
    plan: Plan,
    source: DataSource,
    asked: Iterable[Any],
    items: Iterable[str],
    applicant: DataSubject,
    translate: Callable[[str], str],
) -> str:
    """Return what is agreed to (things of `matters.drafts.inquiring`): what, from whom, for what, until when, and how to take it back. Nobody is named in it."""
    between = pgettext("between names", "、")
    names = {item.slug: translate(item.name) for item in plan.items}
    asked = list(asked)
    text = _(
        "我同意向%(department)s（%(source)s）查询：%(papers)s。只用于办理：%(items)s。"
        "从现在起 %(days)s 天内有效，可以随时撤回；撤回后不再查询，也不再使用查到的内容。"
    ) % {
        "department": translate(source.department.name),
        "source": source.name,
        "papers": between.join(dict.fromkeys(each.name for each in asked)),
        "items": between.join(names[slug] for slug in items),
        "days": settings.YIJIAN_SHARING_CONSENT_DAYS,
    }
    if any(each.subject != applicant for each in asked):
        text += _("其中他人的，我已征得本人同意。")
    return text


def words_by_law(
    plan: Plan,
    source: DataSource,
    asked: Sequence[Any],
    items: Iterable[str],
    translate: Callable[[str], str],
) -> str:
    """Return what is asked without consent: what, from whom, for what, and by which article. Who asks says so (PIPL art. 35)."""
    between = pgettext("between names", "、")
    names = {item.slug: translate(item.name) for item in plan.items}
    return _(
        "依据%(grounds)s，办理%(items)s时向%(department)s（%(source)s）查询：%(papers)s。只查您（您代表的单位）本人的，只用于办理上面的事项；"
        "共享收回后不再查询，也不再使用查到的内容。"
    ) % {
        "grounds": between.join(dict.fromkeys(each.ground.text for each in asked if each.ground is not None)),
        "items": between.join(names[slug] for slug in items),
        "department": translate(source.department.name),
        "source": source.name,
        "papers": between.join(dict.fromkeys(each.name for each in asked)),
    }
