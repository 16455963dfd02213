"""A newborn's plan, example by example: what is wrong with a form, and what each department gets of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.compiling import compile_matter
from catalog.definitions import (
    GuideQuestion,
    LineDefinition,
)
from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import CompiledMatter
from tests.worlds.family import (
    CERTIFICATE,
    ELEMENTS,
    ITEMS,
    MATERIALS,
    MATTER,
    ONE,
    REGISTRATION,
    TWINS,
    VALUES,
    compiled,
    var,
    with_line,
)

TODAY = date(2025, 6, 1)


def test_it_accepts_a_sound_form_and_hands_each_department_its_own() -> None:
    plan = compiled().plan_for(ONE)
    cleaned, problems = plan.clean({**VALUES, "child:person.id_number": "冒充", "child:person.name": "李 小宝"}, TODAY)
    assert (cleaned, problems) == (VALUES, [])
    assert list(cleaned) == [key for key in plan.fields if key in VALUES]
    assert plan.project(cleaned, "insurance") == {"xm": "李小宝", "tel": "13800138000"}
    decided = {"registration": {"id_number": "36012120251104991X"}, "certificate": {"number": "A1"}}
    assert plan.project(cleaned, "insurance", decided)["sfz"] == "36012120251104991X"
    assert plan.project(cleaned, "registration", decided) == {
        "name": "李小宝",
        "sex": "1",
        "mother": "王芳",
        "ethnicity": "01",
        "mother_ethnicity": "01",
        "sign": "王芳",
    }


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"child:person.name": "Lee"}, [("child:person.name", "letter")]),
        ({"child:person.sex": None}, [("child:person.sex", "required")]),
        ({"child:person.birth": "2025-06-02T00:00"}, [("child:person.birth", "in_future")]),
        ({"mother:person.id_number": "360102199003079990"}, [("mother:person.id_number", "check_digit")]),
        ({"mother:person.id_kind": "414"}, [("mother:person.id_number", "wrong_shape")]),
        ({"mother:person.id_kind": "414", "mother:person.id_number": "E12345678"}, []),
        ({"mother:person.ethnicity": ""}, []),
        ({"mother:person.phone": "1\x00"}, [("mother:person.phone", "bad_character")]),
        ({"mother:person.signature@registration": ""}, [("mother:person.signature@registration", "required")]),
    ],
)
def test_it_names_each_problem_beside_its_field(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    _, found = compiled().plan_for(ONE).clean({**VALUES, **change}, TODAY)
    assert [(p.field, p.code) for p in found] == [*problems]


def test_it_checks_rules_over_several_fields() -> None:
    plan = compiled().plan_for(ONE)
    cleaned, problems = plan.clean({**VALUES, "mother:person.name": "李小宝"}, TODAY)
    params = {
        "rule": "same_name",
        "message": "新生儿与母亲同名，请核对",
        "item": "registration",
        "fields": ["child:person.name", "mother:person.name"],
    }
    assert problems == [FieldProblem("child:person.name", "cross_rule", params)]
    assert cleaned["mother:person.name"] == "李小宝"
    second = compiled().plan_for(TWINS).clean({**VALUES, "child#2:person.name": "王芳"}, TODAY)[1]
    assert [(p.field, p.params["item"]) for p in second if p.code == "cross_rule"] == [
        ("child#2:person.name", "registration#2")
    ]
    dated = replace(
        REGISTRATION,
        lines=(*REGISTRATION.lines, replace(CERTIFICATE.lines[2], code="birth")),
        cross_rules=(
            replace(
                REGISTRATION.cross_rules[0],
                violated={">": [{"days_between": [var("child:person.birth"), var("today")]}, 30]},
                fields=("child:person.birth",),
            ),
        ),
    )
    late = compiled(registration=dated).plan_for(ONE)
    assert late.clean(VALUES, date(2025, 5, 31))[1] == []
    assert [p.field for p in late.clean(VALUES, date(2025, 6, 1))[1]] == ["child:person.birth"]
    assert [p.code for p in late.clean({**VALUES, "child:person.birth": ""}, TODAY)[1]] == ["required"]


def test_it_tells_the_stricter_of_two_limits_once() -> None:
    shorter = with_line(CERTIFICATE, "XM", constraints={"max_length": 6})
    strict = with_line(REGISTRATION, "name", constraints={"max_length": 4})
    for items in (
        {"certificate": shorter, "registration": strict},
        {
            "certificate": with_line(CERTIFICATE, "XM", constraints={"max_length": 4}),
            "registration": with_line(REGISTRATION, "name", constraints={"max_length": 6}),
        },
    ):
        (problem,) = compiled(**items).plan_for(ONE).clean({**VALUES, "child:person.name": "李一二三四五六"}, TODAY)[1]
        assert problem == FieldProblem("child:person.name", "too_long", {"maximum": 4})
    for first, second in ((2, 5), (5, 2)):
        items = {
            "certificate": with_line(CERTIFICATE, "XM", constraints={"min_length": first}),
            "registration": with_line(REGISTRATION, "name", constraints={"min_length": second}),
        }
        (problem,) = compiled(**items).plan_for(ONE).clean({**VALUES, "child:person.name": "李"}, TODAY)[1]
        assert problem.params == {"minimum": 5}


def test_it_shows_reviewers_their_own_form() -> None:
    form = compiled().plan_for(TWINS).own_form("insurance#2")
    assert [(line.code, line.field, line.label, line.sensitive) for line in form] == [
        ("xm", "child#2:person.name", "新生儿姓名", False),
        ("sfz", "child#2:person.id_number", "身份证号", True),
        ("tel", "mother:person.phone", "联系电话", False),
    ]
    assert form[1].supplied_by is not None
    assert form[1].supplied_by.item == "registration#2"
    ordered = compiled().plan_for(ONE).own_form("certificate")
    assert [line.code for line in ordered] == ["MXM", "MLX", "MHM", "FXM", "QM", "XM", "XB", "CS"]
    assert ordered[6].options[0].label == "男"


def test_two_departments_each_say_which_rule_of_theirs_is_broken() -> None:
    rule = REGISTRATION.cross_rules[0]
    own = replace(rule, violated={"==": [var("child:person.name"), "王芳"]}, fields=("XM",))
    second = replace(own, code="second")
    plan = compiled(certificate=replace(CERTIFICATE, cross_rules=(own, second))).plan_for(ONE)
    _, problems = plan.clean({**VALUES, "child:person.name": "王芳"}, TODAY)
    broken = [(p.field, p.params["item"], p.params["rule"]) for p in problems if p.code == "cross_rule"]
    assert sorted(broken) == [
        ("child:person.name", "certificate", "same_name"),
        ("child:person.name", "certificate", "second"),
        ("child:person.name", "registration", "same_name"),
    ]


def test_numbers_are_read_up_to_fifteen_digits() -> None:
    questions = (*MATTER.questions, GuideQuestion("big", "?", maximum=10**15))
    matter = compiled(matter=replace(MATTER, questions=questions))
    assert matter.clean_answers({**ONE, "big": "9" * 15})["big"] == 10**15 - 1
    assert "big" not in matter.clean_answers({**ONE, "big": "0" * 15 + "1"})


def test_counts_that_are_text_are_read_up_to_nine_digits() -> None:
    for text, expected in (("2", 2), ("0" * 8 + "2", 2), ("0" * 9 + "2", 1)):
        roles = tuple(replace(role, count=text) if role.key == "child" else role for role in MATTER.roles)
        plan = compiled(matter=replace(MATTER, roles=roles)).plan_for(ONE)
        assert sum(item.slug == "certificate" for item in plan.items) == expected


def test_the_dictionary_may_say_which_kind_of_document_a_number_is_of() -> None:
    number = replace(ELEMENTS["person.id_number"], constraints={"kind": "person.id_kind"})
    bare = replace(CERTIFICATE, lines=tuple(line for line in CERTIFICATE.lines if line.code != "MLX"))
    kind_elsewhere = LineDefinition("KIND", "mother", "person.id_kind", order=9)
    elements = {**ELEMENTS, "person.id_number": number}
    items = {**ITEMS, "certificate": replace(bare, lines=(*bare.lines, kind_elsewhere))}
    plan = CompiledMatter(compile_matter(MATTER, items, elements, MATERIALS)).plan_for(ONE)
    passport = {**VALUES, "mother:person.id_kind": "414", "mother:person.id_number": "E12345678"}
    assert [p.field for p in plan.clean(passport, TODAY)[1]] == []
    (placed,) = [each for each in plan.programs["certificate"].placed if each.code == "MHM"]
    assert placed.constraints["kind"] == "mother:person.id_kind"
    own = replace(number, constraints={"kind": "person.sex"})
    plan = CompiledMatter(compile_matter(MATTER, items, {**elements, "person.id_number": own}, MATERIALS)).plan_for(ONE)
    (placed,) = [each for each in plan.programs["certificate"].placed if each.code == "MHM"]
    assert placed.constraints["kind"] == "mother:person.sex"


def test_a_wrong_mobile_number_is_not_told_what_would_do_for_any_telephone() -> None:
    mobile = replace(ELEMENTS["person.phone"], constraints={"identifier": "mobile_phone"})
    elements = {**ELEMENTS, "person.phone": mobile}
    plan = CompiledMatter(compile_matter(MATTER, ITEMS, elements, MATERIALS)).plan_for(ONE)
    _, (found,) = plan.clean({**VALUES, "mother:person.phone": "1380000001"}, TODAY)
    assert (found.code, found.params["expected"]) == ("wrong_length", "11")
