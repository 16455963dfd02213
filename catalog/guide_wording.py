"""Numbers of a guide in words: what a figure counts, how long something takes, and that something is not published."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def unit(figure: str, number: int) -> str:
    """Return what a figure counts, as it is said after ``number``."""
    return {
        "forms": ngettext("张", "张", number),
        "materials": ngettext("份", "份", number),
        "visits": ngettext("次", "次", number),
        "days": ngettext("个工作日", "个工作日", number),
        "fields": _("项"),
        "steps": ngettext("个", "个", number),
    }[figure]


def working_days(number: int) -> str:
    """Return a number of working days in words."""
    return ngettext("%(count)s 个工作日", "%(count)s 个工作日", number) % {"count": number}


def calendar_days(number: int) -> str:
    """Return a number of days, weekends included, in words."""
    return ngettext("%(count)s 个自然日", "%(count)s 个自然日", number) % {"count": number}


def limit_words(number: int | None, limit_unit: str = "working_days") -> str:
    """Return a limit in words; what is not known is said to be unpublished, never to be no time at all."""
    if number is None:
        return _("未公布")
    if number == 0:
        return _("当场办结")
    return calendar_days(number) if limit_unit == "calendar_days" else working_days(number)
