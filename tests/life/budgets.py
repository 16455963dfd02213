"""What a page may cost: the table of ``docs/performance.md``, read from there so that there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
ROW = re.compile(r"^\| ([a-z ]+) \| ([\d.]+) \|", re.MULTILINE)


def budgets() -> dict[str, float]:
    """Return the budget of each kind of request: milliseconds of processor in the web process, redirects included."""
    return {kind: float(most) for kind, most in ROW.findall(PAGE.read_text())}


def over(by_request: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return what is above its budget, as "measured of allowed"."""
    allowed = budgets()
    return {
        kind: f"{figures['processor_ms']} of {allowed[kind]}"
        for kind, figures in by_request.items()
        if kind in allowed and figures["processor_ms"] > allowed[kind]
    }
