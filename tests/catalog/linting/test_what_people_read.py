"""Lints of names, units, values and numbers of persons: what the docs promise publishing refuses."""

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
    MatterDefinition,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.linting.matters import lint_matter

ELEMENTS = {
    "zz.area": ElementDefinition("zz.area", "面积", "decimal"),
    "zz.size": ElementDefinition("zz.size", "面积", "decimal"),
    "zz.kind": ElementDefinition("zz.kind", "种类", "select", (Option("a", "甲"), Option("b", "乙"))),
    "zz.number": ElementDefinition("zz.number", "件数", "integer", constraints={"max": 10}),
    "zz.flag": ElementDefinition("zz.flag", "是否", "boolean"),
    "zz.code": ElementDefinition("zz.code", "号", "text"),
}


def item(slug: str, *lines: LineDefinition, **more: Any) -> ItemDefinition:
    return ItemDefinition(slug, "某项", "health", lines, promised_limit_days=1, legal_basis="法", **more)


def line(element: str, label: str = "一栏", **more: Any) -> LineDefinition:
    return LineDefinition(element, "p", f"zz.{element}", label, section=more.pop("section", "s"), **more)


MATTER = MatterDefinition(
    "zz",
    "试",
    roles=(RoleDefinition("p", "本人", is_applicant=True),),
    questions=(
        GuideQuestion("way", "怎么办", options=(GuideOption("one", "一"), GuideOption("two", "二"))),
        GuideQuestion("n", "几个", minimum=0, maximum=5),
    ),
    sections=(SectionDefinition("s", "表"),),
)


def errors(*items: ItemDefinition, matter: MatterDefinition = MATTER) -> list[tuple[str, str]]:
    matter = replace(matter, items=tuple(MatterItemDefinition(each.slug) for each in items))
    found = lint_matter(matter, list(items), ELEMENTS, {})
    return [(each.code, each.sources[0].code) for each in found if each.severity == "error"]


@pytest.mark.parametrize(
    ("rule", "strange"),
    [
        ({"!=": [{"var": "answers.way"}, "three"]}, True),
        ({"!=": [{"var": "answers.way"}, "two"]}, False),
        ({"in": [{"var": "answers.way"}, ["one", "three"]]}, True),
        ({"!=": [{"var": "p:zz.kind"}, "c"]}, True),
        ({"in": [{"var": "p:zz.kind"}, ["a", "c"]]}, True),
        ({"!": [{"in": ["c", {"var": "p:zz.kind"}]}]}, True),
        ({"!=": [{"var": "p:zz.kind"}, None]}, False),
        ({"!=": [{"var": "answers.n"}, 6]}, True),
        ({"!=": [{"var": "answers.n"}, "2"]}, True),
        ({"!=": [{"var": "answers.n"}, 2]}, False),
        ({"!=": [{"var": "p:zz.flag"}, "true"]}, True),
        ({"!=": [{"var": "p:zz.number"}, "3"]}, True),
        ({"!=": [{"var": ["p:zz.code", "c"]}, "anything"]}, False),
    ],
)
def test_a_rule_compares_with_what_can_be(rule: Any, strange: bool) -> None:
    own = [line(each) for each in ("kind", "number", "flag", "code")]
    found = errors(item("za", *own, line("area", condition=rule)))
    told = [each for each in found if each[0] != "contradictory_condition"]
    assert told == ([("no_such_value", "area")] if strange else [])
    crossed = item("za", *own, cross_rules=(CrossRule("x", {"and": [{"!!": {"var": "p:zz.code"}}, rule]}, "不对"),))
    assert errors(crossed) == ([("no_such_value", "cross_rule:x")] if strange else [])


@pytest.mark.parametrize(
    ("first", "second", "unit", "code"),
    [
        ("面积（平方米）", "面积（亩）", "", "two_units"),
        ("面积（平方米）", "面积(平方米)", "", ""),
        ("面积", "面积（亩）", "平方米", "two_units"),
        ("面积（建筑）", "面积（套内）", "", ""),
    ],
)
def test_a_number_has_one_unit(first: str, second: str, unit: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ELEMENTS, "zz.area", replace(ELEMENTS["zz.area"], unit=unit))
    found = errors(item("za", line("area", first)), item("zb", line("area", second)))
    assert [each for each, _place in found] == ([code] if code else [])


