"""Conditions as a line of text: read back exactly, and refused where they go wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.rules.text import RuleTextInvalid, rule_from_text, rule_to_text
from tests.catalog.packages.test_round_trip import rules

EXAMPLES = [
    ({"==": [{"var": "answers.household"}, "local"]}, 'answers.household = "local"'),
    ({"in": ["bank", {"var": "answers.accounts"}]}, '"bank" 属于 answers.accounts'),
    ({"!!": {"var": "child:person.id_number"}}, "有值(child:person.id_number)"),
    (
        {"and": [{"==": [{"var": "a"}, True]}, {"or": [{"!": {"var": "b"}}, {">=": [{"var": "c"}, 2]}]}]},
        "a = 真 且 (非(b) 或 c ≥ 2)",
    ),
    ({"if": [{"var": "a"}, 3, 1]}, "如果(a, 3, 1)"),
    ({"<": [1, {"var": "n"}, 4]}, "<(1, n, 4)"),
    ({"years_between": [{"var": "child:birth.time"}, {"var": "today"}]}, "相差年数(child:birth.time, today)"),
    ({"var": ["a", 0]}, '取("a", 0)'),
    (False, "假"),
]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=[text for _rule, text in EXAMPLES])
def test_it_says_a_rule_in_words_and_reads_them_back(rule: Any, text: str) -> None:
    assert rule_to_text(rule) == text
    assert rule_from_text(text) == rule


@settings(max_examples=300, deadline=None)
@given(rules)
def test_every_rule_reads_back_as_it_was(rule: Any) -> None:
    assert json.dumps(rule_from_text(rule_to_text(rule))) == json.dumps(rule)


def test_it_takes_what_a_chinese_keyboard_writes() -> None:
    wanted = {"and": [{"in": [{"var": "a"}, ["1", "2"]]}, {"!=": [{"var": "b"}, "是"]}]}
    assert rule_from_text("（a 属于 【“1”，“2”】）并且 b != “是”") == wanted


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("a =", 3),
        ("= a", 2),
        ("a = b = c", 6),
        ("a b", 2),
        ("(a", 2),
        ("a $ b", 1),
        ("(" * 9000, 61),
        ('{"a": ', 6),
    ],
)
def test_it_says_where_a_text_goes_wrong(text: str, position: int) -> None:
    with pytest.raises(RuleTextInvalid) as refusal:
        rule_from_text(text)
    assert refusal.value.position == position


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab.:"“”()[]{},=≠<且或非属于有值如果取真1-\\ ', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    position = 0
    try:
        rule_from_text(text)
    except RuleTextInvalid as refusal:
        position = refusal.position
    assert 0 <= position <= len(text)
