"""Whether any text can meet several patterns and lengths at once: a no is certain, and every plain contradiction is found."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.common_text import some_text_meets
from catalog.fields.constraints import contradiction
from tests.catalog.fields.random_patterns import PATTERNS, TEXTS
from tests.catalog.merging.examples import examples


@pytest.mark.parametrize(
    ("patterns", "least", "most", "meets"),
    [
        (["[A-Z]{3}", "[0-9]{3}"], 0, None, False),
        (["[A-Z]{3}", "[0-9A-Z]{3}"], 0, None, True),
        (["[0-9]{12}"], 0, 10, False),
        (["[0-9]{12}"], 12, 12, True),
        (["[0-9]{3}"], 4, None, False),
        (["(ab)*"], 3, 3, False),
        (["(ab)*"], 3, 4, True),
        (["(ab)*", "(aba)*"], 1, None, False),
        (["(ab)*", "(ababab)*"], 1, None, True),
        (["a*", "b*"], 0, None, True),
        (["a*", "b*"], 1, None, False),
        (["[ab]+", "[bc]+", "[ac]+"], 1, None, False),
        (["赣[A-Z]·[0-9A-Z]{5,6}", "..·.{5}"], 0, None, True),
        (["(a|b)*a(a|b){20}", "(a|b)*b(a|b){20}"], 0, None, False),
        ([".{0,1000}", "x{3,}"], 500, 600, True),
        (["(a?){20}", "b?"], 1, None, False),
        (["(a?){20}", "b"], 0, None, False),
    ],
)
def test_it_says_no_when_nothing_meets_them_all(patterns: list[str], least: int, most: int | None, meets: bool) -> None:
    assert some_text_meets(patterns, least, most) is meets


@examples(200)
@given(st.lists(PATTERNS, min_size=1, max_size=3), st.integers(0, 3), st.one_of(st.none(), st.integers(0, 4)))
def test_no_text_meets_what_it_denies(patterns: list[str], least: int, most: int | None) -> None:
    tried = [
        text
        for text in TEXTS
        if least <= len(text) <= (4 if most is None else most) and all(re.fullmatch(each, text) for each in patterns)
    ]
    if tried:
        assert some_text_meets(patterns, least, most)
    elif most is not None:
        assert not some_text_meets(patterns, least, most)


@pytest.mark.parametrize(
    ("type", "one", "other", "name"),
    [
        ("text", {"pattern": "[A-Z]{3}"}, {"pattern": "[0-9]{3}"}, "pattern"),
        ("text", {"max_length": 10}, {"pattern": "[0-9]{12}"}, "max_length"),
        ("text", {"min_length": 10}, {"pattern": "[0-9]{2,9}"}, "min_length"),
        ("text", {"pattern": "[A-Z]+"}, {"identifier": "resident_id"}, "pattern"),
        ("text", {"max_length": 17}, {"identifier": "resident_id"}, "max_length"),
        ("text", {"identifier": "credit_code"}, {"identifier": "mobile_phone"}, "identifier"),
        ("postcode", {"pattern": "[A-Z]{6}"}, {}, "pattern"),
        ("postcode", {"pattern": "3[0-9]*"}, {}, ""),
        ("email", {"pattern": "[^@]*"}, {}, "pattern"),
        ("integer", {"min": 1.2}, {"max": 1.8}, "min"),
        ("decimal", {"min": 1.2}, {"max": 1.8}, ""),
        ("decimal", {"min": 1.21}, {"max": 1.28, "scale": 1}, "min"),
        ("date", {"min_age_years": 18}, {"not_past": True}, "min_age_years"),
        ("text", {"max_length": 10}, {"pattern": "[0-9]{8,12}"}, ""),
    ],
)
def test_demands_that_no_value_meets_contradict(type: str, one: Any, other: Any, name: str) -> None:
    assert contradiction(type, one, other) == contradiction(type, other, one) == name


def test_more_cannot_be_chosen_than_there_are() -> None:
    assert contradiction("multiselect", {"min_items": 3}, {}, ["a", "b"]) == "min_items"
    assert contradiction("multiselect", {"min_items": 2}, {}, ["a", "b"]) == ""