def test_a_fact_has_one_element() -> None:
    assert errors(item("za", line("area")), item("zb", line("size"))) == [("two_elements", "area")]
    other = replace(MATTER, roles=(*MATTER.roles, RoleDefinition("q", "对方")))
    assert errors(item("za", line("area")), item("zb", replace(line("size"), role="q")), matter=other) == []


def test_what_people_read_is_no_code() -> None:
    assert errors(item("za", line("area", section="other"))) == [("section_without_name", "area")]
    assert errors(item("za", line("area", "zz_area"))) == [("label_is_a_code", "area")]
    assert errors(item("za", line("area", "QQ"))) == []
    decided = item("za", line("area"), outputs=(OutputDefinition("o", "number", "integer"),))
    assert errors(decided) == [("label_is_a_code", "output:o")]
    sections = replace(MATTER, sections=(SectionDefinition("s", "part_one"),))
    assert errors(item("za", line("area")), matter=sections) == [("label_is_a_code", "section:s")]


@pytest.mark.parametrize(
    ("count", "maximum", "found"),
    [
        ({"var": "answers.n"}, 3, True),
        ({"var": "answers.n"}, 5, False),
        ({"var": "answers.n"}, 1, True),
        ({"if": [{"==": [{"var": "answers.way"}, "two"]}, 2, 1]}, 1, True),
        ({"if": [{"==": [{"var": "answers.way"}, "two"]}, {"var": "answers.n"}, 0]}, 5, False),
        (4, 3, True),
        (None, 1, False),
    ],
)
def test_no_person_is_cut_off(count: Any, maximum: int, found: bool) -> None:
    several = replace(MATTER, roles=(*MATTER.roles, RoleDefinition("c", "孩子", count=count, maximum=maximum)))
    wanted = [("too_many_persons", "role:c")] if found else []
    assert errors(item("za", line("area")), matter=several) == wanted


def test_a_number_that_only_the_count_names_is_tried() -> None:
    many = GuideQuestion("many", "多少", minimum=0, maximum=1000)
    count = {"if": [{"==": [{"var": "answers.many"}, 500]}, 9, 1]}
    role = RoleDefinition("c", "孩子", count=count, maximum=5)
    matter = replace(MATTER, questions=(*MATTER.questions, many), roles=(*MATTER.roles, role))
    [found] = [each for each in lint_matter(matter, [], ELEMENTS, {}) if each.code == "too_many_persons"]
    assert found.params == {"role": "孩子", "declared": 5, "found": 9}


@pytest.mark.parametrize(
    ("output", "constraint"),
    [
        (OutputDefinition("o", "级", "select", (Option("c", "三"), Option("d", "四")), feeds="p:zz.kind"), "options"),
        (OutputDefinition("o", "级", "select", (Option("a", "甲"), Option("c", "三")), feeds="p:zz.kind"), "options"),
        (OutputDefinition("o", "级", "select", (Option("a", "甲"),), feeds="p:zz.kind"), ""),
        (OutputDefinition("o", "数", "integer", constraints={"min": 50}, feeds="p:zz.number"), "min"),
        (OutputDefinition("o", "数", "integer", constraints={"min": 5}, feeds="p:zz.number"), ""),
        (OutputDefinition("o", "数", "integer", constraints={"min": 5, "max": 4}), "contradiction"),
    ],
)
def test_a_decision_fits_the_field_it_feeds(output: OutputDefinition, constraint: str) -> None:
    asking = item("zb", line("kind"), line("number"))
    found = errors(item("za", line("area"), outputs=(output,)), asking)
    code = "contradiction" if constraint == "contradiction" else "output_does_not_fit"
    assert found == ([(code, "output:o")] if constraint else [])


def test_three_demands_may_exclude_each_other_where_two_agree() -> None:
    patterns = ("[ab]+", "[bc]+", "[ac]+")
    items = [item(f"z{at}", line("code", constraints={"pattern": each})) for at, each in enumerate(patterns)]
    assert errors(*items[:2]) == []
    assert errors(*items) == [("contradiction", "code")]
    longer = item("za", line("code", constraints={"pattern": "[0-9]{12}"}))
    assert errors(longer, item("zb", line("code", constraints={"max_length": 10}))) == [("contradiction", "code")]
