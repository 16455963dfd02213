"""What a rule says of several persons: any of them, all, none, how many; never silently the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.compiling import compile_matter, examine
from catalog.definitions import (
    CrossRule,
    ElementDefinition,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    ResultDefinition,
    RoleDefinition,
)
from catalog.merging.compiled import CompiledMatter

TODAY = date(2026, 11, 30)
ELEMENTS = {
    "person.sex": ElementDefinition("person.sex", "性别", "select", (Option("1", "男"), Option("2", "女"))),
    "person.count": ElementDefinition("person.count", "数", "integer"),
}
PAPERS = {"proof": MaterialDefinition("proof", "证明")}
ITEM = ItemDefinition(
    "za", "甲项", "health", (LineDefinition("X", "c", "person.sex"), LineDefinition("N", "p", "person.count"))
)
MATTER = MatterDefinition(
    "zz",
    "试",
    roles=(
        RoleDefinition("p", "本人", is_applicant=True),
        RoleDefinition("c", "孩子", count={"var": "answers.n"}, maximum=3),
    ),
    questions=(GuideQuestion("n", "几个孩子", minimum=0, maximum=3),),
    items=(MatterItemDefinition("za"),),
)
GIRL = {"==": [{"var": "c:person.sex"}, "2"]}


def line(condition: Any) -> ItemDefinition:
    return replace(ITEM, lines=(ITEM.lines[0], replace(ITEM.lines[1], condition=condition)))


def codes(item: ItemDefinition, matter: MatterDefinition = MATTER) -> list[tuple[str, str]]:
    return [(each.code, each.sources[0].code) for each in examine(matter, [item], ELEMENTS, PAPERS)]


def plan(item: ItemDefinition, count: int, matter: MatterDefinition = MATTER) -> Any:
    return CompiledMatter(compile_matter(matter, [item], ELEMENTS, PAPERS)).plan_for({"n": count})


def sexes(*values: str) -> dict[str, str]:
    return {f"c{f'#{at}' if at > 1 else ''}:person.sex": value for at, value in enumerate(values, 1)}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"any": ["c", GIRL]}, {("1", "2", "1"), ("2", "2", "2")}),
        ({"all": ["c", GIRL]}, {("2", "2", "2"), ()}),
        ({"none": ["c", GIRL]}, {("1", "1", "1"), ()}),
        ({">=": [{"count": ["c", GIRL]}, 2]}, {("2", "2", "2")}),
        ({"==": [{"count": ["c", GIRL]}, 0]}, {("1", "1", "1"), ()}),
        ({"!": [{"any": ["c", GIRL]}]}, {("1", "1", "1"), ()}),
    ],
)
def test_a_line_reads_all_persons_of_a_role(rule: Any, holds: set[tuple[str, ...]]) -> None:
    item = line(rule)
    assert codes(item) == []
    for given in [("1", "2", "1"), ("2", "2", "2"), ("1", "1", "1"), ()]:
        seen = plan(item, len(given)).visible(sexes(*given))
        assert ("p:person.count" in seen) == (given in holds), given


def test_the_browser_is_given_the_same_rule_written_out() -> None:
    ((*_sexes, [_key, condition, _required]),) = plan(line({"count": ["c", GIRL]}), 2).browser_rules()["items"]
    second = {"==": [{"var": "c#2:person.sex"}, "2"]}
    assert condition == {"how_many": [GIRL, second]}


def test_a_rule_that_would_read_the_first_alone_is_refused() -> None:
    assert codes(line(GIRL)) == [("read_of_first", "N")]
    assert codes(line({"any": ["p", GIRL]})) == [("read_of_first", "N"), ("asked_of_one", "N")]
    paper = replace(ITEM, materials=(MaterialNeed("proof", condition=GIRL),))
    assert codes(paper) == [("read_of_first", "material:proof")]
    assert codes(replace(ITEM, materials=(MaterialNeed("proof", condition=GIRL, role="c"),))) == []
    crossed = replace(ITEM, cross_rules=(CrossRule("x", GIRL, "不对", ("X",)),))
    assert codes(crossed) == [("read_of_first", "cross_rule:x")]
    face = replace(ITEM, results=(ResultDefinition("t", {"sex": "field:c:person.sex"}, holder="c"),))
    assert codes(face) == [("read_of_first", "result:t/sex"), ("holder_of_several", "result:t")]


def test_an_item_done_for_each_person_speaks_of_that_one() -> None:
    each = replace(MATTER, items=(MatterItemDefinition("za", per="c"),))
    assert codes(line(GIRL), each) == []
    assert codes(line({"any": ["c", GIRL]}), each) == [("asked_of_one", "N")]
    own = replace(ITEM, lines=(ITEM.lines[0], replace(ITEM.lines[1], role="c", condition=GIRL)))
    assert codes(own) == []
    seen = plan(own, 2).visible(sexes("1", "2"))
    assert {"c#2:person.count"} == {key for key in seen if key.endswith("count")}


def test_what_is_asked_of_nobody_is_refused() -> None:
    assert codes(line({"any": ["c", {"==": [{"var": "answers.n"}, 1]}]})) == [("asked_of_nobody", "N")]
    assert codes(line({"any": ["moon", {"!!": [{"var": "p:person.count"}]}]})) == [("unknown_reference", "N")]
    assert codes(line({"all": [["c"], GIRL]})) == [("bad_rule", "N")]
    by_persons = replace(MATTER, items=(MatterItemDefinition("za", condition={"any": ["c", True]}),))
    assert codes(ITEM, by_persons) == [("asked_of_nobody", "condition")]


def test_a_rule_over_fields_of_several_names_them_all() -> None:
    more = {">": [{"count": ["c", GIRL]}, 1]}
    item = replace(ITEM, cross_rules=(CrossRule("one_girl", more, "只能有一个", ("c:person.sex", "N")),))
    values = {**sexes("2", "1", "2"), "p:person.count": "1"}
    (problem,) = plan(item, 3).clean(values, TODAY)[1]
    assert problem.params["fields"] == ["c:person.sex", "c#2:person.sex", "c#3:person.sex", "p:person.count"]
    assert not plan(item, 2).clean(values, TODAY)[1]


def test_roles_renamed_by_a_matter_are_renamed_in_what_is_asked_of_them() -> None:
    matter = replace(
        MATTER,
        roles=(MATTER.roles[0], replace(MATTER.roles[1], key="kid")),
        items=(MatterItemDefinition("za", roles={"c": "kid"}),),
    )
    seen = plan(line({"any": ["c", GIRL]}), 2, matter).visible({"kid#2:person.sex": "2"})
    assert "p:person.count" in seen
