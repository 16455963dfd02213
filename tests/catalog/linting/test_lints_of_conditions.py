"""Conditions that nothing can meet, rules that nobody can keep, and things left lying about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.definitions import (
    CrossRule,
    ElementDefinition,
    Finding,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    RoleDefinition,
)
from catalog.linting.matters import lint_matter
from catalog.linting.satisfying import can_hold
from catalog.rules.language import holds
from tests.catalog.merging.examples import examples
from tests.worlds.family import var

ELEMENTS = {
    element.code: element
    for element in (
        ElementDefinition("n", "数", "integer"),
        ElementDefinition("d", "日", "date"),
        ElementDefinition("s", "选", "select", (Option("x", "甲"), Option("y", "乙"))),
        ElementDefinition("m", "多选", "multiselect", (Option("p", "一"), Option("q", "二"))),
        ElementDefinition("b", "是否", "boolean"),
        ElementDefinition("t", "文", "text"),
        ElementDefinition("many", "很多", "multiselect", tuple(Option(v, v) for v in "abcdefghi")),
        ElementDefinition("sign", "签名", "signature"),
        ElementDefinition("id", "证件号码", "id_number", known_from=("profile",)),
    )
}
ANSWERS = {"q": ["a", "b"]}


def f(code: str) -> dict[str, str]:
    return var(f"who:{code}")


IMPOSSIBLE = [
    {"and": [{">": [f("n"), 5]}, {"<": [f("n"), 6]}]},
    {"and": [{">": [f("n"), 5]}, {"<": [f("n"), 3]}]},
    {"and": [{">=": [f("n"), 5]}, {"==": [f("n"), 4]}]},
    {"and": [{"<": [0, f("n"), 1]}]},
    {"and": [{">": [f("d"), "2024-01-01"]}, {"<": [f("d"), "2024-01-02"]}]},
    {"and": [{"==": [f("d"), None]}, {">": [f("d"), "2024-01-01"]}]},
    {"==": [f("s"), "z"]},
    {"in": [f("s"), ["z", "w"]]},
    {"and": [{"==": [f("s"), "x"]}, {"==": [f("s"), "y"]}]},
    {"and": [{"!=": [f("s"), "x"]}, {"!=": [f("s"), "y"]}, {"!!": [f("s")]}]},
    {"in": ["r", f("m")]},
    {"and": [{"!=": [f("m"), None]}, {"!": [f("m")]}]},
    {">": [{"count": [f("m")]}, 2]},
    {"and": [{"in": ["p", f("m")]}, {"==": [{"count": [f("m")]}, 1]}, {"in": ["q", f("m")]}]},
    {"and": [f("b"), {"!": [f("b")]}]},
    {"and": [{"==": [f("b"), None]}, {"!!": [f("b")]}]},
    {"and": [{"==": [f("t"), "a"]}, {"==": [f("t"), "b"]}]},
    {"and": [{"==": [var("answers.q"), "a"]}, {">": [f("n"), 5]}, {"!=": [var("answers.q"), "a"]}]},
    {"and": [{"==": [var("answers.q"), "c"]}, {"!!": [f("n")]}]},
    {"if": [{"!!": [f("b")]}, {"!": [f("b")]}, f("b")]},
]
POSSIBLE = [
    {"and": [{">": [f("n"), 5]}, {"<": [f("n"), 7]}]},
    {"and": [{">=": [f("n"), 5]}, {"<=": [f("n"), 5]}]},
    {"<": [f("n"), -100]},
    {">": [f("n"), 100]},
    {"and": [{">": [f("d"), "2024-01-01"]}, {"<": [f("d"), "2024-01-03"]}]},
    {"<": [f("d"), "1950-01-01"]},
    {"==": [f("s"), "x"]},
    {"!": [f("s")]},
    {"==": [{"count": [f("m")]}, 2]},
    {"!": [f("b")]},
    {"!!": [f("b")]},
    {"==": [f("b"), False]},
    {"==": [{"count": [f("m")]}, 1]},
    {"and": [{"in": ["a", f("many")]}, {"==": [{"count": [f("many")]}, 0]}]},
    {">": [f("d"), "2024-01-01T08:00"]},
    {"and": [{"!=": [f("d"), "x"]}, {">": [f("d"), "2024-01-01"]}]},
    {"and": [{">": [f("d"), "2024-01-01"]}, {"!=": [f("d"), "x"]}]},
    {">=": [f("d"), "0001-01-01"]},
    {"<=": [f("d"), "9999-12-31"]},
    {"==": [{"var": ["who:n", 50]}, 50]},
    {"!": [{"var": ["who:n", 50]}]},
    {"==": [f("t"), "a"]},
    {"and": [{"in": ["a", f("t")]}, {"in": ["b", f("t")]}]},
    {"==": [f("many"), ["a"]]},
    {">": [f("n"), f("n")]},
    {">=": [{"years_between": [f("d"), "2024-01-01"]}, 1000]},
    {"in": [f("n"), [17]]},
    {"==": [{"var": ["who:n", 5]}, 5]},
    {"and": [{"==": [var("answers.q"), "b"]}, {"!!": [f("n")]}]},
    {"==": [var("answers.unheard_of"), "b"]},
    {"==": [var("who:unheard_of"), "b"]},
]


def item(slug: str = "i", codes: str = "n d s m b t many", **changes: Any) -> ItemDefinition:
    lines = tuple(LineDefinition(code.upper(), "who", code, required=False) for code in codes.split())
    lines += changes.pop("lines", ())
    return ItemDefinition(slug, slug, "d", lines, promised_limit_days=1, legal_basis="法", **changes)


def lint(*items: ItemDefinition, materials: Any = (), **changes: Any) -> list[Finding]:
    matter = MatterDefinition(
        "m",
        "m",
        roles=(RoleDefinition("who", "谁"),),
        questions=(GuideQuestion("q", "?", options=(GuideOption("a", "a"), GuideOption("b", "b"))),),
        items=tuple(MatterItemDefinition(each.slug) for each in items),
        **changes,
    )
    return lint_matter(matter, items, ELEMENTS, materials)


def told(found: list[Finding]) -> list[tuple[str, str, list[str]]]:
    """Return severity, code and places; all of them are the item's."""
    for each in found:
        assert {source.item for source in each.sources} == {"i"}
    return [(each.severity, each.code, [source.code for source in each.sources]) for each in found]


