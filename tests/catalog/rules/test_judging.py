"""Rules that decide without a person: true, false, or unclear wherever anything that counts is not known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.judging import check_kinds, judge
from catalog.rules.language import check, evaluate
from catalog.rules.values import truthy

NAMES = ("a", "b", "c")
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(["", "x", "xy", "2", "2026-01-01", "2025-02-28", "2026-01-01T08:00"]),
    st.none(),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
RULES = st.recursive(
    st.one_of(SCALARS, st.sampled_from(NAMES).map(lambda name: {"var": name})),
    lambda inner: st.one_of(
        st.tuples(
            st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "years_between", "days_between"]), inner, inner
        ).map(lambda each: {each[0]: [each[1], each[2]]}),
        st.tuples(st.sampled_from(["and", "or", "how_many"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda each: {each[0]: each[1]}
        ),
        st.tuples(st.sampled_from(["!", "!!", "count"]), inner).map(lambda each: {each[0]: [each[1]]}),
        st.lists(inner, min_size=2, max_size=4).map(lambda each: {"if": each}),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
SOME = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3)


@given(RULES, SOME)
def test_what_is_clear_is_what_the_language_says(rule: Any, values: dict[str, Any]) -> None:
    verdict = judge(rule, values)
    assert verdict is None or verdict is truthy(evaluate(rule, values))


@given(RULES, SOME, SOME)
def test_what_is_clear_stays_whatever_else_becomes_known(
    rule: Any, known: dict[str, Any], more: dict[str, Any]
) -> None:
    verdict = judge(rule, known)
    held = {name: value for name, value in known.items() if value not in (None, "", [])}
    assert verdict is None or judge(rule, {**more, **held}) is verdict


@given(RULES)
def test_nothing_is_decided_by_what_nobody_knows(rule: Any) -> None:
    reads_all = {"and": [rule, {"==": [{"var": "a"}, 1]}]}
    assert judge(reads_all, {}) is not True


@pytest.mark.parametrize(
    ("rule", "values", "verdict"),
    [
        ({"<": [{"years_between": [{"var": "a"}, {"var": "b"}]}, 1]}, {"a": "2026-01-01", "b": "2026-11-30"}, True),
        ({"<": [{"years_between": [{"var": "a"}, {"var": "b"}]}, 1]}, {"a": "2026-01-01"}, None),
        ({"or": [{"==": [{"var": "a"}, "x"]}, {"var": "b"}]}, {"a": "x"}, True),
        ({"and": [{"==": [{"var": "a"}, "y"]}, {"var": "b"}]}, {"a": "x"}, False),
        ({"==": [{"var": "a"}, "1"]}, {"a": 1}, None),
        ({"in": ["x", [{"var": "a"}, "x"]]}, {}, True),
        ({"in": ["z", [{"var": "a"}, "x"]]}, {}, None),
        ({"==": [{"var": ["a", "x"]}, "x"]}, {}, None),
        ({"any": ["child", {"var": "a"}]}, {"a": True}, None),
        ({"count": ["child"]}, {}, None),
    ],
)
def test_verdicts(rule: Any, values: dict[str, Any], verdict: bool | None) -> None:
    assert not check(rule)
    assert judge(rule, values) is verdict


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ({"<": [{"years_between": [{"var": "born"}, {"var": "today"}]}, 3]}, []),
        ({"==": [{"var": "sex"}, "2"]}, []),
        ({"in": [{"var": "sex"}, ["1", "2"]]}, []),
        ({"var": "has_card"}, []),
        ({"==": [{"var": "wages"}, 1]}, ["unknown_name"]),
        ({"==": [{"var": ["sex", "2"]}, "2"]}, ["has_default"]),
        ({"==": [{"var": "sex"}, None]}, ["empty_literal"]),
        ({"<": [{"var": "sex"}, 3]}, ["wrong_kind"]),
        ({"and": [{"var": "sex"}]}, ["wrong_kind"]),
        ({"==": [{"var": "weight"}, "heavy"]}, ["wrong_kind"]),
        ({"years_between": [{"var": "born"}, {"var": "today"}]}, ["not_a_truth"]),
        ({"any": ["child", {"var": "has_card"}]}, ["of_persons"]),
    ],
)
def test_what_cannot_decide_is_named(rule: Any, codes: list[str]) -> None:
    kinds = {"born": "date", "today": "date", "sex": "text", "has_card": "truth", "weight": "number"}
    assert [problem.code for problem in check_kinds(rule, kinds)] == codes
