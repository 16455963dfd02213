"""The review points on a case's page, and what was ticked on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from matters.cases.points import JudgedPoint
from matters.reviewing.points import Judgement

PASS, FAIL = "pass", "fail"


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point as a row of the page. ``chosen``: ``pass``, ``fail`` or nothing; ``places``: what it names for correction, by the names of the
    gaps; ``is_stale``: it was judged before a correction, and has to be again."""

    key: str
    text: str
    chosen: str
    note: str
    problem: str
    message: str
    places: str
    by: str
    at: datetime | None
    is_stale: bool


def point_lines(
    judged: Iterable[JudgedPoint], typed: Mapping[str, Any], problems: Mapping[str, str]
) -> list[PointLine]:
    """Return the rows of the points: as typed where something was, else as kept."""
    return [
        PointLine(
            key=one.point.key,
            text=one.point.text,
            chosen=str(typed.get(f"point.{one.point.key}", _kept(one))),
            note=str(typed.get(f"note.{one.point.key}", one.verdict.note if one.is_failed and one.verdict else "")),
            problem=problems.get(f"point.{one.point.key}", ""),
            message=one.point.message,
            places=" ".join(f"{target}:{key}" for target, key in one.places),
            by=str(one.verdict.judged_by) if one.verdict is not None else "",
            at=one.verdict.judged_at if one.verdict is not None else None,
            is_stale=one.verdict is not None and not one.stands,
        )
        for one in judged
    ]


def _kept(one: JudgedPoint) -> str:
    return PASS if one.is_passed else FAIL if one.is_failed else ""


def ticked_points(post: QueryDict) -> dict[str, Judgement]:
    """Return what was ticked, by the points' keys; other values are nothing."""
    return {
        name.removeprefix("point."): Judgement(value == PASS, str(post.get(f"note.{name.removeprefix('point.')}", "")))
        for name, value in post.items()
        if name.startswith("point.") and value in (PASS, FAIL)
    }


def failed_gaps(judged: Iterable[JudgedPoint]) -> dict[str, str]:
    """Return what the failed points name for correction: name of the gap → what is wrong, all that was said of it."""
    found: dict[str, list[str]] = {}
    for one in judged:
        for target, key in one.places if one.is_failed else ():
            found.setdefault(f"{target}:{key}", []).append(one.wrong)
    return {name: "；".join(dict.fromkeys(each for each in reasons if each)) for name, reasons in found.items()}


def failed_grounds(judged: Iterable[JudgedPoint]) -> str:
    """Return the grounds that the failed points come to, a line each."""
    return "\n".join(
        f"{one.point.text}：{one.wrong}" if one.wrong else one.point.text for one in judged if one.is_failed
    )
