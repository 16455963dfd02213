"""The official calendar: the announced years, one file each (a new year is a new file), and time limits counted in it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from matters.core.clocks import WorkCalendar


@cache
def official_calendar() -> WorkCalendar:
    """Return the calendar of all announced years. Read once per process."""
    files = sorted(Path(__file__).parent.glob("*.json"))
    return WorkCalendar.of_years(json.loads(file.read_text(encoding="utf-8")) for file in files)
