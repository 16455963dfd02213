"""A newborn's plan, example by example."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.compiling import compile_matter
from catalog.definitions import (
    CrossRule,
    Exemption,
    GuideQuestion,
    LineDefinition,
    MaterialNeed,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
)
from catalog.definitions.codec import from_json, to_json
from catalog.fields.validation import Problem
from catalog.merging.compiled import CompiledMatter
from catalog.merging.plan_json import plan_as_json
from catalog.merging.planned import Reason, Stop
from tests.catalog.merging.family import (
    CERTIFICATE,
    ELEMENTS,
    INSURANCE,
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


def test_it_asks_only_questions_that_apply_and_offers_only_options_that_apply() -> None:
    matter = compiled()
    assert [q.key for q in matter.questions_for({})] == ["marriage", "applicant", "children", "items"]
    single = {q.key: [o.value for o in q.options] for q in matter.questions_for({"marriage": "single"})}
    assert single["applicant"] == ["mother"]
    (items,) = [q for q in matter.questions_for({}) if q.implied]
    assert [(o.value, o.label, o.note) for o in items.options] == [
        ("insurance", INSURANCE.name, "一年内参保，出生之日起享受待遇")
    ]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({}, []),
        ({"items": []}, []),
        ({"items": None}, []),
        ({"children": "2"}, []),
        ({"marriage": ""}, [("marriage", "missing_answer"), ("applicant", "not_an_option")]),
        ({"marriage": "divorced"}, [("marriage", "not_an_option"), ("applicant", "not_an_option")]),
        ({"marriage": ["married"]}, [("marriage", "not_one_answer"), ("applicant", "not_an_option")]),
        ({"marriage": "single"}, [("applicant", "not_an_option")]),
        ({"children": 0}, [("children", "out_of_range")]),
        ({"children": 4}, [("children", "out_of_range")]),
        ({"children": True}, [("children", "not_a_number")]),
        ({"children": "二"}, [("children", "not_a_number")]),
        ({"children": "²"}, [("children", "not_a_number")]),
        ({"children": "9" * 5000}, [("children", "not_a_number")]),
        ({"children": [1]}, [("children", "not_a_number")]),
        ({"items": "insurance"}, []),
        ({"items": ["insurance", "moon"]}, [("items", "not_an_option")]),
        ({"items": {"a": 1}}, [("items", "not_an_option")]),
        ({"items": [["insurance"]]}, [("items", "not_an_option")]),
        ({"weather": "sun"}, [("weather", "unknown_question")]),
    ],
)
def test_it_says_what_is_wrong_with_answers(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    answers = {**ONE, "applicant": "father", **change}
    matter = compiled()
    assert [(p.field, p.code) for p in matter.check_answers(answers)] == problems
    plan = matter.plan_for(answers)  # invalid answers count as not given
    assert matter.check_answers(plan.answers) == [] or problems
    for key, _ in problems:
        assert key not in plan.answers


def test_it_tells_the_range_of_a_number() -> None:
    (problem,) = compiled().check_answers({**ONE, "children": 9})
    assert problem == Problem("children", "out_of_range", {"minimum": 1, "maximum": 3})


def test_it_remembers_plans_by_their_valid_answers() -> None:
    matter = compiled()
    assert matter.plan_for(ONE) is matter.plan_for({**ONE, "children": "1", "weather": "sun"})
    assert matter.plan_for(ONE) is not matter.plan_for(TWINS)
    assert matter.plan_for(ONE).answers == ONE


def test_it_stops_where_an_answer_cannot_go_on_online() -> None:
    assert compiled().plan_for({**ONE, "marriage": "single"}).stops == (Stop("marriage", "single", "请到窗口办理"),)
    assert compiled().plan_for(ONE).stops == ()


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
        ("contact", "contact", 1),
    ]
    assert plan.sections[0].help == "按出生记录填写"
    assert len([key for key in plan.fields if key == "mother:person.name"]) == 1
    assert [role.count for role in plan.roles] == [2, 1, 1]


def test_it_describes_an_item_as_its_department_is_known() -> None:
    item = compiled().plan_for(ONE).item("registration")
    assert (item.department, item.department_name, item.department_short_name) == ("police", "市公安局", "公安")
    assert compiled().plan_for(ONE).item("insurance").department_short_name == "市医疗保障局"
    assert (item.promised_limit_days, item.statutory_limit_days, item.legal_basis) == (3, 10, "《户口登记条例》")
    assert item.reasons == ()
    assert compiled().plan_for(ONE).item("insurance").reasons == (
        Reason("items", "还可以一并办理下列事项，您需要哪些？", "城乡居民参保登记"),
    )
    with pytest.raises(KeyError):
        compiled().plan_for(ONE).item("moon")


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
    assert problems == [Problem("child:person.name", "cross_rule", params)]
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
        assert problem == Problem("child:person.name", "too_long", {"maximum": 4})
    for first, second in ((2, 5), (5, 2)):
        items = {
            "certificate": with_line(CERTIFICATE, "XM", constraints={"min_length": first}),
            "registration": with_line(REGISTRATION, "name", constraints={"min_length": second}),
        }
        (problem,) = compiled(**items).plan_for(ONE).clean({**VALUES, "child:person.name": "李"}, TODAY)[1]
        assert problem.params == {"minimum": 5}


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


def test_it_keeps_consents_by_item() -> None:
    plan = compiled().plan_for(ONE)
    assert [(c.key, c.department, c.required) for c in plan.consents] == [
        ("certificate.share", "health", True),
        ("registration.share", "police", True),
        ("registration.post", "police", False),
    ]
    assert plan.consents_missing({"certificate.share"}) == [Problem("registration.share", "consent_missing")]


def test_it_checks_what_a_department_decides() -> None:
    plan = compiled().plan_for(ONE)
    assert plan.clean_outputs("certificate", {"number": " A123456789 "}, TODAY) == ({"number": "A123456789"}, [])
    assert plan.clean_outputs("certificate", {}, TODAY) == ({}, [Problem("number", "required")])
    assert plan.clean_outputs("certificate", {"number": "1"}, TODAY) == (
        {"number": "1"},
        [Problem("number", "wrong_format")],
    )
    assert plan.clean_outputs("registration", {"id_number": "36012120251104991X"}, TODAY)[1][0].code == "future_date"
    assert plan.clean_outputs("registration", {"id_number": "36012120251104991X"}, date(2026, 1, 1))[1] == []
    assert plan.clean_outputs("registration", {"id_number": 5}, TODAY)[1] == [Problem("id_number", "not_text")]
    assert plan.clean_outputs("insurance", {"x": 1}, TODAY) == ({}, [])
    optional = replace(CERTIFICATE, outputs=(replace(CERTIFICATE.outputs[0], required=False),))
    assert compiled(certificate=optional).plan_for(ONE).clean_outputs("certificate", {}, TODAY) == ({}, [])


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


def test_it_chooses_one_of_a_group() -> None:
    ways = replace(
        MATTER,
        items=(
            replace(MATTER.items[0], group="way", condition={"==": [var("answers.applicant"), "mother"]}),
            replace(MATTER.items[1], group="way", after=()),
        ),
    )
    matter = compiled(matter=ways)
    assert [q.key for q in matter.questions_for(ONE)][-1] == "group.way"
    assert [p.code for p in matter.check_answers({**ONE, "items": None})] == ["missing_answer", "unknown_question"]
    assert matter.plan_for(ONE).items == ()
    chosen = matter.plan_for({**ONE, "group.way": "registration"})
    assert [item.key for item in chosen.items] == ["registration"]
    assert [reason.answer for reason in chosen.items[0].reasons] == ["出生登记"]
    father = {**ONE, "applicant": "father"}
    assert "group.way" not in [q.key for q in matter.questions_for(father)]
    assert [item.key for item in matter.plan_for(father).items] == ["registration"]
    mother = matter.plan_for({**ONE, "group.way": "certificate"})
    assert [(r.text, r.answer) for r in mother.items[0].reasons] == [
        ("谁来申请？", "母亲"),
        ("下列办理方式任选其一，您选哪一种？", "出生医学证明首次签发"),
    ]


def test_it_prints_everything_a_page_shows() -> None:
    shown = plan_as_json(compiled().plan_for(TWINS))
    assert {
        "items",
        "questions",
        "fields",
        "materials",
        "dependencies",
        "critical_path",
        "figures",
        "projections",
    } <= shown.keys()
    name = next(field for field in shown["fields"] if field["key"] == "child:person.name")
    assert (name["role"], name["element"], name["label"], name["required"], name["known_from"]) == (
        "child",
        "person.name",
        "新生儿姓名",
        True,
        "",
    )
    assert name["asked_by"] == ["certificate", "registration", "insurance"]
    assert shown["projections"]["insurance#2"] == {
        "xm": "child#2:person.name",
        "sfz": "child#2:person.id_number",
        "tel": "mother:person.phone",
    }
    mother = next(field for field in shown["fields"] if field["key"] == "mother:person.name")
    assert mother["asked_by"] == ["certificate", "registration"]
    assert len(mother["askers"]) == 4
    paper = next(paper for paper in shown["materials"] if paper["key"] == "child:birth_paper")
    assert paper["exemption"] == {"kind": "result", "reference": "certificate"}
    assert paper["asked_by"] == ["registration", "insurance"]
    assert shown["critical_path"] == ["certificate", "registration", "insurance"]
    assert shown["working_days"] == 5
    assert [q["answer"] for q in shown["questions"]] == ["married", "mother", 2, ["insurance"]]


def test_it_computes_its_figures_with_the_lists_that_explain_them() -> None:
    figures = compiled().plan_for(ONE).figures.to_json()
    assert (figures["forms"]["before"], figures["forms"]["after"]) == (3, 1)
    assert figures["forms"]["before_list"] == ["certificate", "registration", "insurance"]
    fields = figures["fields"]
    assert (fields["before"], fields["total"]) == (17, 13)
    assert fields["known_list"] == [
        "child:person.id_number",
        "mother:person.name",
        "mother:person.id_kind",
        "mother:person.id_number",
    ]
    assert (fields["asked"], fields["known"], fields["after"]) == (9, 4, 9)
    assert len(fields["before_list"]) == 17
    assert fields["before_list"][0] == ["certificate", "XM"]
    papers = figures["materials"]
    assert (papers["before"], papers["total"], papers["after"]) == (7, 5, 2)
    assert papers["exempt"] == {"generated": ["form"], "result": ["child:birth_paper"], "shared_data": ["register"]}
    assert papers["after_list"] == ["ethnic_statement", "child:photo"]
    assert (figures["steps"]["before"], figures["steps"]["after"]) == (4, 1)
    assert (figures["visits"]["before"], figures["visits"]["after"]) == (3, 1)
    assert (figures["days"]["before"], figures["days"]["after"]) == (5, 5)
    twins = compiled().plan_for(TWINS).figures
    assert (twins.days.before, twins.days.after, twins.days.saved) == (10, 5, 5)
    assert twins.days.after_list == (("certificate", 1), ("registration", 3), ("insurance", 1))
    nothing = compiled(matter=replace(MATTER, items=())).plan_for(ONE).figures.to_json()
    assert {name: (f["before"], f["after"]) for name, f in nothing.items()} == dict.fromkeys(nothing, (0, 0))


def test_it_translates_what_it_knows() -> None:
    matter = compiled()
    assert matter.translate("姓名", "en") == "Name"
    assert matter.translate("姓名", "en-gb") == "Name"
    assert matter.translate("姓名", "zh-hans") == "姓名"
    assert matter.translate("性别", "en") == "性别"
    assert matter.translate("下列办理方式任选其一，您选哪一种？", "en").startswith("Please choose")


def test_the_content_holds_what_its_items_use_in_a_fixed_order() -> None:
    content = compiled().content
    assert [section["key"] for section in content["sections"]] == ["child", "parents", "contact"]
    assert content["schema"] == 1
    assert list(content["elements"]) == sorted(content["elements"])
    assert set(content["materials"]) == {need.material for item in ITEMS.values() for need in item.materials}
    assert "claim.account" not in content["elements"]


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


def test_it_takes_a_result_only_where_a_department_says_so() -> None:
    """A certificate of the applicant's library is not what a sub-item is about to issue."""
    held = MaterialNeed("photo", role="child", exemptions=(Exemption("certificate", "birth_certificate"),))
    plan = compiled(insurance=replace(INSURANCE, materials=(held,))).plan_for(ONE)
    (paper,) = [paper for paper in plan.materials if paper.code == "photo"]
    assert paper.supplied_by == ()
    assert paper.exemption == Exemption("certificate", "birth_certificate")


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


