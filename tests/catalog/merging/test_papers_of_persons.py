"""Whose paper it is, who supplies it to whom, and the strictest of what departments want of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.definitions import Exemption, ItemDefinition, MaterialDefinition, MaterialNeed, MatterItemDefinition
from catalog.merging.papers import merge_material
from catalog.merging.planned import MaterialAsker, PlannedMaterial
from tests.worlds.family import INSURANCE, MATTER, ONE, REGISTRATION, TWINS, VALUES, compiled, var

BY_RESULT = (Exemption("result", "certificate"),)
SCHOOL = ItemDefinition("school", "入学登记", "health", legal_basis="法", promised_limit_days=1)


def merged(*needs: MaterialNeed, supplied: tuple[str, ...] = ()) -> PlannedMaterial:
    askers = [MaterialAsker(f"i{n}", f"i{n}", "d", need, supplied_by=supplied) for n, need in enumerate(needs)]
    return merge_material("child#2:photo", askers, MaterialDefinition("photo", "照片", "L9", ("jpg",), "白底"))


def supplied(
    *needs: MaterialNeed, answers: dict[str, object] | None = None
) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return of each paper of a school that is not per child, and of the children's insurance, who supplies it."""
    matter = replace(MATTER, items=(*MATTER.items, MatterItemDefinition("school")))
    plan = compiled(
        matter=matter,
        insurance=replace(INSURANCE, materials=needs),
        registration=replace(REGISTRATION, materials=()),
        school=replace(SCHOOL, materials=needs),
    ).plan_for({**TWINS, **(answers or {})})
    return {
        paper.key: [(asker.item, asker.supplied_by) for asker in paper.asked_by]
        for paper in plan.materials
        if paper.code != "form"
    }


def test_each_child_is_supplied_by_its_own_certificate_and_a_paper_for_all_by_every_one() -> None:
    assert supplied(MaterialNeed("photo", exemptions=BY_RESULT, role="child")) == {
        "child:photo": [("insurance", ("certificate",)), ("school", ("certificate",))],
        "child#2:photo": [("insurance#2", ("certificate#2",)), ("school", ("certificate#2",))],
    }
    both = ("certificate", "certificate#2")
    assert supplied(MaterialNeed("photo", exemptions=BY_RESULT)) == {
        "photo": [("insurance", ("certificate",)), ("insurance#2", ("certificate#2",)), ("school", both)]
    }
    assert supplied(MaterialNeed("photo", exemptions=BY_RESULT, role="mother")) == {
        "mother:photo": [("insurance", ("certificate",)), ("insurance#2", ("certificate#2",)), ("school", both)]
    }


def test_a_paper_that_the_answers_spare_is_not_asked_for_and_those_after_it_are() -> None:
    single = {"==": [var("answers.marriage"), "single"]}
    needs = (MaterialNeed("register", condition=single), MaterialNeed("photo", condition={"!": [single]}))
    plan = compiled(
        registration=replace(REGISTRATION, materials=needs), insurance=replace(INSURANCE, materials=())
    ).plan_for(ONE)
    (photo,) = [paper for paper in plan.materials if paper.code != "form"]
    assert (photo.code, photo.conditional, photo.must_be_uploaded) == ("photo", False, True)
    assert [(asker.item, asker.slug, asker.department) for asker in photo.asked_by] == [
        ("registration", "registration", "police")
    ]


def test_a_childs_paper_depends_on_the_facts_of_that_child() -> None:
    girl = {"==": [var("child:person.sex"), "2"]}
    need = MaterialNeed("photo", role="child", condition=girl)
    plan = compiled(registration=replace(REGISTRATION, materials=(need,))).plan_for({**TWINS, "items": []})
    form = {**VALUES, "child:person.sex": "1", "child#2:person.sex": "2"}
    assert [paper.key for paper in plan.materials_for(form)] == ["form", "child#2:photo"]
    assert all(paper.conditional for paper in plan.materials if paper.code == "photo")
    mothers = replace(need, role="mother", condition={"!!": [var("mother:person.phone")]})
    school = replace(SCHOOL, lines=INSURANCE.lines[2:], materials=(mothers,))
    matter = replace(MATTER, items=(MatterItemDefinition("school"),))
    plan = compiled(matter=matter, school=school).plan_for(ONE)
    assert [paper.key for paper in plan.materials_for(VALUES)] == ["mother:photo"]
    assert plan.materials_for({}) == []


def test_the_paper_is_described_by_its_dictionary_and_belongs_to_the_second_child() -> None:
    paper = merged(MaterialNeed("photo"))
    assert (paper.key, paper.code, paper.role, paper.instance) == ("child#2:photo", "photo", "child", 2)
    assert (paper.name, paper.standard_code, paper.accept, paper.note) == ("照片", "L9", ("jpg",), "白底")


@pytest.mark.parametrize(
    ("necessities", "strictest"),
    [
        (("optional", "deferrable"), "deferrable"),
        (("deferrable", "required", "optional"), "required"),
        (("optional", "optional"), "optional"),
    ],
)
def test_the_strictest_need_counts(necessities: tuple[str, ...], strictest: str) -> None:
    assert merged(*(MaterialNeed("photo", each) for each in necessities)).necessity == strictest


@pytest.mark.parametrize(
    ("forms", "form"),
    [
        (("paper_or_electronic", "paper_or_electronic"), "paper_or_electronic"),
        (("paper_or_electronic", "paper"), "paper"),
        (("electronic", "electronic"), "electronic"),
        (("electronic", "paper"), "paper_and_electronic"),
        (("paper_and_electronic", "paper_or_electronic"), "paper_and_electronic"),
    ],
)
def test_one_form_satisfies_everybody(forms: tuple[str, ...], form: str) -> None:
    assert merged(*(MaterialNeed("photo", form=each, copies=n) for n, each in enumerate(forms, 1))).form == form
    assert merged(*(MaterialNeed("photo", form=each, copies=n) for n, each in enumerate(forms, 1))).copies == len(forms)


def test_only_what_all_accept_spares_a_paper_and_a_result_only_where_it_is_of_the_plan() -> None:
    shared, stored = Exemption("shared_data", "police"), Exemption("earlier_upload")
    result = Exemption("result", "certificate")
    paper = merged(
        MaterialNeed("photo", exemptions=(result, shared, stored)), MaterialNeed("photo", exemptions=(stored, result))
    )
    assert (paper.alternatives, paper.exemption) == ((stored,), stored)
    assert merged(MaterialNeed("photo", exemptions=(shared,)), MaterialNeed("photo")).exemption is None
    made = merged(MaterialNeed("photo", "optional"), MaterialNeed("photo", copies=3), supplied=("a", "b"))
    assert (made.exemption, made.supplied_by, made.copies) == (Exemption("result", "a"), ("a", "b"), 3)
