"""A pair of ways to do one thing, measured in turns."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Figure:
    """Rates of the ways to do one thing, a list per way in the order of the rounds. ``limit``: what nothing can exceed."""

    name: str
    unit: str
    rates: dict[str, list[float]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def take(self, way: str, rate: float) -> None:
        self.rates.setdefault(way, []).append(rate)

    def median(self, way: str) -> float:
        return statistics.median(self.rates[way])

    def line(self, ours: str, usual: str, limit: str = "") -> str:
        """Return the figure as one line of JSON. The ratio is that of the medians."""
        shown: dict[str, Any] = {
            "figure": self.name,
            "unit": self.unit,
            ours: round(self.median(ours), 2),
            usual: round(self.median(usual), 2),
            "ratio": round(self.median(ours) / self.median(usual), 2),
        }
        if limit:
            shown |= {
                limit: round(self.median(limit), 2),
                "of_limit": round(self.median(ours) / self.median(limit), 3),
            }
        shown |= {"rounds": len(self.rates[ours]), "cores": os.cpu_count(), **self.notes}
        return json.dumps(shown, ensure_ascii=False)


def in_turns(rounds: int, *ways: Callable[[], None]) -> None:
    """Run the ways in turns, so that what else the machine does hits them alike."""
    for number in range(rounds):
        for way in ways if number % 2 == 0 else reversed(ways):
            way()


def say(text: str) -> None:
    """Tell the reader what is going on; figures alone go to standard output."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201
