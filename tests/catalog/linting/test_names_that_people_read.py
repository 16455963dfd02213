"""Names that are codes, two units and two elements of one fact: each told with its place and what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.definitions import (
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    OutputDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.linting.names import codes_for_names, two_elements, two_units

ELEMENTS = {
    "shop.area": ElementDefinition("shop.area", "经营 面积", "decimal"),
    "shop.size": ElementDefinition("shop.size", "经营面积", "decimal"),
    "shop.note": ElementDefinition("shop.note", "经营面积", "text"),
    "shop.rooms": ElementDefinition("shop.rooms", "间数", "integer", unit="间"),
}
MATTER = MatterDefinition("zz", "试", roles=(RoleDefinition("p", "本人"),), sections=(SectionDefinition("s", "表"),))


def line(element: str, code: str = "A", label: str = "一栏", role: str = "p", section: str = "s") -> LineDefinition:
    return LineDefinition(code, role, f"shop.{element}", label, section=section)


def item(*lines: LineDefinition, slug: str = "za", outputs: tuple[OutputDefinition, ...] = ()) -> ItemDefinition:
    return ItemDefinition(slug, "某项", "health", lines, outputs=outputs)


def told(findings: Any) -> list[tuple[str, list[tuple[str, str]], dict[str, Any]]]:
    return [(each.code, [(at.item, at.code) for at in each.sources], dict(each.params)) for each in findings]


@pytest.mark.parametrize(
    ("matter", "named", "place"),
    [
        ({"sections": (SectionDefinition("s", "part_one"),)}, {}, ("", "section:s")),
        ({"roles": (RoleDefinition("p", "part_one"),)}, {}, ("", "role:p")),
        ({"labels": {"p:shop.area": "part_one"}}, {}, ("", "labels:p:shop.area")),
        ({}, {"lines": (line("area", label="part_one"),)}, ("za", "A")),
        ({}, {"outputs": (OutputDefinition("o", "part_one", "text"),)}, ("za", "output:o")),
    ],
)
def test_a_label_left_as_a_code_is_told_wherever_it_stands(
    matter: dict[str, Any], named: dict[str, Any], place: tuple[str, str]
) -> None:
    found = codes_for_names(replace(MATTER, **matter), [replace(item(line("area")), **named)])
    assert told(found) == [("label_is_a_code", [place], {"label": "part_one"})]


@pytest.mark.parametrize(
    ("label", "is_code"),
    [
        *[(code, True) for code in ("a1", " shop.area ", "child#2:name", "no-1")],
        *[(word, False) for word in ("a", "", "QQ", "Wi-Fi", "wifi 名称", "2nd", "e_")],
    ],
)
def test_a_code_is_small_latin_letters_without_words(label: str, is_code: bool) -> None:
    assert bool(told(codes_for_names(MATTER, [item(line("area", label=label))]))) is is_code


def test_parts_that_nobody_named_are_told_once_where_they_are_first_wanted() -> None:
    items = [
        item(line("area", section="x"), line("size", "B", section="x")),
        item(line("note", section="y"), slug="zb"),
    ]
    unplaced = told(codes_for_names(MATTER, [*items, item(line("note", section=""))]))
    assert sorted(unplaced) == [
        ("section_without_name", [("za", "A")], {"section": "x"}),
        ("section_without_name", [("zb", "A")], {"section": "y"}),
    ]
    placed = replace(MATTER, placement={"p:shop.area": "x"})
    assert ("section_without_name", [("", "placement:p:shop.area")], {"section": "x"}) in told(
        codes_for_names(placed, items)
    )


def test_units_are_told_with_who_asks_for_each() -> None:
    items = [
        item(
            line("note", label="面积（亩）"), line("area", "B", "面积（平方米）"), line("area", "C", "面积( 平方米 )")
        ),
        item(line("area", "D", "面积（大约）（公顷）"), slug="zb"),
        item(line("rooms", label="房间（个）"), slug="zc"),
    ]
    assert told(two_units(items, ELEMENTS)) == [
        ("two_units", [("za", "B"), ("zb", "D")], {"field": "经营 面积", "units": ["平方米", "公顷"]}),
        ("two_units", [("", "shop.rooms"), ("zc", "A")], {"field": "间数", "units": ["间", "个"]}),
    ]
    assert told(two_units([item(line("unknown", label="面积（亩）"))], ELEMENTS)) == []


def test_two_elements_of_one_name_are_told_with_both_askers() -> None:
    items = [
        item(line("area"), line("note", "B"), line("unknown", "C")),
        item(line("size", "D"), line("area", "E"), line("size", "F", role="q"), slug="zb"),
    ]
    both = {"field": "p:shop.area", "elements": ["shop.area", "shop.size"]}
    assert told(two_elements(items, ELEMENTS)) == [("two_elements", [("za", "A"), ("zb", "D")], both)]