def test_it_prints_every_part_under_its_name() -> None:
    shown = plan_as_json(compiled().plan_for(ONE))
    assert set(shown) == {
        "matter",
        "name",
        "answers",
        "questions",
        "stops",
        "roles",
        "items",
        "fields",
        "materials",
        "consents",
        "dependencies",
        "critical_path",
        "working_days",
        "unknown_limits",
        "figures",
        "projections",
    }
    field = next(each for each in shown["fields"] if each["key"] == "mother:person.id_kind")
    assert {key: value for key, value in field.items() if key != "askers"} == {
        "key": "mother:person.id_kind",
        "role": "mother",
        "instance": 1,
        "element": "person.id_kind",
        "label": "证件类型",
        "type": "id_kind",
        "section": "parents",
        "required": True,
        "conditional": False,
        "known_from": "profile",
        "supplied_by": None,
        "reuse": "reuse",
        "constraints": {},
        "options": [{"value": "111", "label": "居民身份证"}, {"value": "414", "label": "护照"}],
        "asked_by": ["certificate"],
    }
    paper = next(each for each in shown["materials"] if each["key"] == "register")
    assert {key: value for key, value in paper.items() if key != "askers"} == {
        "key": "register",
        "code": "register",
        "name": "居民户口簿",
        "role": "",
        "instance": 1,
        "necessity": "required",
        "form": "paper_and_electronic",
        "copies": 2,
        "conditional": False,
        "exemption": {"kind": "shared_data", "reference": "police"},
        "alternatives": [{"kind": "shared_data", "reference": "police"}],
        "fallback": "hand_in",
        "supplied_by": [],
        "asked_by": ["registration", "insurance"],
    }
    assert shown["matter"] == "family"
    assert shown["name"] == "新生儿出生"
    assert shown["items"][1]["after"] == ["certificate"]
    assert shown["dependencies"][0] == {
        "item": "registration",
        "after": "certificate",
        "kind": "result_feeds",
        "what": "凭出生医学证明落户",
        "cause": "declared",
    }


