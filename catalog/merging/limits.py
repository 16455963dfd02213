"""How long an item may take, in working days, so that limits of both kinds can be added up."""

from __future__ import annotations

from catalog.definitions import CALENDAR_DAYS, IMMEDIATE, ItemDefinition


def working_days(days: int, unit: str) -> int:
    """Return a limit in working days.

    A limit in calendar days counts as the most working days that can pass before it is over, begun on a working day and, where it
    ends on a day off, over on the next working day (Civil Code art. 203): five a week, at most five of what is left. A date
    promised with it is never before the one that the calendar gives, but for weekends that are worked instead of other days.
    """
    return days // 7 * 5 + min(days % 7, 5) if unit == CALENDAR_DAYS else days


def limit_of(item: ItemDefinition) -> int | None:
    """Return an item's promised limit in working days; None where it is not known. What is done at once takes none."""
    if item.promised_limit_days is not None:
        return working_days(item.promised_limit_days, item.limit_unit)
    return 0 if item.handling == IMMEDIATE else None
