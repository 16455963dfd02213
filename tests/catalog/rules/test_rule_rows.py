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


several_rows = st.lists(rows, min_size=2, max_size=3).map(tuple)
unambiguous = st.builds(
    Condition,
    joins,
    st.lists(
        st.one_of(rows, st.builds(ConditionGroup, joins, several_rows, st.booleans())), min_size=2, max_size=4
    ).map(tuple),
    st.booleans(),
)


@given(unambiguous, cases)
def test_what_was_filled_in_is_shown_as_it_was_filled_in(condition: Condition, counting: Cases) -> None:
    assert rows_of(rule_of(condition)) == condition
    assert cases_of(count_rule_of(counting)) == counting


_PLACE = Fact("answers.place")


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ({"==": [{"var": "answers.place"}, "x"]}, ConditionRow(_PLACE, "is", "x")),
        ({"!=": [{"var": "answers.place"}, "x"]}, ConditionRow(_PLACE, "is_not", "x")),
        ({">": [{"var": "answers.place"}, 1]}, ConditionRow(_PLACE, "more", 1)),
        ({">=": [{"var": "answers.place"}, 1.5]}, ConditionRow(_PLACE, "at_least", 1.5)),
        ({"<": [{"var": "answers.place"}, 1]}, ConditionRow(_PLACE, "less", 1)),
        ({"<=": [{"var": "answers.place"}, 1]}, ConditionRow(_PLACE, "at_most", 1)),
        ({"in": [{"var": "answers.place"}, ["x", "y"]]}, ConditionRow(_PLACE, "one_of", ("x", "y"))),
        ({"!": {"in": [{"var": "answers.place"}, ["x"]]}}, ConditionRow(_PLACE, "none_of", ("x",))),
        ({"in": ["x", {"var": "answers.place"}]}, ConditionRow(_PLACE, "has", "x")),
        ({"!": {"in": ["x", {"var": "answers.place"}]}}, ConditionRow(_PLACE, "has_not", "x")),
        ({"!!": {"var": "answers.place"}}, ConditionRow(_PLACE, "filled")),
        ({"!": {"var": "answers.place"}}, ConditionRow(_PLACE, "empty")),
        ({"!!": {"count": {"var": "answers.place"}}}, ConditionRow(Fact("answers.place", "count"), "filled")),
        (
            {"<": [{"years_between": [{"var": "p:born"}, {"var": "today"}]}, 18]},
            ConditionRow(Fact("p:born", "years", "today"), "less", 18),
        ),
        (
            {">": [{"days_between": [{"var": "p:from"}, {"var": "p:to"}]}, {"var": "p:days"}]},
            ConditionRow(Fact("p:from", "days", "p:to"), "more", Fact("p:days")),
        ),
    ],
)
def test_each_verb_is_one_rule(rule: Any, shown: ConditionRow) -> None:
    assert rows_of(rule) == Condition("and", (shown,))
    assert rule_of(Condition("or", (shown,))) == rule


def test_what_is_negated_alone_stays_in_its_brackets() -> None:
    filled = {"!!": {"var": "answers.place"}}
    row = ConditionRow(_PLACE, "filled")
    assert rows_of({"!": filled}) == Condition("and", (row,), negated=True)
    both = {"or": [{"!": filled}, {"!": {"and": [filled, filled]}}]}
    assert rows_of(both) == Condition(
        "or",
        (ConditionGroup("and", (row,), negated=True), ConditionGroup("and", (row, row), negated=True)),
    )
    assert rows_of({"!": {"!": {"or": [filled, filled]}}}) == Condition(
        "and", (ConditionGroup("or", (row, row), negated=True),), negated=True
    )


def test_the_browser_is_given_every_part_of_a_row() -> None:
    years = ConditionRow(Fact("p:born", "years", "today"), "at_least", 18)
    group = ConditionGroup("or", (ConditionRow(_PLACE, "one_of", ("x",)), ConditionRow(_PLACE, "is", _PLACE)), True)
    plain = {"fact": "answers.place", "measure": "", "until": ""}
    first = {"fact": "p:born", "measure": "years", "until": "today", "verb": "at_least", "value": 18, "other": ""}
    assert to_json(Condition("and", (years, group))) == {
        "join": "and",
        "negated": False,
        "entries": [
            first,
            {
                "join": "or",
                "negated": True,
                "rows": [
                    {**plain, "verb": "one_of", "value": ["x"], "other": ""},
                    {**plain, "verb": "is", "value": None, "other": "answers.place"},
                ],
            },
        ],
    }
    assert cases_to_json(Cases((Case(years, Fact("answers.n")),), 2)) == {
        "cases": [{"when": first, "amount": {"fact": "answers.n"}}],
        "otherwise": 2,
    }


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
        {"in": [{"var": "a"}, []]},
        {"in": [{"var": "a"}, [None]]},
        {"in": [{"var": "a"}, {"var": "b"}]},
        {"in": [None, {"var": "a"}]},
        {"!": [{"var": "a"}]},
        {"!!": {"==": [{"var": "a"}, 1]}},
        {"count": {"var": "a"}},
        {"==": [{"count": {"count": {"var": "a"}}}, 1]},
        {"==": [{"days_between": [{"var": "a"}, "2025-06-01"]}, 1]},
        {"==": [{"days_between": [{"var": "a"}, {"count": {"var": "b"}}]}, 1]},
        {"==": [{"var": "a"}, {"if": [True, 1]}]},
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
