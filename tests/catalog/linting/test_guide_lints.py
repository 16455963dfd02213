"""What official guides contradict themselves in is found, and nothing else."""

from __future__ import annotations

import pytest

from catalog.definitions import Finding
from catalog.linting.guides import lint_guide
from catalog.wording.guides import SENTENCES, in_words
from tests.catalog.linting import clean
from tests.catalog.linting.planted import PLANTED, Change, another_paper, each_of, paper, put
from tests.catalog.linting.planted_in_words import IN_WORDS


def test_it_finds_nothing_where_everything_agrees() -> None:
    assert lint_guide(clean.guide(), {"pass": clean.item()}) == []
    assert lint_guide(clean.item()) == []


def told(found: list[Finding]) -> list[tuple[str, str]]:
    """Return of each finding its code, and how grave it is, where, and in which words."""
    return [(each.code, f"{each.severity} {each.sources[0].part}: {in_words(each).sentence}") for each in found]


@pytest.mark.parametrize(
    ("code", "change", "said"), PLANTED, ids=[f"{code}-{place}" for place, (code, *_rest) in enumerate(PLANTED)]
)
def test_it_finds_exactly_what_is_planted(code: str, change: Change, said: str) -> None:
    guide = clean.guide()
    change(guide)
    assert told(lint_guide(guide, {"pass": clean.item()})) == [(code, said)]


@pytest.mark.parametrize(("change", "change_of_item", "said"), IN_WORDS)
def test_it_finds_exactly_what_words_and_waits_contradict(
    change: Change, change_of_item: Change | None, said: list[str]
) -> None:
    guide, item = clean.guide(), clean.item()
    change(guide)
    if change_of_item is not None:
        change_of_item(item)
    assert [sentence for _code, sentence in told(lint_guide(guide, {"pass": item}))] == said


SOUND: list[Change] = [
    # The same kind of paper of two persons bears one standard code.
    each_of(
        paper(1, name="申请人身份证"),
        another_paper(name="代办人身份证", exempt="certificate", source="government", standard_code="L2000016"),
    ),
    put("region", "code", "360121000000"),
    put("lead", "南昌市南昌县公安局"),
    put("region", "name", "南昌县本级"),
    put("declared", "online_text", "部分环节全程网办"),
    put("declared", "online_text", "无"),
    put("conditions", ["申请人: 年满十八周岁", "材料: 齐全"]),
    put("conditions", ["承诺材料真实，经现场核查符合要求，须本人签字"]),
    put("faq", [{"q": "一般流程的承诺时限多久", "a": "承诺时限 10 个工作日"}]),
    put("declared", "fee", None),
    put("source", "https://zwfw.example.cn/item?area=360124"),  # where it was found, not what it says
    put("declared", "trips", "before", 0),
    put("declared", "days", "after", "5 个工作日"),
    put("sub_items", 0, "department", "南昌县公安局"),
    paper(2, condition_note="医院出具"),
    paper(1, copies=0, form="paper_and_electronic"),  # nobody hands it in
    paper(2, copies=0, form="paper_and_electronic", exempt="personal_store"),
    another_paper(name="游学证", used_by=[1]),  # an old one, for the item that renews it
    paper(4, form="electronic", original="original"),
]


@pytest.mark.parametrize("change", SOUND, ids=range(len(SOUND)))
def test_it_keeps_quiet_about_what_may_be_so(change: Change) -> None:
    guide = clean.guide()
    change(guide)
    assert lint_guide(guide, {"pass": clean.item()}) == []


PLANTED_IN_ITEM: list[tuple[str, Change, str]] = [
    ("promise_beyond_statute", put("promised_days", 11), "error promised_days: 承诺时限 11 天长于法定时限 10 天"),
    (
        "paper_vs_zero_visit",
        paper(0, form="paper"),
        "error visits: 零次现场，必要材料却只收纸质且不免交：就读情况说明",
    ),
    (
        "trips_vs_text",
        each_of(put("visits", 1), put("online_text", "全程网办")),
        "error visits: 跑动 1 次，说明却写“全程网办”",
    ),
    (
        "trips_vs_text",
        each_of(put("visits", 2), put("online", "零跑动")),
        "error visits: 跑动 2 次，说明却写“零跑动”",
    ),
    ("offline_without_visit", put("online", False), "warning visits: 不能网上办，现场次数却是 0"),
    (
        "item_code_malformed",
        put("code", "0007091110"),
        "error code: 事项编码 0007091110 的写法不对，应是 12 位：层级或省份 2 位、类型 2 位、部门 2 位、主项 3 位、子项 3 位",
    ),
    (
        "item_code_malformed",
        put("code", "009909111009"),
        "error code: 事项编码 009909111009 的写法不对，应是 12 位：层级或省份 2 位、类型 2 位、部门 2 位、主项 3 位、子项 3 位",
    ),
    (
        "item_type_vs_code",
        put("item_type", "行政许可"),
        "error item_type: 事项类型写“行政许可”，编码 000709111009 却是行政确认",
    ),
    (
        "required_but_conditional",
        paper(0, conditional=True, note="遗失时"),
        "warning materials[0].necessity: 标为必要，说明却只在某情形下才需要：就读情况说明",
    ),
    (
        "internal_no_elsewhere",
        paper(0, item_material_code="M0007091099990301"),
        "warning materials[0]: 材料编号 M0007091099990301 不属于 000709111009",
    ),
]


