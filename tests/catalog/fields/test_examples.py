"""An example that a field itself takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.examples import whole_number


@pytest.mark.parametrize(
    ("constraints", "example"),
    [
        ({"min": 20, "max": 45}, "30"),
        ({"min": 2026, "max": 2030}, "2030"),
        ({"min": 300, "max": 8000}, "2000"),
        ({"min": 0}, "1"),
        ({"max": 8}, "3"),
        ({"min": 5, "max": 5}, "5"),
        ({"min": 10, "max": 14}, "10"),
        ({"min": 10}, "10"),
        ({"max": 1.5}, "1"),
        ({"min": 5, "max": 3}, "4"),  # which nothing meets
        ({"min": "1900"}, "3000"),
        ({}, "2"),
    ],
)
def test_it_is_round_and_within_the_limits(constraints: dict[str, Any], example: str) -> None:
    assert whole_number(constraints) == example


@given(st.integers(-100_000, 100_000), st.integers(0, 100_000))
def test_it_is_always_within_the_limits(least: int, more: int) -> None:
    assert least <= int(whole_number({"min": least, "max": least + more})) <= least + more
    assert int(whole_number({"min": least})) >= least
    assert int(whole_number({"max": least})) <= least
