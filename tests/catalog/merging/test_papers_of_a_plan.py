"""A newborn's plan, example by example: which papers it asks for, and who is exempt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.definitions import (
    Exemption,
    MaterialNeed,
)
from catalog.merging.plan_json import plan_as_json
from tests.worlds.family import (
    INSURANCE,
    ONE,
    TWINS,
    VALUES,
    compiled,
)


def test_it_asks_for_papers_once_and_says_how_they_are_spared() -> None:
    plan = compiled().plan_for(ONE)
    papers = {paper.key: paper for paper in plan.materials}
    assert list(papers) == ["form", "child:birth_paper", "register", "ethnic_statement", "child:photo"]
    assert papers["form"].exemption == Exemption("generated")
    assert papers["form"].is_met
    birth = papers["child:birth_paper"]
    assert (birth.code, birth.role, birth.instance, birth.name, birth.standard_code, birth.accept) == (
        "birth_paper",
        "child",
        1,
        "出生医学证明",
        "L100",
        ("pdf", "jpg"),
    )
    assert birth.exemption == Exemption("result", "certificate")
    assert birth.supplied_by == ("certificate",)
    assert [(a.item, a.exemption) for a in birth.asked_by] == [
        ("registration", Exemption("result", "certificate")),
        ("insurance", Exemption("result", "certificate")),
    ]
    register = papers["register"]
    assert register.alternatives == (Exemption("shared_data", "police"),)  # what both accept
    assert (register.necessity, register.copies, register.form) == ("required", 2, "paper_and_electronic")
    assert not register.is_met
    assert not register.must_be_uploaded
    assert papers["child:photo"].exemption is None
    assert not papers["child:photo"].must_be_uploaded
    assert papers["ethnic_statement"].must_be_uploaded
    assert papers["ethnic_statement"].conditional
    causes = {(wait.item, wait.after, wait.cause) for wait in plan.dependencies}
    assert causes == {
        ("registration", "certificate", "declared"),
        ("registration", "certificate", "material:child:birth_paper"),
        ("insurance", "certificate", "material:child:birth_paper"),
        ("insurance", "registration", "field:child:person.id_number"),
    }


def test_it_asks_for_a_paper_only_when_the_form_makes_it_necessary() -> None:
    plan = compiled().plan_for(ONE)
    assert "ethnic_statement" not in [paper.key for paper in plan.materials_for(VALUES)]
    needed = {paper.key: paper for paper in plan.materials_for({**VALUES, "child:person.ethnicity": "04"})}
    assert needed["ethnic_statement"].must_be_uploaded


def test_it_takes_the_strictest_need_only_of_those_who_need_the_paper_now() -> None:
    lenient = replace(INSURANCE, materials=(MaterialNeed("ethnic_statement", "optional"),))
    plan = compiled(insurance=lenient).plan_for(ONE)
    (paper,) = [p for p in plan.materials_for(VALUES) if p.code == "ethnic_statement"]
    assert paper.necessity == "optional"
    (paper,) = [
        p for p in plan.materials_for({**VALUES, "child:person.ethnicity": "04"}) if p.code == "ethnic_statement"
    ]
    assert paper.necessity == "required"


def test_it_asks_for_a_childs_own_paper_once_for_each_child() -> None:
    plan = compiled().plan_for(TWINS)
    assert [paper.key for paper in plan.materials if paper.role] == [
        "child:birth_paper",
        "child#2:birth_paper",
        "child:photo",
        "child#2:photo",
    ]
    second = next(paper for paper in plan.materials if paper.key == "child#2:birth_paper")
    assert (second.instance, second.supplied_by) == (2, ("certificate#2",))


@pytest.mark.parametrize(
    ("exemptions", "fallback"),
    [
        ((), ""),
        ((Exemption("generated"),), ""),
        ((Exemption("result", "birth_certificate"),), ""),
        ((Exemption("shared_data", "police"),), "hand_in"),
        ((Exemption("certificate", "household_register"), Exemption("shared_data", "police")), "hand_in"),
        ((Exemption("earlier_upload"),), "hand_in"),
        ((Exemption("commitment"),), "hand_in"),
    ],
)
def test_it_says_where_a_paper_may_be_handed_in_if_nothing_is_found(
    exemptions: tuple[Exemption, ...], fallback: str
) -> None:
    needs = (MaterialNeed("photo", exemptions=exemptions, role="child"),)
    plan = compiled(insurance=replace(INSURANCE, materials=needs)).plan_for(ONE)
    (photo,) = [each for each in plan.materials if each.code == "photo"]
    assert photo.fallback == fallback
    (shown,) = [each for each in plan_as_json(plan)["materials"] if each["code"] == "photo"]
    assert shown["fallback"] == fallback
    assert not photo.must_be_uploaded or not exemptions
