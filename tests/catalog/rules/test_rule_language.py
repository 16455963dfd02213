"""What is not in the language is told with its place and its numbers; renaming reaches every depth; deciding facts are named."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.rules.language import MAX_NODES, MAX_TEXT, RuleProblem, check, evaluate, explain, rename
from catalog.rules.values import MAX_DEPTH

GIRL = {"==": [{"var": "child:person.sex"}, "2"]}


def nested(depth: int, rule: Any = True) -> Any:
    for _ in range(depth):
        rule = {"!!": [rule]}
    return rule


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"and": [True, {"like": [1]}]}, RuleProblem("unknown_operator", ("and", 1), {"operator": "like"})),
        ({"and": []}, RuleProblem("wrong_arity", ("and",), {"operator": "and", "given": 0})),
        ({"or": [{"in": [1]}]}, RuleProblem("wrong_arity", ("or", 0, "in"), {"operator": "in", "given": 1})),
        ({"or": [{"<": [1, 2, 3, 4]}]}, RuleProblem("wrong_arity", ("or", 0, "<"), {"operator": "<", "given": 4})),
        ({"if": [True, {"a": 1, "b": 2}]}, RuleProblem("not_one_operator", ("if", 1))),
        ({"!": {}}, RuleProblem("not_one_operator", ("!", 0))),
        ({"!": {"var": ""}}, RuleProblem("bad_variable", ("!", 0, "var"))),
        ({"!": {"var": [7, 1]}}, RuleProblem("bad_variable", ("!", 0, "var"))),
        ({"!": {"any": ["", GIRL]}}, RuleProblem("bad_role", ("!", 0, "any"), {"operator": "any"})),
        ({"!": {"count": [3, GIRL]}}, RuleProblem("bad_role", ("!", 0, "count"), {"operator": "count"})),
        ({"in": ["x", ["y", b"z"]]}, RuleProblem("bad_literal", ("in", 1, 1))),
        ({"in": ["x", ["y" * (MAX_TEXT + 1)]]}, RuleProblem("text_too_long", ("in", 1, 0), {"limit": MAX_TEXT})),
        (nested(MAX_DEPTH), RuleProblem("too_deep", ("!!", 0) * MAX_DEPTH, {"limit": MAX_DEPTH})),
        ([[True] * MAX_NODES], RuleProblem("too_large", (), {"limit": MAX_NODES})),
    ],
)
def test_what_is_not_in_the_language_is_told_with_its_place(rule: Any, problem: RuleProblem) -> None:
    assert check(rule) == [problem]


@pytest.mark.parametrize(
    "rule",
    [
        nested(MAX_DEPTH - 1),
        {"in": ["x", ["y" * MAX_TEXT]]},
        {"any": ["child", False]},  # a rule that never holds is a rule
        {"none": ["child", None]},
        [[[[True]]]],
        {"count": {"var": "answers.kinds"}},
    ],
)
def test_what_is_just_within_the_language_is_sound(rule: Any) -> None:
    assert check(rule) == []


def test_lists_count_as_one_step_down() -> None:
    rule: Any = True
    for _ in range(MAX_DEPTH - 1):
        rule = [rule]
    assert check(rule) == []
    assert [each.code for each in check([rule])] == ["too_deep"]
    assert evaluate(rule, {}) == rule


def test_roles_are_renamed_at_every_depth_and_others_stay() -> None:
    def new(name: str) -> str:
        return name.replace("child:", "baby:")

    other = {"all": ["parent", {"!!": [{"var": "parent:x"}]}]}
    rule = {
        "if": [{"and": [{"any": ["child", GIRL]}, other]}, {"var": ["child:x", {"count": ["child", GIRL]}]}, "child"]
    }
    girl = {"==": [{"var": "baby:person.sex"}, "2"]}
    assert rename(rule, new, {"child": "baby"}) == {
        "if": [{"and": [{"any": ["baby", girl]}, other]}, {"var": ["baby:x", {"count": ["baby", girl]}]}, "child"]
    }
    assert rename({"count": {"var": "child:x"}}, new, {"child": "baby"}) == {"count": {"var": "baby:x"}}
    assert rename({"any": ["child", GIRL]}, new) == {"any": ["child", girl]}


def test_of_a_choice_both_what_was_looked_for_and_what_was_chosen_decide() -> None:
    rule = {"in": [{"var": "answers.wanted"}, {"var": "answers.chosen"}]}
    values = {"answers.wanted": "gas", "answers.chosen": ["water", "gas"]}
    assert {ground.variable: ground.value for ground in explain(rule, values)} == {
        "answers.chosen": ["gas"],
        "answers.wanted": "gas",
    }
    cases = {"if": [{"var": "a"}, {"var": "b"}, {"var": "c"}, {"var": "d"}, {"var": "e"}]}
    assert [ground.variable for ground in explain(cases, {"c": 1})] == ["a", "c", "d"]
    assert [ground.variable for ground in explain(cases, {})] == ["a", "c", "e"]