@pytest.mark.parametrize("rule", IMPOSSIBLE, ids=str)
def test_a_condition_that_nothing_meets_is_refused(rule: Any) -> None:
    line = LineDefinition("L", "who", "sign", required=False, condition=rule)
    assert told(lint(item(lines=(line,)))) == [("error", "contradictory_condition", ["L"])]


@pytest.mark.parametrize("rule", POSSIBLE, ids=str)
def test_a_condition_that_something_meets_or_nobody_can_tell_is_not(rule: Any) -> None:
    assert can_hold([rule], ELEMENTS, ANSWERS)
    if "unheard_of" not in str(rule):
        assert told(lint(item(lines=(LineDefinition("L", "who", "sign", required=False, condition=rule),)))) == []


def test_answers_and_options_are_tried_where_there_are_few() -> None:
    way = var("answers.q")
    assert not can_hold([{"==": [way, "a"]}, {">": [f("n"), 5]}, {"!=": [way, "a"]}], ELEMENTS, ANSWERS)
    assert can_hold([{"!": [way]}, {">": [f("n"), 5]}], ELEMENTS, ANSWERS)
    eight = {"m": ElementDefinition("m", "多选", "multiselect", tuple(Option(v, v) for v in "abcdefgh"))}
    assert not can_hold([{"in": ["a", f("m")]}, {"==": [{"count": [f("m")]}, 0]}], eight, {})
    assert can_hold([{"==": [{"count": [f("m")]}, 8]}], eight, {})


