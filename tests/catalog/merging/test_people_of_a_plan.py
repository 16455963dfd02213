"""A newborn's plan, example by example: whom it is about, in which role, and each of several."""

from __future__ import annotations

from dataclasses import replace

from catalog.definitions import (
    CrossRule,
    LineDefinition,
    MaterialNeed,
    MatterItemDefinition,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
)
from tests.catalog.merging.test_checking_a_form import TODAY
from tests.worlds.family import (
    INSURANCE,
    MATTER,
    ONE,
    REGISTRATION,
    TWINS,
    VALUES,
    compiled,
    var,
    with_line,
)


def test_it_handles_each_child_by_itself() -> None:
    plan = compiled().plan_for(TWINS)
    assert [(item.key, item.slug, item.role, item.instance, item.after) for item in plan.items] == [
        ("certificate", "certificate", "child", 1, ()),
        ("certificate#2", "certificate", "child", 2, ()),
        ("registration", "registration", "child", 1, ("certificate",)),
        ("registration#2", "registration", "child", 2, ("certificate#2",)),
        ("insurance", "insurance", "child", 1, ("certificate", "registration")),
        ("insurance#2", "insurance", "child", 2, ("certificate#2", "registration#2")),
    ]
    assert plan.fields["child#2:person.id_number"].known_from == "result:registration#2.id_number"
    assert [(section.key, section.title, section.instance) for section in plan.sections] == [
        ("child", "新生儿信息", 1),
        ("child#2", "新生儿信息", 2),
        ("parents", "父母信息", 1),
        ("contact", "联系方式", 1),
    ]
    assert plan.sections[0].help == "按出生记录填写"
    assert len([key for key in plan.fields if key == "mother:person.name"]) == 1
    assert [role.count for role in plan.roles] == [2, 1, 1]


def test_it_knows_the_applicant_but_nobody_else() -> None:
    matter = compiled()
    profile = {
        "person.name": "王芳",
        "person.phone": "138 0013 8000",
        "person.id_number": "360102199003079991",
        "person.id_kind": "111",
    }
    by_mother = matter.plan_for(ONE)
    assert by_mother.known(profile) == {
        "mother:person.name": "王芳",
        "mother:person.id_kind": "111",
        "mother:person.id_number": "360102199003079991",
    }  # the phone is always asked, a signature never known
    assert by_mother.fields["mother:person.name"].known_from == "profile"
    assert by_mother.fields["father:person.name"].known_from == ""
    assert by_mother.fields["mother:person.id_number"].known_from == "shared:police"
    by_father = matter.plan_for({**ONE, "applicant": "father"})
    assert by_father.known(profile) == {"father:person.name": "王芳"}
    assert by_father.known({}, {"mother:person.name": "王芳"}) == {"mother:person.name": "王芳"}
    assert by_father.known({"person.name": "李雷"}, {"father:person.name": "3"}) == {"father:person.name": "李雷"}
    twins = matter.plan_for(TWINS)
    assert twins.known({}, {"child:person.id_number": "x", "child#2:person.name": "李二宝"}) == {
        "child#2:person.name": "李二宝"
    }


def test_it_lets_an_item_deal_with_all_children_at_once() -> None:
    once = replace(MATTER, items=(*MATTER.items[:2], MatterItemDefinition("insurance")))
    plan = compiled(matter=once).plan_for(TWINS)
    values = {**VALUES, "child#2:person.name": "李二宝"}
    assert plan.project(values, "insurance", {"registration#2": {"id_number": "N2"}}) == {
        "xm": "李小宝",
        "xm#2": "李二宝",
        "sfz#2": "N2",
        "tel": "13800138000",
    }
    assert plan.item("insurance").after == ("certificate", "certificate#2", "registration", "registration#2")


def test_it_renames_an_items_roles_to_the_matters() -> None:
    general = replace(
        INSURANCE,
        lines=(
            replace(INSURANCE.lines[0], role="insured"),
            replace(
                INSURANCE.lines[1],
                role="insured",
                condition={"!!": [var("insured:person.name")]},
                required={"!!": [var("insured:person.name")]},
            ),
        ),
        materials=(MaterialNeed("photo", role="insured", condition={"!!": [var("insured:person.name")]}),),
    )
    used = replace(
        MATTER, items=(*MATTER.items[:2], MatterItemDefinition("insurance", per="child", roles={"insured": "child"}))
    )
    plan = compiled(matter=used, insurance=general).plan_for(TWINS)
    assert plan.project(VALUES, "insurance", {"registration": {"id_number": "N"}}) == {"xm": "李小宝", "sfz": "N"}
    assert [p.key for p in plan.materials_for(VALUES) if p.code == "photo"] == ["child:photo"]