@pytest.mark.parametrize(("code", "change", "said"), PLANTED_IN_ITEM)
def test_it_finds_exactly_what_is_planted_in_a_single_item(code: str, change: Change, said: str) -> None:
    item = clean.item()
    change(item)
    assert told(lint_guide(item)) == [(code, said)]


PLANTED_BETWEEN: list[tuple[str, Change, str]] = [
    (
        "promise_vs_item",
        put("promised_days", 2),
        "warning sub_items[0].promised_days: 子事项“游学证签发”这里承诺 3 天，其单项指南承诺 2 天",
    ),
    (
        "item_material_missing",
        put("materials", 0, "name", "毕业证（或职业资格证书）"),
        "warning sub_items[0]: 单项指南（游学证签发）要的材料，本清单没有：毕业证（或职业资格证书）",
    ),
    (
        "required_but_item_optional",
        put("materials", 0, "necessity", "optional"),
        "warning materials[2].necessity: 这里标必要，单项指南标非必要：就读情况说明",
    ),
    ("result_name", put("result", "《游学证》"), "note sub_items: 同一个结果有几种写法：游学证、《游学证》"),
    (
        "result_vs_item",
        put("result", "留学许可批文"),
        "note sub_items[0].result: 子事项“游学证签发”的结果写“游学证”，单项指南写“留学许可批文”",
    ),
    (
        "fee_vs_items",
        put("fee", {"charged": True, "items": [{"name": "工本费", "amount": "20 元"}]}),
        "error declared.fee: 写不收费，单项指南却收费：游学证签发",
    ),
    (
        "asked_but_item_exempt",
        put("materials", 0, "exempt", "interface"),
        "note materials[2]: 单项指南里免交的，这里要交：就读情况说明",
    ),
]


@pytest.mark.parametrize(("code", "change", "said"), PLANTED_BETWEEN)
def test_it_finds_exactly_what_a_guide_contradicts_in_its_item(code: str, change: Change, said: str) -> None:
    item = clean.item()
    change(item)
    assert told(lint_guide(clean.guide(), {"pass": item})) == [(code, said)]


@pytest.mark.parametrize(
    ("code", "name", "wanted"),
    [
        ("360000", "江西省", None),
        ("110000", "北京市", None),
        ("360000", "南昌市", "province"),
        ("360100", "南昌市", None),
        ("360100", "江西省", "prefecture"),
        ("360100", "南昌县", "prefecture"),
        ("542500", "阿里地区", None),
        ("360121", "南昌县", None),
        ("360181", "瑞昌市直属", None),
        ("360121", "江西省", "county"),
        ("360121", "某某街道", "county"),
    ],
)
def test_a_regions_code_is_of_the_level_of_its_name(code: str, name: str, wanted: str | None) -> None:
    found = lint_guide({"name": "某“一件事”", "declared": {}, "region": {"code": code, "name": name}})
    assert [each.params["wanted"] for each in found if each.code == "region_code_vs_name"] == [wanted] * (
        wanted is not None
    )


def test_a_count_of_papers_that_only_leaves_out_the_exempt_is_a_remark() -> None:
    guide = clean.guide()
    guide["declared"]["materials"]["after"] = 3
    [found] = lint_guide(guide)
    assert (found.code, found.severity) == ("materials_count", "note")
    assert (found.params["declared"], found.params["found"]) == (3, 5)


def test_every_sentence_is_said_of_something_planted_and_nothing_else_is_said() -> None:
    planted: list[tuple[Change | None, Change | None]] = [(change, None) for _code, change, _said in PLANTED]
    planted += [(None, change) for _code, change, _said in PLANTED_BETWEEN]
    planted += [(change, change_of_item) for change, change_of_item, _said in IN_WORDS]
    keys = set()
    for changes in planted:
        guide, item = clean.guide(), clean.item()
        for change, facts in zip(changes, (guide, item), strict=True):
            if change is not None:
                change(facts)
        for found in (*lint_guide(guide, {"pass": item}), *lint_guide(item)):
            key = f"{found.code}.{found.variant}"
            keys.add(key if key in SENTENCES else found.code)
            assert "%(" not in in_words(found).sentence
    for _code, change, _said in PLANTED_IN_ITEM:
        item = clean.item()
        change(item)
        keys |= {found.code for found in lint_guide(item)}
    assert keys == set(SENTENCES)
