"""What is decided about each of several persons is read against that person's own facts, and against nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.compiling import compile_matter
from catalog.definitions import (
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
)
from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import CompiledMatter
from catalog.merging.deciding import Decided, Departure, told_otherwise, with_options

TODAY = date(2026, 11, 30)
BOY, GIRL = "360103202611120019", "360103202611130022"
BANKS = (Option("icbc", "工商银行"), Option("abc", "农业银行"))
ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("person.sex", "性别", "select", (Option("1", "男"), Option("2", "女"))),
    ElementDefinition("person.birth_date", "出生日期", "date"),
    ElementDefinition("birth.time", "出生时间", "datetime"),
    ElementDefinition("person.id_number", "公民身份号码", "text", constraints={"max_length": 18}),
    ElementDefinition("card.bank", "合作银行", "select", BANKS),
    ElementDefinition("card.note", "备注", "text", constraints={"max_length": 9}),
    ElementDefinition("card.word", "批语", "text", constraints={"max_length": 9}),
    ElementDefinition("card.day", "批准日期", "date"),
)
NUMBER = OutputDefinition("number", "公民身份号码", feeds="child:person.id_number")
FACTS = ("person.name", "person.sex", "person.birth_date", "birth.time", "card.bank", "card.note")
HUKOU = ItemDefinition(
    "hukou",
    "户口登记",
    "police",
    lines=(
        *(LineDefinition(f"C{n}", "child", code, required=False) for n, code in enumerate(FACTS)),
        *(
            LineDefinition(f"P{n}", "parent", code, required=False)
            for n, code in enumerate((*FACTS, "person.id_number"))
        ),
    ),
)
FORM = {
    **{"child:person.sex": "1", "child:person.birth_date": "2026-11-12", "child:person.name": "李一"},
    **{"child#2:person.sex": "2", "child#2:birth.time": "2026-11-13T00:05", "child#2:person.name": "李二"},
    **{"parent:person.birth_date": "1990-01-02", "parent:person.id_number": "360102199001020010"},
}


def decide(
    given: dict[str, Any],
    *outputs: OutputDefinition,
    who: str = "hukou#2",
    reasons: dict[str, str] | None = None,
    form: dict[str, Any] | None = None,
    item: ItemDefinition = HUKOU,
    others: tuple[ItemDefinition, ...] = (),
) -> Decided:
    matter = MatterDefinition(
        "m",
        "试",
        roles=(RoleDefinition("child", "孩子", count=2, maximum=2), RoleDefinition("parent", "家长")),
        items=(MatterItemDefinition("hukou", per="child"), *(MatterItemDefinition(each.slug) for each in others)),
    )
    items = (replace(item, outputs=outputs), *others)
    plan = CompiledMatter(compile_matter(matter, items, ELEMENTS, list[MaterialDefinition]())).plan_for({})
    return plan.decide_outputs(who, given, reasons or {}, {**FORM, **(form or {})}, TODAY)


def test_each_child_is_given_a_number_of_its_own_sex_and_day() -> None:
    assert decide({"number": BOY}, NUMBER, who="hukou") == Decided({"number": BOY})
    assert decide({"number": GIRL}, NUMBER) == Decided({"number": GIRL})
    swapped = decide({"number": BOY}, NUMBER)
    assert swapped.problems == [FieldProblem("number", "sex_in_number", {"said": "2"})]
    girl = {"child#2:person.sex": None}
    assert decide({"number": BOY}, NUMBER, form=girl).problems == [
        FieldProblem("number", "birth_in_number", {"said": "2026-11-13"})
    ]
    argued = decide({"number": BOY}, NUMBER, reasons={"number": " 医院更正在途 "})
    assert argued == Decided({"number": BOY}, [], {"number": Departure(None, "医院更正在途")})


def test_nobody_is_given_the_number_of_brother_or_parent() -> None:
    for key in ("child:person.id_number", "parent:person.id_number"):
        found = decide({"number": GIRL}, NUMBER, form={key: GIRL}, reasons={"number": "就是"})
        assert found.problems == [FieldProblem("number", "number_of_another")]
        assert found.departures == {}
    assert (
        decide({"number": GIRL}, NUMBER, form={"child#2:person.id_number": GIRL, "parent:card.note": GIRL}).problems
        == []
    )


def test_what_one_child_s_form_says_is_the_default_of_its_own_decision() -> None:
    output = OutputDefinition("bank", "合作银行", "select", repeats=("child:card.bank", "parent:card.bank"))
    form = {"child:card.bank": "icbc", "parent:card.bank": "abc"}
    assert decide({}, output, who="hukou", form=form).values == {"bank": "icbc"}
    assert decide({}, output, form=form).values == {"bank": "abc"}
    differs = decide({"bank": "icbc"}, output, form=form)
    assert differs.problems == [FieldProblem("bank", "differs_from_form", {"said": "abc"})]
    argued = decide({"bank": "icbc"}, output, form=form, reasons={"bank": "当面更正"})
    assert argued.departures == {"bank": Departure("abc", "当面更正")}
    assert decide({"bank": None}, output, form=form).problems == [FieldProblem("bank", "required")]
    assert decide({}, replace(output, required=False)) == Decided()


def test_problems_come_in_the_order_of_the_outputs_and_one_hides_no_other() -> None:
    outputs = (
        OutputDefinition("a", "甲", "integer"),
        OutputDefinition("b", "乙", "date", constraints={"not_future": True}),
        OutputDefinition("c", "丙", required=False),
    )
    found = decide({"c": "好", "b": "2026-12-01", "a": "x"}, *outputs)
    assert found.problems == [FieldProblem("a", "not_an_integer"), FieldProblem("b", "in_future")]
    assert found.values == {"b": "2026-12-01", "c": "好"}


def test_the_fields_own_demands_bind_what_feeds_or_repeats_it() -> None:
    feeding = OutputDefinition("note", "批语", feeds="child:card.word")
    repeating = OutputDefinition("note", "备注", repeats=("child:card.note",))
    asking = tuple(
        ItemDefinition(
            slug,
            slug,
            "health",
            tuple(LineDefinition(code, "child", f"card.{code}", constraints=demand) for code in ("word", "note")),
        )
        for slug, demand in (("school", {"max_length": 3}), ("clinic", {"min_length": 2}))
    )

    def codes(output: OutputDefinition, value: str, *others: ItemDefinition) -> list[str]:
        return [each.code for each in decide({"note": value}, output, who="hukou", others=others).problems]

    assert (
        codes(feeding, "一二三四五六七八九十") == codes(repeating, "一二三四五六七八九十") == ["too_long"]
    )  # the dictionary's
    assert codes(feeding, "一二三四", *asking) == ["too_long"]  # of whoever reads it later
    assert codes(feeding, "一", *asking) == ["too_short"]
    assert codes(repeating, "一二三四", *asking) == []  # what others ask of the applicant
    own = replace(
        HUKOU, lines=(*HUKOU.lines[:5], replace(HUKOU.lines[5], constraints={"max_length": 3}), *HUKOU.lines[6:])
    )
    assert [each.code for each in decide({"note": "一二三四"}, repeating, who="hukou", item=own).problems] == [
        "too_long"
    ]
    strict = replace(feeding, constraints={"pattern": "[0-9]+"})
    assert codes(strict, "一二") == ["wrong_format"]


@pytest.mark.parametrize(
    ("result", "feeds", "day", "born"),
    [
        (None, "", "1900-01-01", ""),
        (None, "child:card.day", "2026-11-12", "2026-11-13"),
        (ResultDefinition("book", {"on": "output:on"}, holder="child"), "", "2026-11-12", "2026-11-13"),
        (ResultDefinition("book", {"on": "output:on"}, holder="parent"), "", "1990-01-01", "1990-01-02"),
        (
            ResultDefinition("book", {"on": "output:on"}, holder="parent", co_holders=("child",)),
            "",
            "2026-11-12",
            "2026-11-13",
        ),
        (ResultDefinition("book", {"on": "const:on"}, holder="child"), "", "1900-01-01", ""),
        (ResultDefinition("book", {"on": "output:on"}), "", "1900-01-01", ""),
    ],
)
def test_no_date_lies_before_the_last_birth_of_those_whom_it_is_about(
    result: ResultDefinition | None, feeds: str, day: str, born: str
) -> None:
    output = OutputDefinition("on", "日期", "date", feeds=feeds)
    item = replace(HUKOU, results=(result,) if result else ())
    early = decide({"on": day}, output, item=item)
    assert early.problems == ([FieldProblem("on", "before_birth", {"said": born})] if born else [])
    if born:
        assert decide({"on": born}, output, item=item).problems == []
        assert decide({"on": f"{day}T23:59"}, replace(output, type="datetime", feeds=""), item=item).problems == (
            early.problems if result else []
        )
    assert decide({"on": "1900"}, replace(output, type="text", feeds=""), item=item).problems == []


def test_a_choice_without_options_has_those_of_the_first_field_that_has_some() -> None:
    elements = {each.code: each for each in ELEMENTS}
    bank = OutputDefinition("bank", "银行", "select", feeds="child:card.bank")
    assert with_options(bank, elements).options == BANKS
    assert with_options(
        replace(bank, repeats=("child:card.note", "child:gone", "child:person.sex")), elements
    ).options == (elements["person.sex"].options)
    own = replace(bank, options=(Option("boc", "中国银行"),))
    assert with_options(own, elements) == own
    assert with_options(replace(bank, type="text"), elements).options == ()
    assert with_options(replace(bank, feeds="child:card.note"), elements).options == ()


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.sampled_from("0123456789X"), st.data())
def test_a_number_tells_birth_and_sex(born: date, order: int, check: str, data: st.DataObject) -> None:
    number = f"360103{born:%Y%m%d}{order:03}{check}"
    sex, other = ("1", "2") if order % 2 else ("2", "1")
    key = data.draw(st.sampled_from(["person.birth_date", "birth.time"]))
    day = data.draw(st.just(born) | st.dates(date(1900, 1, 1), date(2099, 12, 31)))
    said = day.isoformat() + ("T08:00" if key == "birth.time" else "")
    wrong_day = [] if day == born else [("birth_in_number", day.isoformat())]
    assert list(told_otherwise(number, {"person.sex": sex, key: said})) == wrong_day
    assert list(told_otherwise(number, {"person.sex": other, key: said})) == [("sex_in_number", other), *wrong_day]
    assert list(told_otherwise(number, {"person.sex": "9"})) == []
    for unread in (number[:-1], f"{number}0", f"A{number[1:]}", f"{number[:16]}٣{check}", "E12345678"):
        assert list(told_otherwise(unread, {"person.sex": other, key: "1800-01-01"})) == []


def test_a_day_of_birth_counts_before_a_moment() -> None:
    person = {"person.birth_date": "2026-11-12", "birth.time": "2026-11-13T00:05"}
    assert list(told_otherwise(BOY, person)) == []
    assert list(told_otherwise(BOY, {**person, "person.birth_date": None})) == [("birth_in_number", "2026-11-13")]
    assert list(told_otherwise(BOY, {"person.birth_date": 20261113})) == []
