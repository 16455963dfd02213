"""What the lints of the whole catalog say: how grave it is, at which part of which row, what stands there and what else is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.linting.dictionaries import CatalogFacts, CodeRow, ElementRow, MaterialRow, lint_catalog, near
from catalog.linting.items import ItemRow

MARKET = "11360100999991056A"  # a credit code that can be
TYPO = "11360100999991056B"
TASK = f"{MARKET}3000131003000"


def told(**facts: Any) -> list[tuple[Any, ...]]:
    """Return of each finding gravity and code; kind, key, name and part of the row; what stands there, and what else is known."""
    return [
        (each.severity, each.code, row.kind, row.pk, row.item, row.code, each.params["declared"], each.params["found"])
        for each in lint_catalog(CatalogFacts(**facts))
        for row in each.sources
    ]


def item(**values: Any) -> ItemRow:
    return ItemRow(7, "one", "某事项", **{"promised_limit_days": 5, **values})


@pytest.mark.parametrize(
    ("values", "gravity", "code", "part", "declared", "known"),
    [
        ({"visits": 2}, "note", "visit_reason_missing", "visit_reason", 2, None),
        ({"open_facts": ("fees", "visits")}, "note", "open_facts", "facts", 2, ["fees", "visits"]),
        ({"published_as_open": ("fees",)}, "error", "open_but_published", "fees", None, None),
        ({"catalog_code": "00013100300"}, "error", "code_malformed", "catalog_code", "00013100300", "structure"),
        ({"catalog_code": "00013100300٣"}, "error", "code_malformed", "catalog_code", "00013100300٣", "structure"),
        ({"catalog_code": "009931003000"}, "error", "code_malformed", "catalog_code", "009931003000", "structure"),
        ({"catalog_code": "990131003000"}, "error", "code_malformed", "catalog_code", "990131003000", "province"),
        ({"catalog_code": "000131003000", "item_type": "20"}, "error", "item_type_vs_code", "item_type", "20", "01"),
        ({"task_code": TASK[:-1]}, "error", "code_malformed", "task_code", TASK[:-1], "structure"),
        ({"task_code": f"{TASK}001"}, "error", "code_malformed", "task_code", f"{TASK}001", "structure"),
        ({"task_code": f"{TYPO}{TASK[18:]}"}, "error", "code_malformed", "task_code", TYPO + TASK[18:], "check_digit"),
        ({"task_code": TASK, "credit_code": TYPO}, "error", "task_code_vs_item", "task_code", TASK, TYPO),
        ({"task_code": TASK, "exercise_level": "4"}, "error", "task_code_vs_item", "task_code", TASK, "4"),
        (
            {"task_code": TASK, "catalog_code": "000131003001"},
            *("error", "task_code_vs_item", "task_code", TASK, "000131003001"),
        ),
    ],
)
def test_of_an_item_the_attribute_is_named(
    values: dict[str, Any], gravity: str, code: str, part: str, declared: Any, known: Any
) -> None:
    assert told(items=[item(**values)]) == [(gravity, code, "item", 7, "one", part, declared, known)]
    [found] = lint_catalog(CatalogFacts(items=[item(**values)]))
    assert found.params.get("attribute") == (part if code == "open_but_published" else None)


def test_two_digits_may_follow_the_code_of_a_task() -> None:
    assert told(items=[item(task_code=f"{TASK}01", catalog_code="000131003000", exercise_level="3")]) == []
    assert told(items=[item(task_code=f"{MARKET}X000131003000")]) != []  # there are six levels, by number


def test_a_limit_beyond_the_laws_leads_to_the_row() -> None:
    row = ItemRow(7, "one", "某事项", promised_limit_days=6, statutory_limit_days=5)
    assert told(items=[row]) == [
        ("error", "promise_beyond_statute", "item", 7, "one", "promised_limit_days", 6, 5),
    ]


@pytest.mark.parametrize("numbered", ["local_code", "catalog_code"])
def test_items_of_one_code_promise_one_time(numbered: str) -> None:
    code = {numbered: "000131003000"}
    first, second = (ItemRow(n, slug, "申领", promised_limit_days=n, **code) for n, slug in ((30, "b"), (5, "a")))
    [found] = lint_catalog(CatalogFacts(items=[first, second]))
    place = found.sources[0]
    assert (found.severity, found.code, found.variant) == ("warning", "two_promises", "items")
    assert (place.kind, place.pk, place.item, place.code) == ("item", 30, "b", "promised_limit_days")
    assert found.params == {"declared": 30, "found": {"b": 30, "a": 5}, "promises": ["a 5", "b 30"]}
    other = ItemRow(9, "c", "补领", promised_limit_days=9, **code)
    assert told(items=[first, other]) == []  # another thing under the same code
    unnumbered = [ItemRow(n, str(n), "申领", promised_limit_days=n) for n in (30, 5)]
    assert told(items=unnumbered) == []


def test_what_is_used_twice_is_told_of_the_first() -> None:
    tasks = [ItemRow(n, slug, slug, promised_limit_days=5, task_code=TASK) for n, slug in ((7, "one"), (8, "two"))]
    assert told(items=tasks) == [("error", "code_repeated", "item", 7, "one", "task_code", TASK, ["one", "two"])]
    rows = [CodeRow(1, "market", "市监", MARKET), CodeRow(2, "tax", "税务", MARKET)]
    assert told(departments=rows) == [
        ("error", "code_repeated", "department", 1, "market", "code", MARKET, ["market", "tax"])
    ]
    types = [CodeRow(1, "a", "甲证", f"{MARKET}001"), CodeRow(2, "b", "乙证", f"{MARKET}001")]
    assert told(certificate_types=types) == [
        ("error", "code_repeated", "certificate_type", 1, "a", "code", f"{MARKET}001", ["a", "b"])
    ]
    assert told(departments=[CodeRow(1, "a", "甲"), CodeRow(2, "b", "乙")]) == []  # no codes, nothing repeated


@pytest.mark.parametrize(
    ("kind", "code", "why"),
    [
        ("departments", MARKET, ""),
        ("departments", MARKET[:-1], "structure"),
        ("departments", f"{MARKET}001", "structure"),
        ("departments", TYPO, "check_digit"),
        ("certificate_types", f"{MARKET}001", ""),
        ("certificate_types", MARKET, "structure"),
        ("certificate_types", f"{MARKET}A01", "structure"),
        ("certificate_types", f"{MARKET}00A", "structure"),
        ("certificate_types", f"{MARKET}0012", "structure"),
        ("certificate_types", f"{TYPO}001", "check_digit"),
    ],
)
def test_codes_of_bodies_and_of_what_they_issue_are_read(kind: str, code: str, why: str) -> None:
    expected = [("error", "code_malformed", kind[:-1], 3, "x", "code", code, why)] if why else []
    assert told(**{kind: [CodeRow(3, "x", "某", code)]}) == expected


@pytest.mark.parametrize(
    ("code", "parent", "level", "wrong"),
    [
        ("360000", "", "province", False),
        ("360100", "", "province", True),
        ("361000", "360000", "prefecture", False),
        ("360102", "360000", "prefecture", True),
        ("361002", "361000", "county", False),  # the parent's own ending is not its last zero
        ("361102", "361000", "county", True),
        ("360100", "360000", "county", True),
        ("360102003", "360102", "", None),
        ("36010٢", "360100", "county", None),
        ("990102", "990100", "county", None),
    ],
)
def test_a_division_lies_in_its_parent_at_its_level(code: str, parent: str, level: str, wrong: bool | None) -> None:
    row, sound = (
        CodeRow(4, code, "某地", code, parent, level),
        CodeRow(5, "360103", "某区", "360103", "360100", "county"),
    )
    found = told(divisions=[row, sound, CodeRow(6, "1", "一", "1")])
    assert found[0] == ("error", "code_malformed", "division", 6, "1", "code", "1", "structure")
    place = ("division", 4, code)
    malformed = [("error", "code_malformed", *place, "code", code, "structure")]
    misplaced = [("error", "division_vs_parent", *place, "parent", code, parent)]
    assert found[1:] == (malformed if wrong is None else misplaced if wrong else [])


def test_of_elements_and_papers_the_part_is_named() -> None:
    elements = [
        ElementRow(1, "person.phone", "手机号码", "phone"),
        ElementRow(2, "person.mobile", "联系电话", "phone", is_used=False),
    ]
    other = ["person.mobile", "联系电话"]
    assert told(elements=elements) == [
        ("warning", "near_duplicate_elements", "element", 1, "person.phone", "name", "手机号码", other),
        ("note", "element_unused", "element", 2, "person.mobile", "", "联系电话", None),
    ]
    papers = [
        MaterialRow(1, "household", "居民户口簿", "L2000017"),
        MaterialRow(2, "hukou", "《户口本》原件", is_used=False),
        MaterialRow(3, "lease", "租房合同", "L2000017"),
        MaterialRow(4, "bad", "写错的", "2000"),
    ]
    names = ["居民户口簿", "租房合同"]
    assert told(materials=papers) == [
        ("error", "code_malformed", "material", 4, "bad", "standard_code", "2000", None),
        ("error", "standard_code_reused", "material", 1, "household", "standard_code", "L2000017", names),
        ("warning", "material_two_codes", "material", 1, "household", "name", "居民户口簿", ["household", "hukou"]),
        ("warning", "material_unused", "material", 2, "hukou", "", "《户口本》原件", None),
    ]


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("A1234", True),
        ("A123", False),
        (f"A{'1' * 19}", True),
        (f"A{'1' * 20}", False),
        ("a1234567", False),
        (f"L{MARKET}001", True),
        (f"L{TYPO}001", False),
    ],
)
def test_a_standard_code_is_a_letter_and_a_number_or_a_bodys(code: str, right: bool) -> None:
    assert (told(materials=[MaterialRow(1, "m", "某证", code)]) == []) is right


def test_a_source_that_is_not_there_is_told_where_it_is_cited() -> None:
    assert told(cited={"S2": "serviceitem", "S1": "matter"}) == [
        ("error", "source_missing", "source", None, "S1", "matter", "S1", None),
        ("error", "source_missing", "source", None, "S2", "serviceitem", "S2", None),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("经营场所面积", "经营场所的面积", True),
        ("所学专业代码", "所学专业号码", True),
        ("所学专业代码", "所学专业代号", True),
        ("主营业务项目", "主营业务目录", False),
        ("主营业务项目", "业务项目", False),
        ("主营业务项目", "主营业务项目名录", False),
        ("申请人类别", "申请人级别", False),  # too short to be a slip
    ],
)
def test_names_are_near_when_one_character_differs(one: str, other: str, same: bool) -> None:
    assert near(one, other) is near(other, one) is same


@given(st.text("甲乙丙丁", min_size=7, max_size=12), st.data())
def test_a_character_changed_left_out_or_put_in_is_near_and_two_are_not(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    for slip in (f"{name[:at]}戊{name[at + 1 :]}", name[:at] + name[at + 1 :], f"{name[:at]}戊{name[at:]}"):
        assert near(name, slip)
        assert near(slip, name)
    assert not near(name, f"己{name[1:-1]}戊")
    assert not near(name, f"己戊{name}")
    assert not near(name, f"{name[1:]}己戊")
