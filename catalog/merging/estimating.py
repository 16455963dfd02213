"""How long filling in takes: an estimate by a rule that people are told. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from catalog.merging.plan import Plan

# For each field to type, each one to look over, each paper to photograph and hand in, each consent to read.
SECONDS: Final = {"field": 15, "known": 3, "paper": 60, "consent": 20}


@dataclass(frozen=True)
class Estimate:
    """How long filling in takes, and what was counted."""

    minutes: int
    fields: int
    known: int
    papers: int
    consents: int


def estimate(plan: Plan) -> Estimate:
    """Return the estimate for a form nothing has been typed into yet: up to the next full minute, at least one."""
    shown = plan.visible({})
    known = [key for key in shown if plan.fields[key].known_from and plan.fields[key].reuse != "ask"]
    papers = [each for each in plan.materials if each.exemption is None and not each.conditional]
    fields, consents = len(shown) - len(known), len(plan.consents)
    seconds = (
        fields * SECONDS["field"]
        + len(known) * SECONDS["known"]
        + len(papers) * SECONDS["paper"]
        + consents * SECONDS["consent"]
    )
    return Estimate(max(math.ceil(seconds / 60), 1), fields, len(known), len(papers), consents)
