"""What was decided by a rule, as its applicant reads it: the rule in words, the rows it rests on, and how to ask for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.wording.translating import translator_for
from matters.cases.department_view import plan_of
from matters.models import Bundle, PersonCheck, RuleEvaluation
from matters.tracking.progress import Progress


@dataclass(frozen=True, slots=True)
class AutomaticPart:
    """A sub-item that a rule approved. ``found``: sources with the moment they were asked; ``is_right``: what a person found, if one looked."""

    number: str
    heading: str
    department: str
    at: datetime
    clauses: tuple[str, ...]
    found: tuple[tuple[str, datetime], ...]
    asked_at: datetime | None
    checked_at: datetime | None
    is_right: bool | None


def automatic_parts(bundle: Bundle, progress: Progress) -> list[AutomaticPart]:
    """Return what rules decided in a bundle, in the order of its parts. At most two queries; none where no item has a rule."""
    plan = plan_of(bundle)
    ruled = {item.key for item in plan.items if item.decision_rule.clauses}
    steps = [step for step in progress.steps if step.sub_item.key in ruled]
    if not steps:
        return []
    rows = RuleEvaluation.objects.filter(sub_item__in=[step.sub_item.pk for step in steps], decision__isnull=False)
    found = {row.sub_item_id: row for row in rows.prefetch_related("checks")}
    translate = translator_for(bundle.matter_version_id)
    parts = []
    for step in steps:
        row = found.get(step.sub_item.pk)
        if row is None:
            continue
        trace = row.trace
        reads = [read for clause in trace["clauses"] for read in clause["reads"] if _row(read)]
        asked = {_row(read): (read["source"], datetime.fromisoformat(read["at"])) for read in reads}
        checks = list(row.checks.all())
        wanted = next((check for check in checks if check.cause == PersonCheck.Cause.ASKED), None)
        parts.append(
            AutomaticPart(
                number=step.sub_item.number,
                heading=step.heading,
                department=step.department,
                at=row.at,
                clauses=tuple(translate(clause["text"]) for clause in trace["clauses"]),
                found=tuple(asked.values()),
                asked_at=wanted.opened_at if wanted else None,
                checked_at=wanted.checked_at if wanted else None,
                is_right=wanted.is_right if wanted else None,
            )
        )
    return parts


def _row(read: Mapping[str, Any]) -> str:
    """Return which row a value stood in: an answer, a certificate, a check of identity; empty where it stood in none."""
    return str(read["fetch"] or read.get("row", ""))
