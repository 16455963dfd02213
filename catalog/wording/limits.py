"""Numbers of a guide in words: what a figure counts, how long something takes, and that something is not published."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


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


def further(unknown: int) -> str:
    """Return that so many items say nothing of it, as it is said behind what is known."""
    return ngettext("另有 %(count)s 项未公布", "另有 %(count)s 项未公布", unknown) % {"count": unknown}


def together_words(days: int, unknown: int) -> str:
    """Return how long items take together: the least, and how many limits are missing, where not all are published."""
    if not unknown:
        return limit_words(days)
    if not days:
        return limit_words(None)
    return _("至少 %(days)s；%(further)s") % {"days": working_days(days), "further": further(unknown)}


def visit_words(times: int, unknown: int, known: int) -> str:
    """Return how often one must come for several items; ``known``: of how many of them that is published, ``unknown``: of how many not."""
    if not unknown:
        return ngettext("%(count)s 次", "%(count)s 次", times) % {"count": times} if times else _("不用跑，全程网上办")
    if not known:
        return _("未公布")
    if not times:
        without = ngettext("%(count)s 项不用跑", "%(count)s 项不用跑", known) % {"count": known}
    else:
        without = ngettext("至少 %(count)s 次", "至少 %(count)s 次", times) % {"count": times}
    return f"{without}{pgettext('between entries', '；')}{further(unknown)}"


def fee_words(costs: Sequence[str], free: int, unknown: int) -> str:
    """Return what several items cost: ``costs`` each in a line, then how many cost nothing, and how many say nothing of it."""
    if not unknown and not costs:
        return _("不收费")
    if not free and not costs:
        return _("未公布")
    said = list(costs)
    if free:
        others = ngettext("其余 %(count)s 项不收费", "其余 %(count)s 项不收费", free)
        alone = ngettext("%(count)s 项不收费", "%(count)s 项不收费", free)
        said.append((others if costs else alone) % {"count": free})
    if unknown:
        said.append(further(unknown))
    return pgettext("between entries", "；").join(said)


def before_after(key: str, before: int, after: int, unknown: int) -> tuple[int | None, int | None, str]:
    """Return a figure of a card: before, after and what stands beside it.

    Where something is not published ``before`` is None and ``after`` the least there is; None where nothing at all is published.
    """
    if not unknown:
        return (
            before,
            after,
            {"days": ngettext("个工作日", "个工作日", after), "visits": ngettext("次跑动", "次跑动", after)}[key],
        )
    if not after:
        return None, None, {"days": _("时限未公布"), "visits": _("跑动未公布")}[key]
    least = {
        "days": ngettext("个工作日以上", "个工作日以上", after),
        "visits": ngettext("次跑动以上", "次跑动以上", after),
    }[key]
    return None, after, f"{least}{pgettext('between entries', '；')}{further(unknown)}"
