"""What a department decides, against the form and the facts of the person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.compiling import compile_matter
from catalog.definitions import ElementDefinition, LineDefinition, Option, OutputDefinition, ResultDefinition
from catalog.merging.compiled import CompiledMatter
from catalog.merging.deciding import Decided, series_of
from tests.worlds.town import CHILD_NUMBER, ELEMENTS, ITEMS, MATERIALS, MATTER, VALUES

TODAY = date(2026, 11, 30)
BANK = ElementDefinition("card.bank", "合作银行", "select", (Option("icbc", "工商银行"), Option("abc", "农业银行")))
NUMBER = ElementDefinition("household.number", "户号", "text", constraints={"pattern": "[0-9]{6,20}"})
OUTPUTS = (
    OutputDefinition("id_number", "公民身份号码", feeds="child:person.id_number"),
    OutputDefinition("bank", "合作银行", "select", repeats=("child:card.bank",)),
    OutputDefinition("household", "户号", repeats=("household:household.number",)),
)
FORM = {**VALUES, "child:card.bank": "icbc", "household:household.number": "36010200"}


def decide(given: dict[str, Any], reasons: dict[str, str] | None = None, **form: Any) -> Decided:
    hukou = next(item for item in ITEMS if item.slug == "hukou")
    lines = (
        LineDefinition("YH", "child", "card.bank", section="child"),
        LineDefinition("HH", "household", "household.number", section="child"),
    )
    changed = replace(hukou, lines=(*hukou.lines, *lines), outputs=OUTPUTS, results=())
    items = (changed, *(item for item in ITEMS if item != hukou))
    content = json.loads(json.dumps(compile_matter(MATTER, items, (*ELEMENTS, BANK, NUMBER), MATERIALS)))
    plan = CompiledMatter(content).plan_for({})
    return plan.decide_outputs("hukou", given, reasons or {}, {**FORM, **form}, TODAY)


def codes(decided: Decided) -> dict[str, str]:
    return {problem.field: problem.code for problem in decided.problems}


def test_what_the_form_says_is_the_default() -> None:
    decided = decide({"id_number": CHILD_NUMBER})
    assert codes(decided) == {}
    assert decided.values == {"id_number": CHILD_NUMBER, "bank": "icbc", "household": "36010200"}
    assert decided.departures == {}


@pytest.mark.parametrize(("code", "value"), [("bank", "abc"), ("household", "36010299")])
def test_what_the_form_says_is_changed_only_for_a_reason(code: str, value: str) -> None:
    given = {"id_number": CHILD_NUMBER, code: value}
    assert codes(decide(given)) == {code: "differs_from_form"}
    assert codes(decide(given, {code: "  "})) == {code: "differs_from_form"}
    decided = decide(given, {code: "申请人当面更正"})
    assert codes(decided) == {}
    assert decided.values[code] == value
    assert (decided.departures[code].said, decided.departures[code].reason) == (
        FORM[f"{'child:card.bank' if code == 'bank' else 'household:household.number'}"],
        "申请人当面更正",
    )


def test_a_choice_has_the_options_of_the_field_it_repeats() -> None:
    assert codes(decide({"id_number": CHILD_NUMBER, "bank": "中国银行"}, {"bank": "改"})) == {"bank": "not_an_option"}


def test_an_output_meets_the_demands_of_the_field_it_repeats() -> None:
    given = {"id_number": CHILD_NUMBER, "household": "甲乙"}
    assert codes(decide(given, {"household": "改"})) == {"household": "wrong_format"}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"child:person.sex": "2"}, "sex_in_number"),
        ({"child:person.birth_date": "2026-11-13"}, "birth_in_number"),
        ({"child:person.birth_date": None, "child:birth.time": "2026-11-13T08:00"}, "birth_in_number"),
    ],
)
def test_an_identity_number_fits_the_person_or_stands_for_a_reason(form: dict[str, Any], code: str) -> None:
    assert codes(decide({"id_number": CHILD_NUMBER}, **form)) == {"id_number": code}
    argued = decide({"id_number": CHILD_NUMBER}, {"id_number": "医院更正在途"}, **form)
    assert codes(argued) == {}
    assert argued.departures["id_number"].reason == "医院更正在途"


def test_nobody_is_given_the_number_of_another_person_of_the_application() -> None:
    taken = {"mother:person.id_number": CHILD_NUMBER}
    assert codes(decide({"id_number": CHILD_NUMBER}, {"id_number": "就是"}, **taken)) == {
        "id_number": "number_of_another"
    }


def test_identity_numbers_are_one_series_whatever_the_catalog_says() -> None:
    assert [series_of(output) for output in OUTPUTS] == ["identity_number", "", ""]
    assert series_of(replace(OUTPUTS[2], series="household")) == "household"


@pytest.mark.parametrize(
    ("feeds", "given", "expected"),
    [
        ("", "2026-11-11", {"entered": "before_birth"}),
        ("", "2026-11-12", {}),
        ("child:hukou.registered", "2025-01-01", {"entered": "before_birth"}),
        ("household:hukou.registered", "2025-01-01", {}),
    ],
)
def test_a_date_does_not_lie_before_the_birth_of_whom_it_is_about(
    feeds: str, given: str, expected: dict[str, str]
) -> None:
    """It is about whom it feeds, or who holds the certificate on which it stands."""
    output = OutputDefinition("entered", "登记日期", "date", feeds=feeds)
    face = {"on": "output:entered"}
    results = () if feeds else (ResultDefinition("household_register", holder="child", face=face),)
    hukou = next(item for item in ITEMS if item.slug == "hukou")
    changed = replace(hukou, outputs=(*hukou.outputs, output), results=results)
    items = (changed, *(item for item in ITEMS if item != hukou))
    elements = (*ELEMENTS, ElementDefinition("hukou.registered", "登记日期", "date"))
    content = json.loads(json.dumps(compile_matter(MATTER, items, elements, MATERIALS)))
    form = {**FORM, "child:person.birth_date": "2026-11-12"}
    found = CompiledMatter(content).plan_for({}).decide_outputs("hukou", {"entered": given}, {}, form, TODAY)
    assert {key: code for key, code in codes(found).items() if key == "entered"} == expected
