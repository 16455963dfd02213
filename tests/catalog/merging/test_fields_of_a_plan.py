"""A newborn's plan, example by example: its fields, in which order, with which words."""

from __future__ import annotations

from dataclasses import replace

from tests.catalog.merging.test_checking_a_form import TODAY
from tests.worlds.family import (
    CERTIFICATE,
    INSURANCE,
    MATTER,
    ONE,
    REGISTRATION,
    VALUES,
    compiled,
    var,
    with_line,
)


def test_it_orders_fields_by_section_and_first_asker_and_labels_them_as_most_departments_do() -> None:
    plan = compiled().plan_for(ONE)
    assert list(plan.fields) == [
        "child:person.name",
        "child:person.sex",
        "child:person.birth",
        "child:person.ethnicity",
        "child:person.id_number",
        "mother:person.name",
        "mother:person.id_kind",
        "mother:person.id_number",
        "father:person.name",
        "mother:person.signature@certificate",
        "mother:person.ethnicity",
        "mother:person.signature@registration",
        "mother:person.phone",
    ]
    name = plan.fields["child:person.name"]
    assert name.label == "新生儿姓名"
    assert [(a.item, a.code, a.label, a.department) for a in name.asked_by] == [
        ("certificate", "XM", "新生儿姓名", "health"),
        ("registration", "name", "姓名", "police"),
        ("insurance", "xm", "新生儿姓名", "insurance"),
    ]
    assert name.departments == ("health", "police", "insurance")
    assert name.reuse == "confirm"
    assert name.constraints == {"identifier": "newborn_name"}
    assert name.required is True
    assert plan.fields["child:person.birth"].help == "精确到分"
    assert plan.fields["child:person.birth"].constraints == {"not_future": True}
    assert plan.fields["mother:person.ethnicity"].required is False
    assert plan.fields["mother:person.id_number"].sensitive
    assert plan.fields["mother:person.id_number"].authority == "police"
    without = compiled().plan_for({**ONE, "items": []})
    assert without.fields["child:person.name"].label == "姓名"  # one against one: the dictionary's word decides
    named = compiled(
        matter=replace(MATTER, labels={"child:person.name": "宝宝姓名"}, placement={"child:person.name": "parents"})
    )
    assert named.plan_for(ONE).fields["child:person.name"].label == "宝宝姓名"
    assert named.plan_for(ONE).fields["child:person.name"].section == "parents"


def test_it_settles_at_once_what_the_answers_decide() -> None:
    matter = compiled()
    married = matter.plan_for(ONE).fields["father:person.name"]
    assert (married.required, married.conditional) == (True, False)
    assert "father:person.name" not in matter.plan_for({**ONE, "marriage": "single"}).fields


def test_it_narrows_what_is_offered_to_what_all_accept() -> None:
    narrow = with_line(REGISTRATION, "sex", constraints={"options": ["2"]})
    assert [o.value for o in compiled(registration=narrow).plan_for(ONE).fields["child:person.sex"].options] == ["2"]
    sometimes = with_line(
        REGISTRATION, "sex", constraints={"options": ["2"]}, condition={"!!": [var("child:person.name")]}
    )
    plan = compiled(registration=sometimes).plan_for(ONE)
    assert [o.value for o in plan.fields["child:person.sex"].options] == ["1", "2"]
    assert [p.code for p in plan.clean(VALUES, TODAY)[1]] == ["option_not_accepted"]
    alone = with_line(
        REGISTRATION, "ethnicity", constraints={"options": ["01"]}, condition={"!!": [var("child:person.name")]}
    )
    field = compiled(registration=alone).plan_for(ONE).fields["child:person.ethnicity"]
    assert [o.value for o in field.options] == ["01"]
    assert (field.required, field.conditional) == ("conditional", True)
    both = compiled(
        certificate=with_line(
            CERTIFICATE, "XB", constraints={"options": ["2"]}, condition={"!!": [var("child:person.name")]}
        ),
        registration=sometimes,
    ).plan_for(ONE)
    assert [o.value for o in both.fields["child:person.sex"].options] == ["1", "2"]


def test_it_borrows_words_that_one_department_leaves_out() -> None:
    bare = with_line(CERTIFICATE, "XM", label="", section="", help="")
    helpful = with_line(REGISTRATION, "name", label="", section="parents", help="与出生医学证明一致")
    unnamed = with_line(INSURANCE, "xm", label="孩子姓名", section="", reason="用于建立医保账户")
    field = (
        compiled(certificate=bare, registration=helpful, insurance=unnamed).plan_for(ONE).fields["child:person.name"]
    )
    assert (field.label, field.section, field.help) == ("孩子姓名", "parents", "与出生医学证明一致")
    assert [asker.reason for asker in field.asked_by] == ["", "", "用于建立医保账户"]
    silent = with_line(INSURANCE, "xm", label="", section="")
    field = compiled(certificate=bare, registration=helpful, insurance=silent).plan_for(ONE).fields["child:person.name"]
    assert field.label == "姓名"


def test_it_does_not_require_a_line_that_says_nothing_of_it() -> None:
    plan = compiled(registration=with_line(REGISTRATION, "ethnicity", required=None)).plan_for(ONE)
    assert plan.fields["child:person.ethnicity"].required is False
    assert "child:person.ethnicity" not in plan.required(VALUES)
    sometimes = with_line(REGISTRATION, "ethnicity", required={"!!": [var("child:person.name")]})
    plan = compiled(registration=sometimes).plan_for(ONE)
    assert plan.fields["child:person.ethnicity"].required == "conditional"
    assert "child:person.ethnicity" in plan.required(VALUES)
    assert "child:person.ethnicity" not in plan.required({})


def test_what_nobody_places_or_names_has_no_section_and_its_own_code() -> None:
    plan = compiled(matter=replace(MATTER, departments=()), insurance=with_line(INSURANCE, "tel", section="")).plan_for(
        ONE
    )
    assert plan.fields["mother:person.phone"].section == ""
    assert (plan.item("insurance").department_name, plan.item("insurance").department_short_name) == (
        "insurance",
        "insurance",
    )
