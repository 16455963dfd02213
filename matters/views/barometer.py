"""PeriodFigures of what was done (晴雨表): for supervisors by matter, department, window and channel; for the public by matter, small numbers hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from catalog.models import Department, Matter
from catalog.staff.memberships import department_ids_for
from catalog.wording.translating import translate
from matters.core.clocks import SHANGHAI
from matters.models import Bundle, Channel, DailyFigure
from matters.reviewing.figures import COUNTED, PeriodFigures, figures_by
from matters.views.apply_steps import account
from portal.lib.whole_numbers import whole_number

PERIODS = (30, 90, 365)
BY: Mapping[str, Any] = {
    "matter": gettext_lazy("一件事"),
    "department": gettext_lazy("部门"),
    "channel": gettext_lazy("渠道"),
    "site": gettext_lazy("收件窗口"),
}
# Public figures of fewer are hidden: they might tell of somebody.
LEAST_SHOWN = 5
# Of so many parts more than a few applications were filed, whatever they are made of: nobody counts them.
SURELY_MANY = 1_000
CHART_WIDTH, CHART_HEIGHT, BAR_WIDTH = 720, 120, 200


@dataclass(frozen=True, slots=True)
class BarometerRow:
    """One line: what it is of, its figures, and how wide its median and its p90 are drawn. ``code``: of a department, for its list."""

    name: str
    figures: PeriodFigures
    code: str
    median_width: int
    p90_width: int


@login_required
@never_cache
@require_GET
def barometer(request: HttpRequest) -> HttpResponse:
    """Show what the departments that I supervise did in a period, as charts with their table. Cost: seven queries, however many cases."""
    user = account(request)
    departments = department_ids_for(user, "supervise")
    if not departments:
        raise Http404
    days = _one_of(request.GET.get("days", ""), PERIODS)
    by = request.GET.get("by", "matter")
    by = by if by in BY else "matter"
    last = timezone.localdate() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    figures = DailyFigure.objects.filter(department__in=departments, day__gte=first, day__lte=last)
    found = figures_by(figures, by)
    context = {
        "rows": _rows(found, by),
        "whole": _total(found.values()),
        "chart": _chart(figures, first, last),
        "by": by,
        "choices": BY,
        "days": days,
        "periods": PERIODS,
        "first": first,
        "last": last,
    }
    return render(request, "matters/review/barometer.html", context)


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the public what was done in the last 90 days, by matter; a matter with fewer than five applications is not shown, nor counted in the sum."""
    last = timezone.localdate() - timedelta(days=1)
    first = last - timedelta(days=89)
    found = figures_by(DailyFigure.objects.filter(day__gte=first, day__lte=last, matter__is_listed=True), "matter")
    few = _of_few([place[0] for place, each in found.items() if each.filed < SURELY_MANY], first, last)
    shown = {place: each for place, each in found.items() if place[0] not in few and each.concluded >= LEAST_SHOWN}
    context = {
        "rows": _rows(shown, "matter"),
        "whole": _total(shown.values()),
        "hidden": len(found) - len(shown),
        "first": first,
        "last": last,
        "least": LEAST_SHOWN,
    }
    return render(request, "matters/statistics.html", context)


def _of_few(matters: list[int], first: date, last: date) -> set[int]:
    """Return those of these matters of which fewer applications than are shown were filed, or had a part concluded, in these days.

    The figures count parts, of which one family's application has many. Two queries, by the index of each matter's applications.
    """
    days = (datetime.combine(first, time(), SHANGHAI), datetime.combine(last + timedelta(days=1), time(), SHANGHAI))
    of_matter = Bundle.objects.filter(matter_version__matter__in=matters).order_by()
    many = set(matters)
    for done in (
        of_matter.filter(submitted_at__gte=days[0], submitted_at__lt=days[1]),
        of_matter.filter(sub_items__concluded_at__gte=days[0], sub_items__concluded_at__lt=days[1]),
    ):
        counted = done.values_list("matter_version__matter").annotate(applications=Count("pk", distinct=True))
        many &= {matter for matter, applications in counted if applications >= LEAST_SHOWN}
    return set(matters) - many


def _rows(found: Mapping[tuple[Any, ...], PeriodFigures], by: str) -> list[BarometerRow]:
    names, codes = _names({place[0] for place in found}, by)
    longest = max([each.p90 or 0 for each in found.values()], default=0) or 1
    rows = [
        BarometerRow(
            names.get(place[0], _("网上")),
            each,
            codes.get(place[0], ""),
            round((each.median or 0) * BAR_WIDTH / longest),
            round((each.p90 or 0) * BAR_WIDTH / longest),
        )
        for place, each in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.figures.filed, row.name))


def _names(places: set[Any], by: str) -> tuple[dict[Any, str], dict[Any, str]]:
    """Return what each value is called, and the codes of departments."""
    if by == "channel":
        return {value: str(label) for value, label in Channel.choices}, {}
    if by == "matter":
        return {pk: translate(name) for pk, name in Matter.objects.filter(pk__in=places).values_list("pk", "name")}, {}
    rows = list(Department.objects.filter(pk__in=places).values_list("pk", "name", "code"))
    return {pk: translate(name) for pk, name, _code in rows}, {pk: code for pk, _name, code in rows}


def _total(found: Any) -> PeriodFigures:
    figures = list(found)
    to_decide: dict[int, int] = {}
    to_accept: dict[int, int] = {}
    for each in figures:
        for days, cases in each.to_decide.items():
            to_decide[days] = to_decide.get(days, 0) + cases
        for days, cases in each.to_accept.items():
            to_accept[days] = to_accept.get(days, 0) + cases
    sums = {name: sum(getattr(each, name) for each in figures) for name in COUNTED}
    return PeriodFigures(**sums, to_accept=to_accept, to_decide=to_decide)


def _chart(figures: Any, first: date, last: date) -> dict[str, Any]:
    """Return the lines of what was filed and what was concluded, day by day, on one scale."""
    counted = figures.values_list("day").annotate(Sum("filed"), Sum("concluded"))
    by_day = {day: (filed, concluded) for day, filed, concluded in counted}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    highest = max([max(pair) for pair in by_day.values()], default=0)
    step = CHART_WIDTH / max(len(days) - 1, 1)

    def line(place: int) -> str:
        heights = [by_day.get(day, (0, 0))[place] / (highest or 1) for day in days]
        return " ".join(f"{number * step:.1f},{CHART_HEIGHT * (1 - each):.1f}" for number, each in enumerate(heights))

    return {"filed": line(0), "concluded": line(1), "highest": highest, "width": CHART_WIDTH, "height": CHART_HEIGHT}


def _one_of(given: str, known: tuple[int, ...]) -> int:
    number = whole_number(given, 3)
    return number if number in known else known[0]
