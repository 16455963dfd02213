"""A time later today is still to come; where only the day is known, days are compared."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalog.fields.constraints import context_at
from catalog.fields.validation import FieldProblem, Validator

DAY = date(2026, 11, 30)
MOMENT = datetime(2026, 11, 30, 0, 43, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "demand", "value", "code"),
    [
        ("datetime", "not_future", "2026-11-30T00:42", ""),
        ("datetime", "not_future", "2026-11-30T00:43", ""),
        ("datetime", "not_future", "2026-11-30T00:44", "in_future_today"),
        ("datetime", "not_future", "2026-11-30T23:58", "in_future_today"),
        ("datetime", "not_future", "2026-12-01T00:00", "in_future"),
        ("datetime", "not_past", "2026-11-30T00:42", "in_past_today"),
        ("datetime", "not_past", "2026-11-30T00:43", ""),
        ("datetime", "not_past", "2026-11-29T23:59", "in_past"),
        ("date", "not_future", "2026-11-30", ""),
        ("date", "not_past", "2026-11-30", ""),
    ],
)
def test_moments_are_compared_with_now(type: str, demand: str, value: str, code: str) -> None:
    found = Validator(type, {demand: True}).check("birth", value, context_at(MOMENT, {}))
    assert found == (FieldProblem("birth", code) if code else None)
    assert Validator(type, {demand: False}).check("birth", value, context_at(MOMENT, {})) is None


def test_where_only_the_day_is_known_any_time_of_it_will_do() -> None:
    for demand in ("not_future", "not_past"):
        for value in ("2026-11-30T00:00", "2026-11-30T23:59"):
            assert Validator("datetime", {demand: True}).check("birth", value, context_at(DAY, {})) is None
