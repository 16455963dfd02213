"""Laws of demands: together they take what each of them takes, and what contradicts itself takes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.constraints import Context, combine, context_at, contradiction
from catalog.fields.validation import Validator

TODAY = date(2025, 6, 1)
LIMITS = st.integers(-3, 3)
DAYS = st.dates(date(2025, 5, 30), date(2025, 6, 3)).map(date.isoformat)
OPTIONS = ("x", "y", "z")


def demands(**each: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=each)


KINDS: dict[str, tuple[st.SearchStrategy[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "integer": (demands(min=LIMITS, max=LIMITS), LIMITS),
    "decimal": (
        demands(min=LIMITS, max=LIMITS, scale=st.integers(0, 2)),
        st.decimals(-4, 4, places=2, allow_nan=False).map(str),
    ),
    "text": (
        demands(
            min_length=st.integers(0, 4), max_length=st.integers(0, 4), pattern=st.sampled_from(["a+", "[ab]*", "b?a*"])
        ),
        st.text("ab", min_size=1, max_size=5),
    ),
    "date": (
        demands(
            not_before=DAYS,
            not_after=DAYS,
            not_future=st.booleans(),
            not_past=st.booleans(),
            min_age_years=st.integers(0, 2),
            max_age_years=st.integers(0, 2),
        ),
        st.dates(date(2022, 5, 30), date(2025, 6, 3)).map(date.isoformat),
    ),
    "multiselect": (
        demands(
            options=st.lists(st.sampled_from(OPTIONS), unique=True),
            min_items=st.integers(0, 3),
            max_items=st.integers(0, 3),
        ),
        st.lists(st.sampled_from(OPTIONS), unique=True, min_size=1),
    ),
}


def takes(type: str, demand: dict[str, Any], value: Any) -> bool:
    patterns = demand.get("pattern", "")
    rest = {name: each for name, each in demand.items() if name != "pattern"}
    one_by_one = [
        rest,
        *({"pattern": each} for each in ([patterns] if isinstance(patterns, str) else patterns) if each),
    ]
    return Validator(type, *one_by_one).check("k", value, Context(TODAY, {})) is None


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_together_they_take_what_each_of_them_takes(data: st.DataObject, type: str) -> None:
    demand, values = KINDS[type]
    one, other, value = data.draw(demand), data.draw(demand), data.draw(values)
    both = takes(type, combine([one, other], OPTIONS), value)
    assert both == (takes(type, one, value) and takes(type, other, value))
    if both:
        assert contradiction(type, one, other, OPTIONS) == ""


@given(*[st.integers(-30, 30)] * 2, st.integers(0, 2), st.sampled_from(["integer", "decimal"]))
def test_a_number_with_so_many_decimals_lies_between_the_limits_or_they_contradict(
    least: int, most: int, scale: int, type: str
) -> None:
    limits = {"min": str(Decimal(least) / 10), "max": str(Decimal(most) / 10), "scale": scale}
    steps = 10**scale if type == "decimal" else 1
    possible = any(least * steps <= 10 * number <= most * steps for number in range(-300, 301))
    assert contradiction(type, limits) == ("" if possible else "min")


def test_a_decimal_has_four_decimals_at_most() -> None:
    assert contradiction("decimal", {"min": "0.0001", "max": "0.0001"}) == ""
    assert contradiction("decimal", {"min": "0.00011", "max": "0.00012"}) == "min"


@pytest.mark.parametrize(
    ("type", "demands", "told"),
    [
        ("text", {"pattern": "a|bbb", "min_length": 2, "max_length": 2}, "min_length"),
        ("text", {"pattern": "a{3,}", "max_length": 2}, "max_length"),
        ("text", {"pattern": "a{3,}", "min_length": 1, "max_length": 2}, "max_length"),
        ("text", {"pattern": "a", "max_length": 1}, ""),
        ("text", {"pattern": "a", "min_length": 2}, "min_length"),
        ("text", {"pattern": ["a+", "b+"]}, "pattern"),
        ("text", {"pattern": ""}, "pattern"),  # nothing at all is no value
        ("text", {"identifier": ["mobile_phone", "bank_card"]}, ""),
        ("text", {"identifier": ["mobile_phone", "resident_id"]}, "identifier"),
        ("postcode", {"max_length": 5}, "max_length"),
        ("select", {"options": ["x"], "min_items": 2}, ""),  # one is chosen, however many are wanted of several
        ("multiselect", {"min_items": 4}, "min_items"),
        ("integer", {"pattern": "[a-z]"}, ""),  # binds no numbers
    ],
)
def test_the_demand_that_cannot_be_met_is_named(type: str, demands: dict[str, Any], told: str) -> None:
    assert contradiction(type, demands, options=OPTIONS) == told


def test_a_number_given_at_birth_is_read_by_the_day() -> None:
    newborn = Validator("text", {"identifier": "resident_id"})
    number = "360102202506020013"
    on = {day: newborn.check("n", number, Context(date(2025, 6, day), {})) for day in (1, 2)}
    assert (on[1] and on[1].code) == "future_date"
    assert on[2] is None


def test_a_moment_knows_the_record_as_well() -> None:
    kinds = Validator("id_number", {"kind": "p:kind"})
    now = context_at(datetime(2025, 6, 1, 9, 30, tzinfo=UTC), {"p:kind": "414"})
    assert kinds.check("n", "E12345678", now) is None
    assert (now.today, now.now) == (date(2025, 6, 1), "2025-06-01T09:30")
