"""What departments demand of a value, together and against each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from catalog.fields.constraints import Context, check_constraints, combine, contradiction
from catalog.fields.validation import Validator

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("type", "constraints", "good", "bad", "code", "params"),
    [
        ("text", {"min_length": 2}, "甲乙", "甲", "too_short", {"minimum": 2}),
        ("text", {"max_length": 2}, "𠮷𠮷", "甲乙丙", "too_long", {"maximum": 2}),
        ("integer", {"min": 1}, 1, 0, "too_small", {"minimum": 1}),
        ("integer", {"max": 9}, 9, 10, "too_large", {"maximum": 9}),
        ("decimal", {"min": "0.10"}, "0.1", "0.09", "too_small", {"minimum": "0.10"}),
        ("decimal", {"max": 3}, "3.0000", "3.0001", "too_large", {"maximum": 3}),
        ("decimal", {"scale": 2}, "1.25", "1.250", "too_many_decimals", {"maximum": 2}),
        ("decimal", {"scale": 0}, "1", "1.0", "too_many_decimals", {"maximum": 0}),
        ("select", {"options": ["x", "y"]}, "x", "z", "option_not_accepted", {"accepted": ["x", "y"]}),
        ("multiselect", {"options": ["x"]}, ["x"], ["x", "y"], "option_not_accepted", {"accepted": ["x"]}),
        ("select", {"options": ["111", "414"]}, "414", "114", "option_not_accepted", {"accepted": ["111", "414"]}),
        ("multiselect", {"min_items": 2}, ["x", "y"], ["x"], "too_few_chosen", {"minimum": 2}),
        ("multiselect", {"max_items": 1}, ["x"], ["x", "y"], "too_many_chosen", {"maximum": 1}),
        ("date", {"not_future": True}, "2025-06-01", "2025-06-02", "in_future", {}),
        ("datetime", {"not_future": True}, "2025-06-01T23:59", "2025-06-02T00:00", "in_future", {}),
        ("date", {"not_past": True}, "2025-06-01", "2025-05-31", "in_past", {}),
        ("date", {"not_before": "2020-01-01"}, "2020-01-01", "2019-12-31", "too_early", {"earliest": "2020-01-01"}),
        (
            "datetime",
            {"not_after": "2020-01-01"},
            "2020-01-01T23:00",
            "2020-01-02T00:00",
            "too_late",
            {"latest": "2020-01-01"},
        ),
        ("date", {"min_age_years": 18}, "2007-06-01", "2007-06-02", "too_young", {"minimum": 18}),
        ("date", {"max_age_years": 1}, "2023-06-02", "2023-06-01", "too_old", {"reached": 2}),
        ("text", {"pattern": r"[A-Z]\d{3}"}, "A123", "A1234", "wrong_format", {"pattern": r"[A-Z]\d{3}"}),
        ("person_name", {"identifier": "newborn_name"}, "李小宝", "Lee", "letter", {"character": "L", "position": 1}),
        ("division", {"scope": "country"}, "330106", "330199", "not_a_division", {}),
        ("division", {"scope": "country"}, "360105", "362100", "not_a_division", {}),
        (
            "division",
            {"scope": "country"},
            "441900",
            "360300",
            "division_too_wide",
            {
                "typed": "江西省萍乡市",
                "candidates": "江西省萍乡市安源区、江西省萍乡市湘东区、江西省萍乡市莲花县、江西省萍乡市上栗县、江西省萍乡市芦溪县",
            },
        ),
    ],
)
def test_it_accepts_up_to_the_limit_and_no_further(
    type: str, constraints: dict[str, Any], good: Any, bad: Any, code: str, params: dict[str, Any]
) -> None:
    options = ["x", "y", "z", "111", "114", "414"]
    assert check_constraints(type, constraints, options) == []
    validator = Validator(type, {}, constraints)
    context = Context(TODAY, {})
    assert validator.check("key", good, context) is None
    problem = validator.check("key", bad, context)
    assert problem is not None
    assert (problem.field, problem.code, problem.params) == ("key", code, params)
    (name,) = constraints
    if name.startswith("not_") and code in ("in_future", "in_past"):
        assert Validator(type, {name: False}).check("key", bad, context) is None


def test_it_reads_an_identity_number_by_its_kind_in_the_same_record() -> None:
    validator = Validator("id_number", {"kind": "child:person.id_kind"})

    def code(number: str, kind: Any) -> str:
        problem = validator.check("n", number, Context(TODAY, {"child:person.id_kind": kind}))
        return problem.code if problem else ""

    assert code("360102199003079991", "111") == ""
    assert code("360102199003079991", None) == ""
    assert code("360102199003079990", None) == "check_digit"
    assert code("E12345678", "111") != ""
    assert code("E12345678", "414") == ""
    assert code("E12345678", "999") == ""  # a kind that nobody can check
    assert Validator("id_number", {}).check("n", "360102199003079990", Context(TODAY, {})) is not None
    assert code("360102202602019996", None) in ("future_date", "check_digit")


@pytest.mark.parametrize(
    ("type", "constraints", "found"),
    [
        ("text", {"size": 3}, "unknown_constraint"),
        ("integer", {"max_length": 3}, "constraint_on_wrong_type"),
        ("text", {"max_length": -1}, "bad_constraint"),
        ("text", {"max_length": 100_001}, "bad_constraint"),
        ("text", {"max_length": True}, "bad_constraint"),
        ("text", {"max_length": "3"}, "bad_constraint"),
        ("integer", {"min": "one"}, "bad_constraint"),
        ("integer", {"min": True}, "bad_constraint"),
        ("integer", {"min": "inf"}, "bad_constraint"),
        ("integer", {"min": None}, "bad_constraint"),
        ("select", {"options": "x"}, "bad_constraint"),
        ("select", {"options": [1]}, "bad_constraint"),
        ("select", {"options": ["w"]}, "option_unknown"),
        ("date", {"not_future": 1}, "bad_constraint"),
        ("date", {"not_before": "2020-02-30"}, "bad_constraint"),
        ("date", {"not_before": "2020-02-03T00:00"}, "bad_constraint"),
        ("date", {"not_before": 2020}, "bad_constraint"),
        ("text", {"pattern": 5}, "bad_constraint"),
        ("text", {"pattern": "(?=a)"}, "pattern_syntax"),
        ("text", {"pattern": "a" * 201}, "pattern_too_long"),
        ("text", {"pattern": "(a{100}){100}"}, "pattern_too_costly"),
        ("text", {"identifier": "nonsense"}, "bad_constraint"),
        ("division", {"scope": "everywhere"}, "bad_constraint"),
        ("division", {"scope": True}, "bad_constraint"),
        ("text", {"scope": "country"}, "constraint_on_wrong_type"),
        ("id_number", {"kind": ""}, "bad_constraint"),
        ("id_number", {"kind": 3}, "bad_constraint"),
    ],
)
def test_it_finds_demands_that_cannot_be_meant(type: str, constraints: dict[str, Any], found: str) -> None:
    (name,) = constraints
    assert check_constraints(type, constraints, ["x", "y"]) == [(found, name)]


def test_it_takes_demands_that_can_be_meant() -> None:
    assert (
        check_constraints("id_number", {"kind": "person.id_kind", "max_length": 18, "identifier": "resident_id"}) == []
    )
    assert check_constraints("text", {"max_length": 0, "min_length": 100_000, "pattern": "a+"}) == []
    assert check_constraints("date", {"not_before": "2024-02-29", "not_future": False, "min_age_years": 0}) == []
    assert check_constraints("decimal", {"min": "-1.5", "max": 2.5, "scale": 4}) == []
    assert check_constraints("multiselect", {"options": [], "min_items": 1, "max_items": 2}) == []


def test_it_combines_the_demands_of_all() -> None:
    one = {
        "min_length": 2,
        "max_length": 9,
        "pattern": "a+",
        "min": "1.5",
        "max": 9,
        "options": ["x", "z"],
        "not_future": False,
        "not_past": True,
    }
    other = {
        "min_length": 3,
        "max_length": 5,
        "pattern": "b+",
        "min": 1,
        "max": "8.5",
        "options": ["z", "y", "x"],
        "not_future": True,
        "not_past": False,
    }
    both = combine([one, {}, other], ["x", "y", "z"])
    assert both == {
        "min_length": 3,
        "max_length": 5,
        "pattern": ["a+", "b+"],
        "min": "1.5",
        "max": "8.5",
        "options": ["x", "z"],
        "not_future": True,
        "not_past": True,
    }
    assert combine([one, one], ["x", "z"]) == one
    assert combine([{"kind": "a"}]) == {}
    dates = combine(
        [
            {"not_before": "2020-01-01", "not_after": "2024-01-01"},
            {"not_before": "2021-01-01", "not_after": "2025-01-01"},
        ]
    )
    assert dates == {"not_before": "2021-01-01", "not_after": "2024-01-01"}
    assert combine(
        [{"min_age_years": 1, "max_age_years": 9, "scale": 2}, {"min_age_years": 2, "max_age_years": 5, "scale": 0}]
    ) == {
        "scale": 0,
        "min_age_years": 2,
        "max_age_years": 5,
    }


@pytest.mark.parametrize(
    ("type", "one", "other", "name"),
    [
        ("text", {"min_length": 5}, {"max_length": 4}, "min_length"),
        ("text", {"min_length": 5}, {"max_length": 5}, ""),
        ("integer", {"max": 1}, {"min": 2}, "min"),
        ("integer", {"max": "10"}, {"min": 9}, ""),
        ("select", {"options": ["x"]}, {"options": ["y"]}, "options"),
        ("select", {"options": ["x", "y"]}, {"options": ["y"]}, ""),
        ("multiselect", {"options": ["x", "y"]}, {"min_items": 3}, "options"),
        ("multiselect", {"options": ["x", "y"]}, {"min_items": 2}, ""),
        ("multiselect", {"max_items": 1}, {"min_items": 2}, "min_items"),
        ("date", {"not_before": "2024-01-02"}, {"not_after": "2024-01-01"}, "not_before"),
        ("date", {"not_before": "2024-01-01"}, {"not_after": "2024-01-01"}, ""),
        ("date", {"min_age_years": 60}, {"max_age_years": 1}, "min_age_years"),
        ("date", {"not_future": True}, {"not_past": True}, ""),
    ],
)
def test_it_sees_demands_that_exclude_each_other(
    type: str, one: dict[str, Any], other: dict[str, Any], name: str
) -> None:
    assert contradiction(type, one, other) == contradiction(type, other, one) == name


@pytest.mark.parametrize(
    ("type", "first", "second", "found"),
    [
        ("multiselect", ["p"], ["q"], "options"),
        ("multiselect", ["p", "q"], ["q"], ""),
        ("select", ["p", "q"], ["q"], ""),
        ("select", ["p"], ["q"], "options"),
    ],
)
def test_one_option_that_all_accept_is_enough(type: str, first: list[str], second: list[str], found: str) -> None:
    assert contradiction(type, {"options": first}, {"options": second}) == found