def test_it_reads_definitions_that_leave_parts_out() -> None:
    assert from_json(LineDefinition, {"code": "a", "role": "r", "element": "e", "later": 1}) == LineDefinition(
        "a", "r", "e"
    )
    for definition in (CERTIFICATE, REGISTRATION, INSURANCE, MATTER):
        assert from_json(type(definition), json.loads(json.dumps(to_json(definition)))) == definition


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


def test_a_department_decides_among_its_options() -> None:
    output = OutputDefinition("grade", "等级", "multiselect", (Option("a", "甲"), Option("b", "乙")), {"max_items": 1})
    plan = compiled(insurance=replace(INSURANCE, outputs=(output,))).plan_for(ONE)
    today = date(2025, 6, 1)
    assert plan.clean_outputs("insurance", {"grade": ["b"]}, today) == ({"grade": ["b"]}, [])
    assert plan.clean_outputs("insurance", {"grade": ["c"]}, today) == ({}, [Problem("grade", "not_an_option")])
    assert plan.clean_outputs("insurance", {}, today) == ({}, [Problem("grade", "required")])
    cleaned, problems = plan.clean_outputs("insurance", {"grade": ["a", "b"]}, today)
    assert cleaned == {"grade": ["a", "b"]}
    assert problems == [Problem("grade", "too_many_chosen", {"maximum": 1})]


