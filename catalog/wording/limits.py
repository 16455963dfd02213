"""Numbers of a guide in words: what a figure counts, how long something takes, and that something is not published."""

from __future__ import annotations

import re

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


# 法定工作日 counts days; it says nothing of a limit set by law. A time that is not said to be the law's is what is promised.
_TOLD: dict[str, re.Pattern[str]] = {
    "statutory": re.compile(r"法定(?!工作日|节)"),
    "promised": re.compile(
        r"承诺|^(?!.*法定(?!工作日|节)).*(?:\d\s*(?:个工作日|个法定工作日|日|天)|当场|即时)", re.DOTALL
    ),
}


def limit_or_note(which: str, number: int | None, limit_unit: str, note: str) -> str:
    """Return a limit in words as ``limit_words``; where only the Chinese ``note`` tells it, that the note is to be read.

    ``which``: ``statutory`` or ``promised``.
    """
    if number is None and _TOLD[which].search(note):
        return _("见说明")
    return limit_words(number, limit_unit)


def limit_words(number: int | None, limit_unit: str = "working_days") -> str:
    """Return a limit in words; what is not known is said to be unpublished, never to be no time at all."""
    if number is None:
        return _("未公布")
    if number == 0:
        return _("当场办结")
    return calendar_days(number) if limit_unit == "calendar_days" else working_days(number)
