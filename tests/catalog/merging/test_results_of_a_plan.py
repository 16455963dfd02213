"""A newborn's plan, example by example: what departments decide, and who waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from catalog.definitions import (
    Exemption,
    MaterialNeed,
    MatterItemDefinition,
    Option,
    OutputDefinition,
)
from catalog.fields.validation import FieldProblem
from tests.catalog.merging.test_checking_a_form import TODAY
from tests.worlds.family import (
    CERTIFICATE,
    INSURANCE,
    MATTER,
    ONE,
    TWINS,
    VALUES,
    compiled,
    var,
    with_line,
)


def test_it_asks_again_for_what_the_left_out_item_would_have_decided() -> None:
    alone = compiled(matter=replace(MATTER, items=(MatterItemDefinition("insurance", per="child"),))).plan_for(ONE)
    assert alone.fields["child:person.id_number"].supplied_by is None
    assert "child:person.id_number" in alone.visible({})
    (paper,) = [p for p in alone.materials if p.code == "birth_paper"]
    assert paper.must_be_uploaded
    assert alone.items[0].after == ()


def test_it_never_lets_an_item_wait_for_its_own_result_or_for_one_that_waits_for_it() -> None:
    own = replace(
        CERTIFICATE,
        materials=(
            MaterialNeed("birth_paper", role="child", exemptions=(Exemption("certificate", "birth_certificate"),)),
        ),
    )
    plan = compiled(certificate=own).plan_for(ONE)
    (paper,) = [p for p in plan.materials if p.code == "birth_paper"]
    assert [(a.item, a.supplied_by) for a in paper.asked_by] == [
        ("certificate", ()),
        ("registration", ("certificate",)),
        ("insurance", ("certificate",)),
    ]
    assert paper.exemption == Exemption("certificate", "birth_certificate")
    assert [a.exemption for a in paper.asked_by] == [
        Exemption("certificate", "birth_certificate"),
        Exemption("result", "certificate"),
        Exemption("result", "certificate"),
    ]
    earlier = replace(
        MATTER,
        items=(*MATTER.items, MatterItemDefinition("copy")),
    )
    copy = replace(
        INSURANCE,
        slug="copy",
        lines=(),
        materials=(MaterialNeed("register", exemptions=(Exemption("result", "registration"),)),),
    )
    waits = {
        (w.item, w.after)
        for w in compiled(matter=earlier, copy=copy).plan_for(TWINS).dependencies
        if w.cause == "material:register"
    }
    assert (
        waits
        == {
            ("copy", "registration"),
            ("copy", "registration#2"),
            ("insurance", "registration"),
            ("insurance", "registration#2"),
            ("insurance#2", "registration"),
            ("insurance#2", "registration#2"),
        }
        or ("insurance", "registration") in waits
    )


def test_it_checks_what_a_department_decides() -> None:
    plan = compiled().plan_for(ONE)
    assert plan.clean_outputs("certificate", {"number": " A123456789 "}, TODAY) == ({"number": "A123456789"}, [])
    assert plan.clean_outputs("certificate", {}, TODAY) == ({}, [FieldProblem("number", "required")])
    assert plan.clean_outputs("certificate", {"number": "1"}, TODAY) == (
        {"number": "1"},
        [FieldProblem("number", "wrong_format", {"pattern": "[A-Z]\\d{9}"})],
    )
    assert plan.clean_outputs("registration", {"id_number": "36012120251104991X"}, TODAY)[1][0].code == "future_date"
    assert plan.clean_outputs("registration", {"id_number": "36012120251104991X"}, date(2026, 1, 1))[1] == []
    assert plan.clean_outputs("registration", {"id_number": 5}, TODAY)[1] == [FieldProblem("id_number", "not_text")]
    assert plan.clean_outputs("insurance", {"x": 1}, TODAY) == ({}, [])
    optional = replace(CERTIFICATE, outputs=(replace(CERTIFICATE.outputs[0], required=False),))
    assert compiled(certificate=optional).plan_for(ONE).clean_outputs("certificate", {}, TODAY) == ({}, [])


def test_it_takes_a_result_only_where_a_department_says_so() -> None:
    """A certificate of the applicant's library is not what a sub-item is about to issue."""
    held = MaterialNeed("photo", role="child", exemptions=(Exemption("certificate", "birth_certificate"),))
    plan = compiled(insurance=replace(INSURANCE, materials=(held,))).plan_for(ONE)
    (paper,) = [paper for paper in plan.materials if paper.code == "photo"]
    assert paper.supplied_by == ()
    assert paper.exemption == Exemption("certificate", "birth_certificate")


def test_a_department_decides_among_its_options() -> None:
    output = OutputDefinition("grade", "等级", "multiselect", (Option("a", "甲"), Option("b", "乙")), {"max_items": 1})
    plan = compiled(insurance=replace(INSURANCE, outputs=(output,))).plan_for(ONE)
    today = date(2025, 6, 1)
    assert plan.clean_outputs("insurance", {"grade": ["b"]}, today) == ({"grade": ["b"]}, [])
    assert plan.clean_outputs("insurance", {"grade": ["c"]}, today) == ({}, [FieldProblem("grade", "not_an_option")])
    assert plan.clean_outputs("insurance", {}, today) == ({}, [FieldProblem("grade", "required")])
    cleaned, problems = plan.clean_outputs("insurance", {"grade": ["a", "b"]}, today)
    assert cleaned == {"grade": ["a", "b"]}
    assert problems == [FieldProblem("grade", "too_many_chosen", {"maximum": 1})]


def test_what_a_decision_will_supply_reads_as_nothing_even_if_somebody_types_it() -> None:
    waiting = with_line(INSURANCE, "tel", condition={"!!": [var("child:person.id_number")]})
    plan = compiled(insurance=waiting).plan_for(ONE)
    typed = {**VALUES, "child:person.id_number": "360102202505010018"}
    assert "mother:person.phone" not in plan.visible(typed)
    cleaned, _ = plan.clean(typed, TODAY)
    assert not {"child:person.id_number", "mother:person.phone"} & cleaned.keys()
    assert "tel" not in plan.project(typed, "insurance")
