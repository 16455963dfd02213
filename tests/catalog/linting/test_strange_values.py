"""A comparison with what cannot be is told wherever it stands, with the place, the variable and the value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.definitions import (
    CrossRule,
    ElementDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    RoleDefinition,
)
from catalog.linting.literals import strange_values

ELEMENTS = {
    "kind": ElementDefinition("kind", "种类", "select", (Option("a", "甲"), Option("b", "乙"))),
    "flag": ElementDefinition("flag", "是否", "boolean"),
    "number": ElementDefinition("number", "件数", "integer"),
    "name": ElementDefinition("name", "姓名", "text"),
}
QUESTION = GuideQuestion("way", "怎么办", options=(GuideOption("one", "一"), GuideOption("two", "二")))
COUNT = GuideQuestion("n", "几个", minimum=2, maximum=5)
FIXED = GuideQuestion("fixed", "几个", minimum=3)
ROLE = RoleDefinition("p", "本人")
USE = MatterItemDefinition("za")
LINE = LineDefinition("KIND", "p", "kind")
MATTER = MatterDefinition("zz", "试", roles=(ROLE,), questions=(QUESTION, COUNT, FIXED), items=(USE,))
ITEM = ItemDefinition("za", "某项", "health", (LINE,))
THREE = {"!=": [{"var": "answers.way"}, "three"]}


def told(rule: Any) -> list[tuple[str, str]]:
    matter = replace(MATTER, items=(replace(USE, condition=rule),))
    return [(each.params["variable"], each.params["value"]) for each in strange_values(matter, [ITEM], ELEMENTS)]


@pytest.mark.parametrize(
    ("matter", "item", "place"),
    [
        ({"questions": (replace(QUESTION, condition=THREE),)}, {}, ("", "question:way")),
        (
            {"questions": (replace(QUESTION, options=(GuideOption("one", "一", condition=THREE),)),)},
            {},
            ("", "question:way/one"),
        ),
        ({"roles": (replace(ROLE, is_applicant=THREE),)}, {}, ("", "role:p")),
        ({"roles": (replace(ROLE, count={"if": [THREE, 2, 1]}),)}, {}, ("", "role:p")),
        ({"roles": (replace(ROLE, same_as={"if": [THREE, "q", None]}),)}, {}, ("", "role:p")),
        ({"items": (replace(USE, condition=THREE),)}, {}, ("za", "condition")),
        ({}, {"lines": (replace(LINE, condition=THREE),)}, ("za", "KIND")),
        ({}, {"lines": (replace(LINE, required=THREE),)}, ("za", "KIND")),
        ({}, {"materials": (MaterialNeed("photo", condition=THREE),)}, ("za", "material:photo")),
        ({}, {"cross_rules": (CrossRule("x", THREE, "不对"),)}, ("za", "cross_rule:x")),
    ],
)
def test_it_is_told_wherever_it_stands(matter: dict[str, Any], item: dict[str, Any], place: tuple[str, str]) -> None:
    [found] = strange_values(replace(MATTER, **matter), [replace(ITEM, **item)], ELEMENTS)
    assert (found.code, found.severity) == ("no_such_value", "error")
    assert [(each.item, each.code) for each in found.sources] == [place]
    assert found.params == {"variable": "answers.way", "value": "three"}


@pytest.mark.parametrize(
    ("name", "fits", "strange"),
    [
        ("answers.way", ["one", "two"], ["three", 1, True]),
        ("answers.n", [2, 5], [1, 6, "2", True, 2.0]),
        ("answers.fixed", [3], [2, 4]),
        ("p:kind", ["a", "b"], ["c", 0, False]),
        ("p:flag", [True, False], ["true", 1]),
        ("p:number", [0, -1, 10**6], ["3", 1.5, True]),
        ("p:name", ["anything", 3], []),
        ("q:unknown", ["anything"], []),
        ("today", ["2025-06-01"], []),
        ("answers.unknown", ["anything"], []),
    ],
)
def test_what_can_be_is_what_the_question_or_the_field_takes(name: str, fits: list[Any], strange: list[Any]) -> None:
    read = {"var": name}
    for value in fits:
        assert told({"==": [read, value]}) == []
    for value in strange:
        assert told({"==": [read, value]}) == told({"!=": [value, {"var": [name]}]}) == [(name, str(value))]
        assert told({"==": [read, None]}) == []  # nothing at all can always be
        assert told({"in": [read, [*fits, value]]}) == [(name, str(value))]
        assert told({"any": ["p", {"==": [{"var": [name, "c"]}, value]}]}) == [(name, str(value))]


def test_two_values_of_one_rule_are_both_told_and_no_other_comparison_is_one() -> None:
    read = {"var": "p:kind"}
    assert told({"in": [read, ["c", "a", "d"]]}) == [("p:kind", "c"), ("p:kind", "d")]
    for rule in (
        {"<": [read, "c"]},
        {"==": [read, {"var": "p:name"}]},
        {"==": [read, {"if": [read, "c", "d"]}]},
        {"in": [read, [{"var": "p:name"}, ["c"]]]},
        {"==": [{"count": read}, 7]},
        {"==": [read]},
        {"==": [read, "c", "d"]},
        {"==": [{"var": []}, "c"]},
    ):
        assert told(rule) == []
