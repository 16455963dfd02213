"""Rules as rows and rows as rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.language import check, holds
from catalog.rules.rows import (
    COMPARING,
    Case,
    Cases,
    Condition,
    ConditionGroup,
    ConditionRow,
    Fact,
    cases_of,
    cases_to_json,
    count_rule_of,
    rows_of,
    rule_of,
    to_json,
)

names = st.sampled_from(["answers.household", "answers.extra", "child:person.name", "today"])
plain_facts = st.builds(Fact, names)
facts = st.one_of(
    plain_facts,
    st.builds(Fact, names, st.just("count")),
    st.builds(Fact, names, st.sampled_from(["years", "days"]), names),
)
scalars = st.one_of(
    st.text(max_size=8), st.integers(-1000, 1000), st.booleans(), st.floats(-10, 10, allow_nan=False, width=16)
)
rows = st.one_of(
    st.builds(ConditionRow, facts, st.sampled_from(list(COMPARING)), st.one_of(scalars, facts)),
    st.builds(
        ConditionRow,
        facts,
        st.sampled_from(["one_of", "none_of"]),
        st.lists(scalars, min_size=1, max_size=4).map(tuple),
    ),
    st.builds(ConditionRow, facts, st.sampled_from(["has", "has_not"]), scalars),
    st.builds(ConditionRow, facts, st.sampled_from(["filled", "empty"])),
)
joins = st.sampled_from(["and", "or"])
groups = st.builds(ConditionGroup, joins, st.lists(rows, min_size=1, max_size=3).map(tuple), st.booleans())
conditions = st.builds(
    Condition, joins, st.lists(st.one_of(rows, groups), min_size=1, max_size=4).map(tuple), st.booleans()
)
amounts = st.one_of(st.integers(0, 50), plain_facts)
cases = st.builds(Cases, st.lists(st.builds(Case, rows, amounts), max_size=3).map(tuple), amounts)
anything = st.recursive(
    st.one_of(st.none(), scalars, names.map(lambda name: {"var": name})),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["and", "or", "!", "!!", "==", "in", "if", "<", "var", "count", "days_between", "foo"]),
            st.one_of(inner, st.lists(inner, max_size=3)),
            max_size=2,
        ),
    ),
    max_leaves=12,
)


@given(conditions)
def test_rows_that_became_a_rule_can_be_shown_again_and_give_the_same_rule(condition: Condition) -> None:
    rule = rule_of(condition)
    assert check(rule) == []
    shown = rows_of(rule)
    assert shown is not None
    assert json.dumps(rule_of(shown)) == json.dumps(rule)
    json.dumps(to_json(shown))


@given(anything)
def test_a_rule_is_shown_exactly_or_not_at_all(rule: Any) -> None:
    shown = rows_of(rule)
    assert shown is None or json.dumps(rule_of(shown)) == json.dumps(rule)
    counted = cases_of(rule)
    assert counted is None or json.dumps(count_rule_of(counted)) == json.dumps(rule)


@given(cases)
def test_cases_that_became_a_rule_can_be_shown_again(counting: Cases) -> None:
    rule = count_rule_of(counting)
    shown = cases_of(rule)
    assert shown is not None
    assert json.dumps(count_rule_of(shown)) == json.dumps(rule)


def test_a_negated_group_holds_when_its_rows_do_not() -> None:
    household = Fact("answers.household")
    condition = Condition(
        "and",
        (
            ConditionGroup(
                "or", (ConditionRow(household, "is", "a"), ConditionRow(household, "is", "b")), negated=True
            ),
            ConditionRow(household, "filled"),
        ),
    )
    assert holds(rule_of(condition), {"answers.household": "c"})
    assert not holds(rule_of(condition), {"answers.household": "a"})


@pytest.mark.parametrize(
    "rule",
    [
        {"and": [{"==": [{"var": "a"}, 1]}]},
        {"var": ["a", 1]},
        {"==": [1, {"var": "a"}]},
        {"<": [1, {"var": "a"}, 3]},
        {"==": [{"var": "a"}, None]},
        {
            "and": [
                {"or": [{"and": [{"!": {"var": "a"}}, {"!": {"var": "b"}}]}, {"!": {"var": "c"}}]},
                {"!": {"var": "d"}},
            ]
        },
        {"foo": 1},
        {"==": [{"var": "a"}, 1], "!=": [1, 2]},
        True,
        None,
        "text",
    ],
)
def test_it_leaves_alone_what_rows_cannot_say(rule: Any) -> None:
    assert rows_of(rule) is None


def test_it_stands_ten_thousand_deep_nesting() -> None:
    rule: Any = {"var": "a"}
    for _ in range(10_000):
        rule = {"!": rule}
    assert rows_of(rule) is None
    assert cases_of(rule) is None


def test_every_rule_of_the_content_can_be_shown() -> None:
    """What is asked of several persons (``any``, ``all``, ``none``) is read as its sentence, and written as JSON."""
    hidden = []
    content = Path("catalog/content")
    for path in [*content.glob("*/matter.yaml"), *content.glob("**/items/*.yaml")]:
        content_of_file = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for key, rule in _rules(content_of_file):
            shown = cases_of(rule) if key == "count" else rows_of(rule)
            if shown is None and not isinstance(rule, bool) and not _asks_of_several(rule):
                hidden.append((path.name, key, rule))
    assert hidden == []


def _asks_of_several(rule: Any) -> bool:
    if isinstance(rule, list):
        return any(map(_asks_of_several, rule))
    return isinstance(rule, dict) and any(
        key in ("any", "all", "none") or _asks_of_several(each) for key, each in rule.items()
    )


def _rules(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, list):
        return [found for each in node for found in _rules(each)]
    if not isinstance(node, dict):
        return []
    keys = ("condition", "required_when", "is_applicant", "count", "violated")
    own = [(key, node[key]) for key in keys if node.get(key) is not None]
    return own + [found for key, each in node.items() if key not in keys for found in _rules(each)]


_HOUSEHOLD = Fact("answers.household")
_BORN = Fact("child:person.birth", "years", "today")
_CONDITIONS = (
    Condition("and", (ConditionRow(_HOUSEHOLD, "is", "local"),)),
    Condition(
        "or",
        (ConditionRow(_HOUSEHOLD, "one_of", ("a", "b")), ConditionRow(_HOUSEHOLD, "none_of", ("c",))),
        negated=True,
    ),
    Condition(
        "and",
        (
            ConditionRow(_BORN, "less", 18),
            ConditionGroup(
                "or", (ConditionRow(_HOUSEHOLD, "has", "x"), ConditionRow(_HOUSEHOLD, "has_not", "y")), negated=True
            ),
            ConditionGroup("and", (ConditionRow(_HOUSEHOLD, "filled"),), negated=True),
            ConditionRow(Fact("answers.extra", "count"), "at_least", 2),
            ConditionRow(_HOUSEHOLD, "is_not", Fact("child:person.name")),
            ConditionRow(Fact("a:b.from", "days", "a:b.to"), "more", 45),
            ConditionRow(_HOUSEHOLD, "empty"),
            ConditionRow(_HOUSEHOLD, "at_most", True),
        ),
    ),
)
_CASES = (
    Cases((), Fact("answers.members")),
    Cases(
        (
            Case(ConditionRow(_HOUSEHOLD, "is", "3"), 3),
            Case(ConditionRow(_HOUSEHOLD, "filled"), Fact("answers.members")),
        ),
        0,
    ),
)
# What the browser reads of conditions and cases, and what they are: for the test that both write the same rules.
SAMPLE_CONDITIONS = [(to_json(condition), condition) for condition in _CONDITIONS]
SAMPLE_CASES = [(cases_to_json(counting), counting) for counting in _CASES]