def test_it_renames_roles_wherever_an_item_speaks_of_them() -> None:
    general = replace(
        REGISTRATION,
        lines=tuple(replace(each, role={"child": "newborn"}.get(each.role, each.role)) for each in REGISTRATION.lines),
        materials=(MaterialNeed("photo", role="newborn"), MaterialNeed("register")),
        outputs=(replace(REGISTRATION.outputs[0], feeds="newborn:person.id_number"), OutputDefinition("page", "页")),
        results=(
            ResultDefinition(
                "household_register",
                {
                    "name": "field:newborn:person.name",
                    "mother": "field:mother:person.name",
                    "page": "output:page",
                    "by": "const:x:y",
                },
                holder="newborn",
            ),
        ),
        cross_rules=(
            CrossRule(
                "same",
                {"==": [var("newborn:person.name"), var("mother:person.name")]},
                "x",
                ("newborn:person.name", "mother"),
            ),
        ),
    )
    used = replace(
        MATTER, items=(MATTER.items[0], replace(MATTER.items[1], roles={"newborn": "child"}), MATTER.items[2])
    )
    plan = compiled(matter=used, registration=general).plan_for(TWINS)
    (result,) = plan.item("registration").results
    assert result.holder == "child"
    assert result.face == {
        "name": "field:child:person.name",
        "mother": "field:mother:person.name",
        "page": "output:page",
        "by": "const:x:y",
    }
    assert plan.fields["child#2:person.id_number"].supplied_by is not None
    assert "child#2:photo" in [paper.key for paper in plan.materials]
    _, problems = plan.clean({**VALUES, "child#2:person.name": "王芳"}, TODAY)
    (cross,) = [problem for problem in problems if problem.code == "cross_rule"]
    assert (cross.field, cross.params["fields"]) == (
        "child#2:person.name",
        ["child#2:person.name", "mother:person.name"],
    )


AGENT = RoleDefinition("agent", "申请人", is_applicant=True, same_as=var("answers.applicant"))
WITH_AGENT = replace(MATTER, roles=(*MATTER.roles, AGENT))
BY_AGENT = replace(
    INSURANCE,
    lines=(
        *INSURANCE.lines,
        LineDefinition("sqr", "agent", "person.name", "申请人姓名", section="parents"),
        LineDefinition("dh", "agent", "person.phone", "申请人电话", condition={"!!": [var("agent:person.name")]}),
    ),
)


def test_it_asks_a_person_once_who_plays_two_roles() -> None:
    matter = compiled(matter=WITH_AGENT, insurance=BY_AGENT)
    by_mother = matter.plan_for(ONE)
    assert not [key for key in by_mother.fields if key.startswith("agent")]
    assert [a.code for a in by_mother.fields["mother:person.name"].asked_by] == ["MXM", "mother", "sqr"]
    assert [a.code for a in by_mother.fields["mother:person.phone"].asked_by] == ["tel", "dh"]
    assert by_mother.project(VALUES, "insurance") == {
        "xm": "李小宝",
        "tel": "13800138000",
        "sqr": "王芳",
        "dh": "13800138000",
    }
    by_father = matter.plan_for({**ONE, "applicant": "father"})
    assert by_father.project(VALUES, "insurance")["sqr"] == "李雷"
    assert "father:person.phone" in by_father.visible(VALUES)
    unanswered = matter.plan_for({**ONE, "applicant": ""})
    assert "agent:person.name" in unanswered.fields


def test_it_knows_who_applies_whatever_role_they_play_besides() -> None:
    roles = tuple(replace(role, is_applicant=False) for role in MATTER.roles)
    matter = compiled(matter=replace(MATTER, roles=(*roles, AGENT)), insurance=BY_AGENT)
    assert [role.key for role in matter.plan_for(ONE).roles if role.is_applicant] == ["mother", "agent"]
    assert matter.plan_for(ONE).known({"person.name": "王芳"}) == {"mother:person.name": "王芳"}
    chain = (
        *roles,
        AGENT,
        RoleDefinition("clerk", "代办人", same_as="agent"),
        RoleDefinition("loop", "环", same_as="loop"),
    )
    plan = compiled(matter=replace(MATTER, roles=chain)).plan_for(ONE)
    assert plan.same_persons == {"agent": "mother", "clerk": "mother"}


def test_a_role_that_may_repeat_is_one_person_until_somebody_counts() -> None:
    roles = tuple(replace(role, count=None, maximum=3) if role.key == "child" else role for role in MATTER.roles)
    plan = compiled(matter=replace(MATTER, roles=roles)).plan_for(TWINS)
    assert [item.key for item in plan.items] == ["certificate", "registration", "insurance"]


def test_each_person_of_a_form_for_all_of_them_has_conditions_of_their_own() -> None:
    uses = tuple(replace(use, per="") if use.item == "insurance" else use for use in MATTER.items)
    named = {"==": [var("child:person.name"), "李小宝"]}
    asking = with_line(INSURANCE, "sfz", element="person.sex", condition=named)
    plan = compiled(matter=replace(MATTER, items=uses), insurance=asking).plan_for(TWINS)
    shown, _record = plan.programs["insurance"].run(
        {"child:person.name": "李大宝", "child#2:person.name": "李小宝"}, plan.known_answers
    )
    assert [step.placed.key for step in shown] == [
        "child:person.name",
        "child#2:person.name",
        "mother:person.phone",
        "child#2:person.sex",
    ]