def test_what_is_asked_of_several_persons_is_not_decided() -> None:
    assert can_hold([{"any": ["who", {">": [f("n"), 5]}]}, {"<": [f("n"), 3]}], ELEMENTS, ANSWERS)


def test_a_number_compared_with_a_text_is_one_of_those_that_differ() -> None:
    assert can_hold([{"!=": [f("n"), "x"]}, {">": [f("n"), 5]}], ELEMENTS, ANSWERS)


def test_every_kind_of_condition_is_looked_at() -> None:
    never = IMPOSSIBLE[0]
    found = lint(
        item(
            lines=(LineDefinition("L", "who", "sign", required=never),),
            materials=(MaterialNeed("x", condition=never),),
            cross_rules=(CrossRule("c", never, "不行", ("N",)),),
        ),
        materials=[MaterialDefinition("x", "材料")],
    )
    assert told(found) == [
        ("error", "contradictory_condition", ["L"]),
        ("error", "contradictory_condition", ["material:x"]),
        ("error", "contradictory_condition", ["cross_rule:c"]),
    ]


def test_a_rule_that_everything_violates_is_refused() -> None:
    always = {"or": [{">": [f("n"), 5]}, {"<=": [f("n"), 5]}, {"==": [f("n"), None]}]}
    found = lint(item(cross_rules=(CrossRule("c", always, "不行", ("N",)), CrossRule("d", True, "不行", ("N",)))))
    assert told(found) == [
        ("error", "always_refused", ["cross_rule:c"]),
        ("error", "always_refused", ["cross_rule:d"]),
    ]
    assert lint(item(cross_rules=(CrossRule("c", {">": [f("n"), 5]}, "不行", ("N",)),))) == []


def test_a_choice_of_too_many_answers_is_not_decided() -> None:
    wide = GuideQuestion("wide", "?", options=tuple(GuideOption(v, v) for v in "abcdefghi"), multiple=True)
    rule = {"and": [{"in": ["i", var("answers.wide")]}, {"!!": [f("n")]}]}
    line = LineDefinition("L", "who", "sign", required=False, condition=rule)
    matter = MatterDefinition(
        "m", "m", roles=(RoleDefinition("who", "谁"),), questions=(wide,), items=(MatterItemDefinition("i"),)
    )
    assert lint_matter(matter, [item(lines=(line,))], ELEMENTS, []) == []


def test_too_many_values_to_try_are_not_decided() -> None:
    parts = [{"!=": [f("n"), number]} for number in range(0, 400, 3)]
    parts += [{"!=": [f("d"), f"20{n:02}-01-01"]} for n in range(10, 50)]
    assert can_hold([{"and": [*parts, {"==": [f("s"), "z"]}]}], ELEMENTS, ANSWERS)
    assert not can_hold([{"and": [*parts[:20], {"==": [f("s"), "z"]}]}], ELEMENTS, ANSWERS)


@examples(200)
@given(st.data())
def test_what_is_called_impossible_never_holds(data: st.DataObject) -> None:
    atoms = st.sampled_from(
        [
            {">": [f("n"), 3]},
            {"<=": [f("n"), 3]},
            {"==": [f("n"), 4]},
            {"in": [f("n"), [2, 4]]},
            {"==": [f("s"), "x"]},
            {"in": [f("s"), ["y", "z"]]},
            {"in": ["p", f("m")]},
            {"==": [{"count": [f("m")]}, 1]},
            {"==": [f("b"), True]},
            {">": [f("d"), "2024-01-01"]},
            {"==": [f("d"), "2024-01-02"]},
            {"==": [var("answers.q"), "a"]},
        ]
    )
    rules = st.recursive(
        atoms,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"and": parts})
            | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"or": parts})
            | inner.map(lambda one: {"!": [one]})
        ),
        max_leaves=6,
    )
    rule = data.draw(rules)
    values = {
        "who:n": data.draw(st.none() | st.integers(-3, 9)),
        "who:s": data.draw(st.sampled_from([None, "x", "y"])),
        "who:m": data.draw(st.sampled_from([None, ["p"], ["q"], ["p", "q"]])),
        "who:b": data.draw(st.sampled_from([None, True, False])),
        "who:d": data.draw(st.sampled_from([None, "1999-05-05", "2024-01-01", "2024-01-02", "2031-12-31"])),
        "answers.q": data.draw(st.sampled_from([None, "a", "b"])),
    }
    assert can_hold([rule], ELEMENTS, ANSWERS) or not holds(rule, values)


