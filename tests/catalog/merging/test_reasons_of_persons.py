"""Why one of several persons is asked for a fact or a paper: who needs it, for what, by which answers, and what else it depends on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog.definitions import MaterialNeed, MatterItemDefinition
from catalog.merging.planned import Reason
from catalog.merging.reasons import Why, answers_behind, why_field, why_item, why_material
from tests.worlds.family import INSURANCE, MATTER, ONE, REGISTRATION, TWINS, compiled, var, with_line

MARRIED = Reason("marriage", "父母是否已婚？", "已婚")
TWO = Reason("children", "生了几个孩子？", "2")


def chosen(answers: dict[str, Any] = ONE) -> Reason:
    """Return the reason of what was chosen along."""
    (reason,) = compiled().plan_for(answers).item("insurance").reasons
    return reason


def test_a_fact_is_asked_for_by_its_own_condition_only() -> None:
    plan = compiled().plan_for(ONE)
    assert why_field(plan, plan.fields["father:person.name"]) == (Why("certificate", "health", "", (MARRIED,), ()),)
    assert why_field(plan, plan.fields["mother:person.id_number"]) == (Why("certificate", "health", "", (), ()),)


def test_every_asker_gives_its_own_reason_in_the_items_order() -> None:
    told = with_line(INSURANCE, "xm", reason="用于建立医保账户", condition={"==": [var("answers.marriage"), "married"]})
    plan = compiled(insurance=told).plan_for(ONE)
    first, second, third = why_field(plan, plan.fields["child:person.name"])
    assert (first, second) == (Why("certificate", "health", "", (), ()), Why("registration", "police", "", (), ()))
    assert third == Why("insurance", "insurance", "用于建立医保账户", (chosen(), MARRIED), ())


def test_the_second_childs_facts_and_papers_are_asked_for_because_there_are_two() -> None:
    plan = compiled().plan_for(TWINS)
    (paper,) = [each for each in plan.materials if each.key == "child#2:birth_paper"]
    assert [(why.purpose, why.answers) for why in why_material(plan, paper)] == [
        ("证明出生事实", (TWO,)),
        ("", (chosen(), TWO)),
    ]
    for key, answers in (("child:person.sex", ()), ("child#2:person.sex", (TWO,))):
        assert [why.answers for why in why_field(plan, plan.fields[key])] == [answers, answers]
    items = {item.key: why_item(plan, item) for item in plan.items}
    assert items == {
        **{"certificate": (), "registration": (), "insurance": (chosen(),)},
        **{"certificate#2": (TWO,), "registration#2": (TWO,), "insurance#2": (chosen(), TWO)},
    }


def test_what_else_is_read_of_the_form_is_named() -> None:
    needs = MaterialNeed(
        "photo",
        condition={"and": [{"!!": [var("mother:person.phone")]}, {"!=": [var("child:person.sex"), "1"]}]},
        reason="核对本人",
    )
    item = replace(REGISTRATION, materials=(MaterialNeed("register"), needs))
    conditional = with_line(item, "ethnicity", condition={"!=": [var("child:person.sex"), "2"]})
    matter = replace(
        MATTER, items=(MatterItemDefinition("registration", {"==": [var("answers.marriage"), "married"]}, per="child"),)
    )
    elsewhere = replace(conditional, lines=(*conditional.lines, INSURANCE.lines[2]))
    plan = compiled(matter=matter, registration=replace(elsewhere, materials=(needs,))).plan_for(ONE)
    (photo,) = plan.materials
    assert why_material(plan, photo) == (
        Why("registration", "police", "核对本人", (MARRIED,), ("child:person.sex", "mother:person.phone")),
    )
    (ethnicity,) = why_field(plan, plan.fields["child:person.ethnicity"])
    assert (ethnicity.answers, ethnicity.fields) == ((MARRIED,), ("child:person.sex",))


def test_a_paper_names_the_answer_that_brought_it_and_not_another_papers() -> None:
    single = {"==": [var("answers.applicant"), "mother"]}
    needs = (MaterialNeed("register"), MaterialNeed("photo", condition=single, role="child"))
    plan = compiled(registration=replace(REGISTRATION, materials=needs)).plan_for({**TWINS, "items": []})
    applicant = Reason("applicant", "谁来申请？", "母亲")
    said = {paper.key: [why.answers for why in why_material(plan, paper)] for paper in plan.materials}
    assert said == {
        "form": [(), ()],  # one for both
        "register": [(), ()],
        "child:photo": [(applicant,)],
        "child#2:photo": [(applicant, TWO)],
    }


def test_each_question_is_a_reason_once() -> None:
    plan = compiled().plan_for(TWINS)
    married = {"==": [var("answers.marriage"), "married"]}
    rules = [married, {"and": [married, {"<": [1, var("answers.children")]}]}, None]
    assert answers_behind(plan, rules) == (MARRIED, TWO)