def test_what_a_decision_will_supply_reads_as_nothing_even_if_somebody_types_it() -> None:
    waiting = with_line(INSURANCE, "tel", condition={"!!": [var("child:person.id_number")]})
    plan = compiled(insurance=waiting).plan_for(ONE)
    typed = {**VALUES, "child:person.id_number": "360102202505010018"}
    assert "mother:person.phone" not in plan.visible(typed)
    cleaned, _ = plan.clean(typed, TODAY)
    assert not {"child:person.id_number", "mother:person.phone"} & cleaned.keys()
    assert "tel" not in plan.project(typed, "insurance")


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


def test_a_role_that_may_repeat_is_one_person_until_somebody_counts() -> None:
    roles = tuple(replace(role, count=None, maximum=3) if role.key == "child" else role for role in MATTER.roles)
    plan = compiled(matter=replace(MATTER, roles=roles)).plan_for(TWINS)
    assert [item.key for item in plan.items] == ["certificate", "registration", "insurance"]


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


def test_what_nobody_places_or_names_has_no_section_and_its_own_code() -> None:
    plan = compiled(matter=replace(MATTER, departments=()), insurance=with_line(INSURANCE, "tel", section="")).plan_for(
        ONE
    )
    assert plan.fields["mother:person.phone"].section == ""
    assert (plan.item("insurance").department_name, plan.item("insurance").department_short_name) == (
        "insurance",
        "insurance",
    )


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