class TestTidiness:
    """Things left lying about."""

    @pytest.mark.parametrize(
        ("one", "other", "is_same"),
        [
            (MaterialDefinition("x", "身份证"), MaterialDefinition("y", "身份证"), True),
            (MaterialDefinition("x", "身份证（复印件）"), MaterialDefinition("y", " 身份证 (复印件)"), True),
            (MaterialDefinition("x", "身份证", "S1"), MaterialDefinition("y", "居民身份证", "S1"), True),
            (MaterialDefinition("x", "身份证", "S1"), MaterialDefinition("y", "身份证", "S1"), True),
            (MaterialDefinition("x", "身份证", "S1"), MaterialDefinition("y", "户口簿", "S2"), False),
            (MaterialDefinition("x", "身份证"), MaterialDefinition("y", "户口簿"), False),
        ],
    )
    def test_one_paper_under_two_codes(self, one: Any, other: Any, is_same: bool) -> None:
        needs = (MaterialNeed("y"), MaterialNeed("x"))
        found = lint(item(materials=needs), materials=[one, other])
        expected = [("warning", "material_twice", ["material:x", "material:y"])] if is_same else []
        assert told(found) == expected
        assert [each.params for each in found] == ([{"name": one.name}] if is_same else [])

    def test_a_form_that_asks_the_same_twice(self) -> None:
        twice = LineDefinition("N2", "who", "n", required=False)
        (found,) = lint(item(lines=(twice,)))
        assert told([found]) == [("warning", "asked_twice", ["N", "N2"])]
        assert found.params == {"field": "who:n"}

    def test_identity_that_is_known_and_asked_again(self) -> None:
        (found,) = lint(item(lines=(LineDefinition("ID", "who", "id", reuse="ask"),)))
        assert told([found]) == [("warning", "identity_asked_again", ["ID"])]
        assert found.params == {"field": "who:id"}
        assert lint(item(lines=(LineDefinition("ID", "who", "id", reuse="confirm"),))) == []

    def test_promises_and_groups_are_told_with_their_numbers(self) -> None:
        (found,) = lint(replace(item(), promised_limit_days=9, statutory_limit_days=5))
        assert (found.code, found.params) == ("promise_beyond_statute", {"declared": 9, "found": 5})
        alone = MatterDefinition(
            "m", "m", roles=(RoleDefinition("who", "谁"),), items=(MatterItemDefinition("i", group="way"),)
        )
        (found,) = lint_matter(alone, [item()], ELEMENTS, [])
        assert (found.code, found.params) == ("group_of_one", {"group": "way"})

    def test_an_item_under_the_matters_role_names_is_read_like_any_other(self) -> None:
        own = replace(item(codes=""), lines=(LineDefinition("N", "person", "n"), LineDefinition("N2", "who", "n")))
        matter = MatterDefinition(
            "m",
            "m",
            roles=(RoleDefinition("who", "谁"),),
            items=(MatterItemDefinition("i", roles={"person": "who"}),),
        )
        found = lint_matter(matter, [own], ELEMENTS, [])
        assert told(found) == [("warning", "asked_twice", ["N", "N2"])]
