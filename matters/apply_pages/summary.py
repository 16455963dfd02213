"""What stands beside the form: how much is asked and left, what it leads to, and when it will be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem
from catalog.wording.limits import together_words
from matters.calendars import official_calendar
from matters.core.clocks import Due, add_working_days
from matters.core.draft_document import DraftDocument, is_same


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one application, where one person's fact counts once, in whatever roles. ``left`` counts what is required and still empty, ``wrong`` what is filled in and not accepted.

    ``days``: how long it takes in words; ``due``: the day, None where a limit is not published.
    """

    items: tuple[PlannedItem, ...]
    departments: int
    asked: int
    known: int
    left: int
    wrong: int
    days: str
    due: Due | None

    @property
    def percent(self) -> int:
        return round(100 * (self.asked - self.left - self.wrong) / self.asked) if self.asked else 100


def summarise(
    plan: Plan,
    document: DraftDocument,
    visible: Collection[str],
    required: Collection[str],
    problems: Iterable[FieldProblem],
    today: date,
) -> Summary:
    """Return the figures for a plan filled so far; ``problems``: what ``Plan.clean`` finds. What a department supplies later does not count."""
    wrong = {problem.field for problem in problems}

    def count(keys: Iterable[str]) -> int:
        return len({plan.fact_of(key) for key in keys})

    typed = [key for key in visible if plan.fields[key].supplied_by is None]
    known = [key for key in typed if has_value(document.values, key) and document.is_known(key)]
    left = [key for key in typed if key in required and not has_value(document.values, key)]
    return Summary(
        items=plan.items,
        departments=len({item.department for item in plan.items}),
        asked=count(typed),
        known=count(known),
        left=count(left),
        wrong=count(key for key in typed if key in wrong and has_value(document.values, key)),
        days=together_words(plan.working_days, len(plan.unknown_limits)),
        due=None if plan.unknown_limits else add_working_days(today, plan.working_days, official_calendar()),
    )


def has_value(values: Mapping[str, Any], key: str) -> bool:
    """Whether something was entered; an empty text or list is nothing, "no" is something."""
    return not is_same(values.get(key), None)
