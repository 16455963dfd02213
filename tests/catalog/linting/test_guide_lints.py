"""What official guides contradict themselves in is found, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalog.linting.guides import lint_guide
from catalog.wording.guides import SENTENCES, in_words
from tests.catalog.linting import clean

Change = Callable[[dict[str, Any]], Any]


def test_it_finds_nothing_where_everything_agrees() -> None:
    assert lint_guide(clean.guide(), {"pass": clean.item()}) == []
    assert lint_guide(clean.item()) == []


def _set(*place: Any) -> Change:
    """Return a change: the last of ``place`` put where the others lead."""
    *path, last, value = place

    def change(guide: dict[str, Any]) -> None:
        held: Any = guide
        for step in path:
            held = held[step]
        held[last] = value

    return change


def _all(*changes: Change) -> Change:
    def change(guide: dict[str, Any]) -> None:
        for each in changes:
            each(guide)

    return change


def _paper(place: int, **values: Any) -> Change:
    return lambda guide: guide["materials"][place].update(values)


def _sub(place: int, **values: Any) -> Change:
    return lambda guide: guide["sub_items"][place].update(values)


def _another(**values: Any) -> Change:
    """Return a change: one more paper, declared as well."""

    def change(guide: dict[str, Any]) -> None:
        guide["materials"].append({**guide["materials"][3], "no": 6, "internal_no": "M36PCN00010006", **values})
        guide["declared"]["materials"]["after"] = 6

    return change


PLANTED: list[tuple[str, Change]] = [
    ("after_exceeds_before", _set("declared", "trips", "before", -1)),
    ("after_exceeds_before", _set("declared", "days", "before", 4)),
    ("materials_count", _set("declared", "materials", "after", 2)),
    ("materials_count", _set("declared", "materials", "after", "6 份")),
    ("proactive_vs_material", _set("declared", "steps", "after", 0)),
    ("days_two_values", _set("declared", "completed_limit", 7)),
    ("days_shorter_than_item", _all(_sub(2, promised_days=30), _sub(3, promised_days=20))),
    ("days_longer_than_items", _all(_set("declared", "days", "after", 9), _set("declared", "completed_limit", 9))),
    ("serial_dependency", _sub(1, promised_days=4)),
    ("limit_missing", _sub(3, promised_days=None)),
    ("trips_two_values", _all(_set("declared", "ahead_trips", 1), _set("declared", "online_text", None))),
    *[
        ("trips_vs_text", _all(_set("declared", "trips", "after", 1), _set("declared", "ahead_trips", 1), _set("declared", "online_text", said)))
        for said in (
            *("全程网办", "本事项不见面审批", "零跑动", "无需到现场", "不需要到线下跑动，线上可直接办理", "全流程网上办理，全程网上办"),
            *("群众足不出户即可办理", "无须前往大厅现场办理", "跑动 0 次"),
        )
    ],
    *[
        ("text_vs_trips", _set("declared", "online_text", said))
        for said in ("须本人到银行现场激活", "申请人应携带原件前往政务大厅窗口", "必须当面核验", "需到派出所采集指纹")
    ],
    ("paper_vs_zero_visit", _paper(2, form="paper")),
    ("counter_vs_zero_visit", _paper(2, submit="counter")),
    ("lead_in_cooperating", lambda g: g["cooperating"].append("公安部门")),
    ("lead_in_cooperating", lambda g: g["cooperating"].append("县公安局")),
    ("department_missing", lambda g: g["cooperating"].remove("医保部门")),
    ("department_missing", _sub(3, department="民政部门")),
    ("department_idle", lambda g: g["cooperating"].append("税务部门")),
    ("department_unknown", lambda g: g["sub_items"][0].update(department=None)),
    ("cooperating_repeated", lambda g: g["cooperating"].append("南昌县医疗保障局")),
    ("duplicate_internal_no", _paper(2, internal_no="M36PCN00010004")),
    ("internal_no_elsewhere", _paper(2, internal_no="M43TCN00080003")),
    ("standard_code_reused", _all(_paper(2, standard_code="T1000001"))),
    ("standard_code_malformed", _paper(2, standard_code="T10-27")),
    ("material_twice", _another(name="《随行人员名单》原件")),
    ("duplicate_no", _paper(4, no=4)),
    ("numbering_gap", _all(_paper(4, no=8))),
    ("sub_item_twice", _sub(3, name="随行参保（一般流程）")),
    ("theme_code_malformed", _all(_set("theme_code", "36-PCN"), lambda g: [m.pop("internal_no") for m in g["materials"]])),
    ("theme_vs_region", _set("region", {"name": "南昌县", "code": "430529"})),
    ("theme_vs_subject", _set("subject", "法人")),
    ("region_code_malformed", _set("region", "code", "36012")),
    ("region_code_malformed", _set("region", "code", "990121")),
    ("region_code_vs_name", _set("region", "code", "360100")),
    ("region_mismatch", _set("lead", "进贤县公安局")),
    ("region_mismatch", _paper(4, condition_note="市城区范围内的未成年人随行时提供")),
    ("link_mismatch", _set("url", "https://zwfw.example.cn/item?area=360124")),
    ("exempt_mismatch", _paper(1, exempt="none")),
    ("exempt_mismatch", _paper(2, note_claims="generated")),
    ("exempt_mismatch", _paper(2, condition_note="由系统自动生成，确认即可")),
    ("exempt_mismatch", _paper(2, condition_note="电子证照免提交")),
    ("exempt_mismatch", _paper(2, condition_note="通过接口核验，免提交")),
    ("self_authorised_exempt", _another(name="授权委托书", exempt="certificate", standard_code="L2000099")),
    ("certificate_without_code", _paper(1, standard_code="T2000016")),
    ("generated_by_others", _paper(0, source="government")),
    ("generated_but_signed", _paper(0, condition_note="自动生成后签名再上传")),
    ("generated_but_signed", _paper(0, condition_note="系统生成后打印盖章提交")),
    ("standard_code_malformed", _paper(2, standard_code="T11360100999991014W001")),
    ("standard_code_malformed", _paper(2, standard_code="T11360100999991013W01")),
    ("text_vs_trips", _paper(4, condition_note="须携原件现场办理")),
    ("text_vs_trips", _set("faq", 0, "a", "只能线下办")),
    ("verifiable_but_asked", _paper(2, condition_note="学信网可查")),
    ("required_but_conditional", _paper(4, necessity="required")),
    ("required_but_conditional", _sub(0, condition="有学籍的才办")),
    (
        "required_but_exclusive",
        _all(_paper(2, exclusive_group="how:one"), _another(name="休学证明书", exclusive_group="how:two")),
    ),
    ("group_dependent_required", _paper(3, used_by=[3])),
    ("condition_unsaid", _paper(4, condition_note=None)),
    ("paper_sent_online", _all(_paper(4, form="paper", submit="online"))),
    ("electronic_at_counter", _all(_paper(4, form="electronic", submit="counter"))),
    ("electronic_original", _paper(2, form="electronic", original="original", condition_note="现场提交原件核对")),
    ("copies_zero", _paper(2, copies=0, form="paper_and_electronic")),
    ("result_as_material", _another(name="《游学证》", used_by=[2])),
    ("wait_unknown", _sub(1, after={"items": [9]})),
    ("wait_unknown", _sub(1, after={"any_of_group": "nowhere"})),
    ("wait_exclusive", _all(_sub(2, after={"items": [4]}), _sub(3, promised_days=0))),
    ("wait_cycle", _sub(0, after={"items": [2]})),
    ("wait_cycle", _sub(0, after={"items": [1]})),
    ("used_by_unknown", _paper(2, used_by=[1, 7])),
    ("material_unused", _paper(2, used_by=[])),
    ("group_of_one", _paper(4, exclusive_group="who:child")),
    ("fee_two_values", _set("declared", "fee", {"charged": False, "items": [{"name": "工本费", "amount": "20 元"}]})),
    ("fee_without_amount", _set("declared", "fee", {"charged": True, "items": []})),
    ("empty_condition", _set("conditions", ["符合申请要求"])),
    ("empty_condition", _set("conditions", ["须符合法律法规规定的条件。"])),
    ("statutory_wait_ignored", _set("conditions", ["公示不少于 20 日无异议"])),
    ("wrong_form", _paper(0, name="个人创业一件事申请表")),
    ("item_naming", _sub(1, name="游学补助证")),
    ("not_a_service", _all(_sub(1, name="统筹建立参保补助指引"))),
    ("no_faq", _set("faq", [])),
    ("faq_vs_list", _set("faq", [{"q": "要什么材料", "a": "申请表、身份证、说明三份"}])),
    ("one_child_per_case", _set("faq", [{"q": "几个人一起办", "a": "要逐个申请"}])),
    ("condition_dead_end", _set("conditions", ["初次申领且持证满 1 年"])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "change"), PLANTED, ids=[f"{code}-{place}" for place, (code, _c) in enumerate(PLANTED)]
)
def test_it_finds_exactly_what_is_planted(code: str, change: Change) -> None:
    guide = clean.guide()
    change(guide)
    assert {each.code for each in lint_guide(guide, {"pass": clean.item()})} == {code}


SOUND: list[Change] = [
    # The same kind of paper of two persons bears one standard code.
    _all(
        _paper(1, name="申请人身份证"),
        _another(name="代办人身份证", exempt="certificate", source="government", standard_code="L2000016"),
    ),
    _set("region", "code", "360121000000"),
    _set("lead", "南昌市南昌县公安局"),
    _set("region", "name", "南昌县本级"),
    _set("declared", "online_text", "部分环节全程网办"),
    _set("declared", "online_text", "无"),
    _set("conditions", ["申请人: 年满十八周岁", "材料: 齐全"]),
    _set("conditions", ["承诺材料真实，经现场核查符合要求，须本人签字"]),
    _set("faq", [{"q": "一般流程的承诺时限多久", "a": "承诺时限 10 个工作日"}]),
    _set("declared", "fee", None),
    _set("declared", "days", "after", "5 个工作日"),
    _set("sub_items", 0, "department", "南昌县公安局"),
    _paper(2, condition_note="医院出具"),
    _paper(4, form="electronic", original="original"),
]  # fmt: skip


@pytest.mark.parametrize("change", SOUND, ids=range(len(SOUND)))
def test_it_keeps_quiet_about_what_may_be_so(change: Change) -> None:
    guide = clean.guide()
    change(guide)
    assert lint_guide(guide, {"pass": clean.item()}) == []


PLANTED_IN_ITEM: list[tuple[str, Change]] = [
    ("promise_beyond_statute", _set("promised_days", 11)),
    ("paper_vs_zero_visit", _paper(0, form="paper")),
    ("trips_vs_text", _all(_set("visits", 1), _set("online_text", "全程网办"))),
    ("offline_without_visit", _set("online", False)),
    ("item_code_malformed", _set("code", "0007091110")),
    ("item_code_malformed", _set("code", "009909111009")),
    ("item_type_vs_code", _set("item_type", "行政许可")),
    ("required_but_conditional", _paper(0, conditional=True, note="遗失时")),
    ("internal_no_elsewhere", _paper(0, item_material_code="M0007091099990301")),
]


@pytest.mark.parametrize(("code", "change"), PLANTED_IN_ITEM)
def test_it_finds_exactly_what_is_planted_in_a_single_item(code: str, change: Change) -> None:
    item = clean.item()
    change(item)
    assert {each.code for each in lint_guide(item)} == {code}


PLANTED_BETWEEN: list[tuple[str, Change]] = [
    ("promise_vs_item", _set("promised_days", 2)),
    ("item_material_missing", _set("materials", 0, "name", "毕业证（或职业资格证书）")),
    ("required_but_item_optional", _set("materials", 0, "necessity", "optional")),
    ("result_name", _set("result", "《游学证》")),
    ("result_vs_item", _set("result", "留学许可批文")),
    ("fee_vs_items", _set("fee", {"charged": True, "items": [{"name": "工本费", "amount": "20 元"}]})),
    ("asked_but_item_exempt", _set("materials", 0, "exempt", "interface")),
]


@pytest.mark.parametrize(("code", "change"), PLANTED_BETWEEN)
def test_it_finds_exactly_what_a_guide_contradicts_in_its_item(code: str, change: Change) -> None:
    item = clean.item()
    change(item)
    assert {each.code for each in lint_guide(clean.guide(), {"pass": item})} == {code}


def test_a_count_of_papers_that_only_leaves_out_the_exempt_is_a_remark() -> None:
    guide = clean.guide()
    guide["declared"]["materials"]["after"] = 3
    [found] = lint_guide(guide)
    assert (found.code, found.severity) == ("materials_count", "note")
    assert (found.params["declared"], found.params["found"]) == (3, 5)


def test_every_finding_has_its_sentence() -> None:
    for _code, change in PLANTED:
        guide = clean.guide()
        change(guide)
        for found in lint_guide(guide, {"pass": clean.item()}):
            key = f"{found.code}.{found.variant}"
            assert found.code in SENTENCES or key in SENTENCES
            assert "%(" not in in_words(found).sentence
