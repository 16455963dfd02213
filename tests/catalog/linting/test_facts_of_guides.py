"""What a guide states is read as it was meant, however its publisher writes it; what cannot be read is not known."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from catalog.linting.guides.facts import GuideFacts, GuidePaper, GuideSubItem, is_item, number, read_guide, strings
from catalog.linting.guides.facts import text as text_of
from catalog.linting.guides.facts import texts as texts_of

# A paper, a sub-item and a guide of which nothing is known.
NO_PAPER = GuidePaper(
    **dict.fromkeys(("no", "copies", "users")),
    **{"index": 0, "for_all": False, "conditional": False},
    **dict.fromkeys(
        ("name", "standard_code", "necessity", "exempt", "source", "form", "original", "submit", "note", "claims"), ""
    ),
    **dict.fromkeys(("internal_no", "group", "branch"), ""),
)
NO_SUB_ITEM = GuideSubItem(
    **dict.fromkeys(("no", "days")),
    **{"index": 0, "waits": (), "items": ()},
    **dict.fromkeys(("name", "business", "department", "result", "condition", "group", "waits_group"), ""),
)
NO_GUIDE = GuideFacts(
    **dict.fromkeys(("papers", "sub_items", "completed_limit", "ahead_trips", "conditions", "faqs", "cooperating")),
    **{"raw": {}, "is_item": True},
    **dict.fromkeys(("key", "name", "online_text", "lead", "lead_department", "subject", "region_name"), ""),
    **dict.fromkeys(("region_code", "theme_code", "flow"), ""),
    declared=dict.fromkeys(("materials", "days", "trips", "steps"), (None, None)),
)


def known(read: Any, nothing: Any) -> dict[str, Any]:
    """Return what is known of a value that was read, besides the data itself."""
    unknown = asdict(nothing)
    return {key: value for key, value in asdict(read).items() if key != "raw" and value != unknown[key]}


def of_paper(*rows: Any) -> list[dict[str, Any]]:
    return [known(each, NO_PAPER) for each in read_guide({"materials": list(rows)}).papers or ()]


def of_sub_item(*rows: Any) -> list[dict[str, Any]]:
    return [known(each, NO_SUB_ITEM) for each in read_guide({"sub_items": list(rows)}).sub_items or ()]


def test_of_an_empty_guide_nothing_is_known() -> None:
    assert read_guide({}) == NO_GUIDE
    assert (of_paper({}), of_sub_item({})) == ([{}], [{}])


def test_a_guide_states_what_stands_under_its_keys() -> None:
    raw = {
        **{
            "id": " g ",
            "name": "出行“一件事”",
            "lead": "某市公安局",
            "lead_department": "公安部门",
            "subject": "自然人",
        },
        **{"region": {"name": "某市", "code": "360100"}, "theme_code": "36PCN0001", "flow": "申请→签发"},
        "declared": {
            **{"materials": {"before": 9, "after": 5}, "days": {"before": 20, "after": "5 个工作日"}},
            **{"trips": 0, "completed_limit": 6, "ahead_trips": 1, "online_text": "可网办"},
        },
        **{
            "conditions": ["年满十八周岁", " "],
            "cooperating": ["人社部门", "医保部门"],
            "faq": [{"q": "多久", "a": "五天"}],
        },
        "sub_items": [{"item_refs": ["pass", "card"]}, {"item_refs": "pass"}],
        "materials": [],
    }
    read = read_guide(raw)
    assert read.raw is raw
    assert [each.items for each in read.sub_items or ()] == [("pass", "card"), ("pass",)]
    assert known(read, NO_GUIDE) == {
        **{"key": "g", "name": "出行“一件事”", "is_item": False, "papers": (), "sub_items": asdict(read)["sub_items"]},
        "declared": {"materials": (9, 5), "days": (20, 5), "trips": (None, 0), "steps": (None, None)},
        **{"completed_limit": 6, "ahead_trips": 1, "online_text": "可网办", "conditions": ("年满十八周岁",)},
        **{"faqs": (("多久", "五天"),), "cooperating": ("人社部门", "医保部门"), "lead": "某市公安局"},
        **{"lead_department": "公安部门", "subject": "自然人", "region_name": "某市", "region_code": "360100"},
        **{"theme_code": "36PCN0001", "flow": "申请→签发", "item_refs": ("pass", "card")},
    }
    assert (read.after("days"), read.after("trips"), read.after("steps"), read.after("fees")) == (5, 0, None, None)


@pytest.mark.parametrize(
    ("raw", "stated"),
    [
        ({"key": "pass"}, {"key": "pass"}),
        ({"id": "g", "key": "pass"}, {"key": "g"}),
        ({"lead": "公安局"}, {"lead": "公安局", "lead_department": "公安局"}),
        ({"region": "某市"}, {"region_name": "某市"}),
        ({"region": ["某市"]}, {}),
        ({"region": "某市", "division_code": 360100}, {"region_name": "某市", "region_code": "360100"}),
        ({"division_code": "360100000000"}, {"region_code": "360100"}),  # twelve digits, nothing below the county
        ({"division_code": "360121104000"}, {"region_code": "360121104000"}),  # a town
        ({"division_code": "36010000000"}, {"region_code": "36010000000"}),
        ({"region": {"code": "360121"}, "division_code": "360100"}, {"region_code": "360121"}),
        ({"completed_limit": "7日", "ahead_trips": "2 次"}, {"completed_limit": 7, "ahead_trips": 2}),
        ({"online_text": "全程网办", "declared": "5 天"}, {"online_text": "全程网办", "is_item": False}),
        (
            {"declared": {"completed_limit": None, "ahead_trips": 0, "online_text": None}, "completed_limit": 7,
             "ahead_trips": 3, "online_text": "可网办"},
            {"completed_limit": 7, "ahead_trips": 0, "online_text": "可网办", "is_item": False},
        ),
        ({"conditions": " 成年 ", "cooperating": ("税务部门",)}, {"conditions": ("成年",), "cooperating": ("税务部门",)}),
        ({"conditions": "", "cooperating": 5}, {"conditions": ()}),
        ({"faq": [{"question": "多久", "answer": "五天"}, "多久"]}, {"faqs": (("多久", "五天"), ("", ""))}),
        ({"faq": ({"q": "何时", "question": "多久", "a": "今天", "answer": "五天"},)}, {"faqs": (("何时", "今天"),)}),
        ({"faq": "多久", "materials": "表", "sub_items": {"no": 1}}, {"is_item": False}),
    ],
)  # fmt: skip
def test_a_guide_may_state_it_in_other_ways(raw: dict[str, Any], stated: dict[str, Any]) -> None:
    assert known(read_guide(raw), NO_GUIDE) == stated


def test_a_paper_states_what_stands_under_its_keys() -> None:
    row = {
        **{"no": 3, "name": " 身份证 ", "standard_code": "L2000016", "necessity": "required", "exempt": "certificate"},
        **{"source": "government", "form": "electronic", "original": "copy", "copies": "1 份", "submit": "online"},
        **{"used_by": [1, "2", None], "conditional": True, "note_claims": "certificate", "internal_no": "M1"},
        **{"condition_note": "成年人", "note": "核验后退回", "exclusive_group": "who:adult"},
    }
    assert of_paper({}, row) == [
        {},
        {
            **{"index": 1, "no": 3, "name": "身份证", "standard_code": "L2000016", "necessity": "required"},
            **{"exempt": "certificate", "source": "government", "form": "electronic", "original": "copy"},
            **{"copies": 1, "submit": "online", "users": (1, 2), "conditional": True, "claims": "certificate"},
            **{"internal_no": "M1", "note": "成年人; 核验后退回", "group": "who", "branch": "adult"},
        },
    ]
    papers = read_guide({"materials": [{}, row]}).papers or ()
    assert [(each.path, each.required) for each in papers] == [(("materials", 0), False), (("materials", 1), True)]


@pytest.mark.parametrize(
    ("row", "stated"),
    [
        ("身份证", {"name": "身份证"}),
        ({"used_by": ["all"]}, {"users": (), "for_all": True}),
        ({"used_by": ("all", 2)}, {"users": (2,), "for_all": True}),
        ({"used_by": "all"}, {"users": (), "for_all": True}),
        ({"used_by": 2}, {"users": (2,)}),
        ({"used_by": []}, {"users": ()}),
        ({"conditional": "yes"}, {}),
        ({"item_material_code": "M2"}, {"internal_no": "M2"}),
        ({"internal_no": "M1", "item_material_code": "M2"}, {"internal_no": "M1"}),
        ({"note": "成年人", "condition_note": "成年人"}, {"note": "成年人"}),  # said twice
        ({"note": "成年人"}, {"note": "成年人"}),
        ({"exclusive_group": "who"}, {"group": "who"}),
        ({"exclusive_group": "who:adult:a"}, {"group": "who", "branch": "adult:a"}),
    ],
)
def test_a_paper_may_be_stated_in_other_ways(row: Any, stated: dict[str, Any]) -> None:
    assert of_paper(row) == [stated]


def test_a_sub_item_states_what_stands_under_its_keys() -> None:
    row = {
        **{
            "no": "2",
            "name": "补助登记",
            "business_item": "首次",
            "department": "人社部门",
            "promised_days": "2 个工作日",
        },
        **{"result": "通知书", "condition": "在读", "alternative_group": {"id": "way"}, "item_refs": ["pass"]},
        "after": {"items": [1, "3", "前项"], "any_of_group": "how"},
    }
    assert of_sub_item("签发", row) == [
        {"name": "签发"},
        {
            **{"index": 1, "no": 2, "name": "补助登记", "business": "首次", "department": "人社部门", "days": 2},
            **{"result": "通知书", "condition": "在读", "group": "way", "waits": (1, 3), "waits_group": "how"},
            "items": ("pass",),
        },
    ]
    read = read_guide({"sub_items": ["签发", row]}).sub_items or ()
    assert [(each.path, each.title) for each in read] == [
        (("sub_items", 0), "签发"),
        (("sub_items", 1), "补助登记（首次）"),
    ]


@pytest.mark.parametrize(
    ("row", "stated"),
    [
        ({"alternative_group": "way"}, {"group": "way"}),
        ({"after": [1, 3]}, {"waits": (1, 3)}),
        ({"after": 1}, {"waits": (1,)}),
        ({"after": "1"}, {"waits": (1,)}),
        ({"after": {"any_of_group": "how"}}, {"waits_group": "how"}),
    ],
)
def test_a_sub_item_may_be_stated_in_other_ways(row: Any, stated: dict[str, Any]) -> None:
    assert of_sub_item(row) == [stated]


def test_of_a_repeated_number_the_first_counts() -> None:
    numbered = read_guide({"sub_items": [{"no": 1, "name": "甲"}, "乙", {"no": 1, "name": "丙"}, {"no": 2}]}).numbered()
    assert {no: each.index for no, each in numbered.items()} == {1: 0, 2: 3}
    assert read_guide({}).numbered() == {}


@pytest.mark.parametrize(
    ("raw", "single"),
    [({}, True), ({"visits": 0}, True), ({"sub_items": []}, False), ({"declared": {}}, False)],
)
def test_a_single_items_guide_declares_nothing_and_has_no_sub_items(raw: dict[str, Any], single: bool) -> None:
    assert is_item(raw) is single


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (3, 3),
        (-1, -1),
        (True, None),
        (2.0, 2),
        (2.9, 2),
        (float("nan"), None),
        (float("inf"), None),
        (1e9, None),
        (999_999_999.0, 999_999_999),
        (" 3 个工作日 ", 3),
        ("3.0", 3),
        ("3.5", None),
        ("12自然日", 12),
        ("0 次", 0),
        ("4 个环节", 4),
        ("1234567", None),
        ("三天", None),
        ("3 小时", None),
        ("约 3 天", None),
        (None, None),
        ([3], None),
    ],
)
def test_a_number_is_read_with_its_unit(value: Any, meant: int | None) -> None:
    assert number(value) == meant
    assert type(number(value)) in (int, type(None))


@pytest.mark.parametrize(
    ("value", "said"), [(" 甲 ", "甲"), (36, "36"), (0, "0"), (True, ""), (None, ""), (1.5, ""), (["甲"], "")]
)
def test_text_is_what_was_written(value: Any, said: str) -> None:
    assert text_of(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (" 甲 ", ("甲",)),
        (" ", ()),
        (["甲", " 乙", "", None, 3, ["丙"]], ("甲", "乙", "3")),
        (("甲",), ("甲",)),
        ({"甲": 1}, ()),
        (None, ()),
    ],
)
def test_texts_are_those_that_are_texts(value: Any, said: tuple[str, ...]) -> None:
    assert texts_of(value) == said


def test_every_text_is_found_with_its_place_but_what_was_noted_as_contradictory() -> None:
    data = {
        "甲": ["一", {"乙": "二", 3: ("三",)}, 4, None],
        "contradictions": ["不读"],
        "丙": {"contradictions": "不读"},
    }
    assert list(strings(data)) == [(("甲", 0), "一"), (("甲", 1, "乙"), "二"), (("甲", 1, "3", 0), "三")]
    assert list(strings("四", ("丁",))) == [(("丁",), "四")]


@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: [inner]])
def test_texts_deeper_than_twelve_steps_are_left_alone(wrap: Any) -> None:
    data: Any = "底"
    for _step in range(12):
        data = wrap(data)
    assert [said for _path, said in strings(data)] == ["底"]
    assert list(strings(wrap(data))) == []
