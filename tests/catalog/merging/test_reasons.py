"""Why something is asked: the department's purpose, and the answers (never others) that led there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.reasons import answers_behind, why_field, why_item, why_material
from catalog.merging.selection import flat
from catalog.merging.typical import typical_answers
from catalog.rules.language import holds
from catalog.wording.problems import because, why_asked


@pytest.fixture
def matter(newborn_plan: dict[str, Any]) -> CompiledMatter:
    return CompiledMatter(newborn_plan)


def plan_with(matter: CompiledMatter, **answers: Any) -> Plan:
    return matter.plan_for({**typical_answers(matter), **answers})


def test_a_paper_that_an_answer_brought_names_question_and_answer(matter: CompiledMatter) -> None:
    plan = plan_with(matter, claim="yes")
    invoice = next(each for each in plan.materials if "发票" in each.name)
    (why,) = why_material(plan, invoice)
    assert [(reason.text, reason.answer) for reason in why.answers] == [("要申领生育医疗费用报销吗", "申领")]
    assert because(why.answers) == "因为您选择了“申领”（要申领生育医疗费用报销吗）"


def test_the_second_child_is_asked_for_because_there_are_twins(matter: CompiledMatter) -> None:
    plan = plan_with(matter, children="2")
    first, second = (plan.fields[key] for key in ("child:person.name", "child#2:person.name"))
    assert "children" not in {reason.question for why in why_field(plan, first) for reason in why.answers}
    assert "children" in {reason.question for why in why_field(plan, second) for reason in why.answers}
    twin = next(item for item in plan.items if item.instance == 2)
    assert "双胞胎" in {reason.answer for reason in why_item(plan, twin)}


def test_every_field_and_paper_says_who_asks(matter: CompiledMatter) -> None:
    plan = plan_with(matter, claim="yes", children="3", relation="father")
    for field in plan.fields.values():
        whys = why_field(plan, field)
        assert {why.item for why in whys} == {asker.slug for asker in field.asked_by}
        assert why_asked(whys, lambda slug: matter.items[slug].name).startswith("用于")
    for paper in plan.materials:
        assert {why.item for why in why_material(plan, paper)} == {asker.slug for asker in paper.asked_by}


def test_it_names_only_answers_on_which_the_condition_depends(matter: CompiledMatter) -> None:
    plan = plan_with(matter, claim="yes")
    questions = {question.key: question for question in matter.questions}
    for use in matter.uses:
        if use.condition is None or not holds(use.condition, flat(plan.answers)):
            continue
        named = answers_behind(plan, [use.condition])
        assert named
        for reason in named:
            others = [option.value for option in questions[reason.question].options]
            outcomes = [holds(use.condition, flat({**plan.answers, reason.question: other})) for other in others]
            assert False in outcomes, reason


def test_a_condition_on_the_form_names_its_fields(matter: CompiledMatter) -> None:
    plan = plan_with(matter)
    found = [why for field in plan.fields.values() for why in why_field(plan, field) if why.fields]
    assert found
    assert all(key in plan.fields for why in found for key in why.fields)


def test_nothing_is_said_where_it_is_always_asked(matter: CompiledMatter) -> None:
    plan = plan_with(matter)
    name = plan.fields["child:person.name"]
    birth = next(why for why in why_field(plan, name) if why.item == "birth_cert")
    assert birth.answers == ()
    assert why_asked([replace(birth, purpose="")], lambda slug: "出生医学证明") == "用于出生医学证明"
