"""A plan carries whatever its pages show: of items, consents, sections and askers; a problem leads to its fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.compiling import compile_matter
from catalog.definitions import OutputDefinition, RoleDefinition
from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import CompiledMatter
from catalog.merging.planned import PlannedConsent
from tests.catalog.merging.test_checking_a_form import TODAY
from tests.worlds.family import (
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


def test_each_item_is_told_with_its_department_ground_and_place_in_time() -> None:
    short = replace(
        INSURANCE, short_name="参保", item_type="20", code="36", handling="promised", statutory_limit_days=9
    )
    plan = compiled(insurance=short).plan_for(ONE)
    items = {item.key: item for item in plan.items}
    told = {key: (each.department_name, each.department_short_name, each.short_name) for key, each in items.items()}
    assert told == {
        "certificate": ("市卫生健康委员会", "卫健委", "出生医学证明首次签发"),
        "registration": ("市公安局", "公安", "出生登记"),
        "insurance": ("市医疗保障局", "市医疗保障局", "参保"),
    }
    assert [items[key].legal_basis for key in items] == ["《母婴保健法》", "《户口登记条例》", ""]
    assert [(each.starts_after_days, each.ends_after_days, each.slack_days) for each in plan.items] == [
        (0, 1, 0),
        (1, 4, 0),
        (4, 5, 0),
    ]
    insurance = items["insurance"]
    assert (insurance.item_type, insurance.code, insurance.statutory_limit_days, insurance.optional) == (
        "20",
        "36",
        9,
        True,
    )
    assert (insurance.role, insurance.instance, insurance.group) == ("child", 1, "")
    assert insurance.after == ("certificate", "registration")


def test_consents_are_each_items_own() -> None:
    plan = compiled().plan_for({**ONE, "items": []})
    assert plan.consents == (
        PlannedConsent("certificate.share", "certificate", "share", "health", "同意共享", True),
        PlannedConsent("registration.share", "registration", "share", "police", "同意共享", True),
        PlannedConsent("registration.post", "registration", "post", "police", "同意邮寄", False),
    )
    assert plan.consents_missing({"certificate.share"}) == [FieldProblem("registration.share", "consent_missing")]


def test_the_second_child_has_a_part_of_the_form_of_its_own() -> None:
    plan = compiled().plan_for(TWINS)
    told = [(each.key, each.title, each.help, each.instance) for each in plan.sections]
    assert told == [
        ("child", "新生儿信息", "按出生记录填写", 1),
        ("child#2", "新生儿信息", "按出生记录填写", 2),
        ("parents", "父母信息", "", 1),
        ("contact", "联系方式", "", 1),
    ]
    assert [field.key for section in plan.sections for field in section.fields] == list(plan.fields)
    assert {field.instance for field in plan.sections[1].fields} == {2}


def test_an_asker_is_told_with_its_own_demands_but_for_whose_document_it_is() -> None:
    number = with_line(CERTIFICATE, "MHM", constraints={"kind": "person.id_kind", "max_length": 18})
    plan = compiled(certificate=number).plan_for(ONE)
    (asker,) = plan.fields["mother:person.id_number"].asked_by
    assert (asker.item, asker.slug, asker.code, asker.label) == ("certificate", "certificate", "MHM", "证件号码")
    assert (asker.constraints, asker.section, asker.reuse) == (
        {"max_length": 18},
        "parents",
        "confirm",
    )


def test_a_matter_names_and_places_what_it_wants_and_nothing_else() -> None:
    named = replace(MATTER, labels={"child:person.name": "宝宝姓名"}, placement={"mother:person.phone": "parents"})
    plan = compiled(matter=named).plan_for(TWINS)
    assert [plan.fields[key].label for key in ("child:person.name", "child#2:person.name")] == ["宝宝姓名"] * 2
    assert (plan.fields["mother:person.phone"].section, plan.fields["mother:person.phone"].label) == (
        "parents",
        "联系电话",
    )
    assert plan.fields["mother:person.name"].label == "母亲姓名"


def test_only_whoever_applies_is_known_by_the_account() -> None:
    roles = (*MATTER.roles, RoleDefinition("agent", "申请人", is_applicant=True, same_as=var("answers.applicant")))
    plan = compiled(matter=replace(MATTER, roles=roles)).plan_for({**ONE, "applicant": "father"})
    assert [role.key for role in plan.roles if role.is_applicant] == ["father", "agent"]
    assert plan.fields["father:person.name"].known_from == "profile"
    assert plan.fields["mother:person.name"].known_from == ""


def test_answers_that_lead_elsewhere_are_told_once_each() -> None:
    plan = compiled().plan_for({**ONE, "marriage": "single"})
    assert [(stop.question, stop.option, stop.sentence) for stop in plan.stops] == [
        ("marriage", "single", "请到窗口办理")
    ]
    assert compiled().plan_for(ONE).stops == ()
    first, *others = MATTER.questions
    several = replace(MATTER, questions=(replace(first, multiple=True), *others))
    plan = compiled(matter=several).plan_for({**ONE, "marriage": ["married", "single"]})
    assert [stop.option for stop in plan.stops] == ["single"]


def test_a_problem_leads_to_every_field_that_its_rule_reads() -> None:
    plan = compiled().plan_for(TWINS)
    values = {**VALUES, "child#2:person.name": "王芳", "child:person.sex": None}
    problems = plan.clean(values, TODAY)[1]
    read = {(problem.field, problem.code): plan.fields_of(problem) for problem in problems}
    assert read["child#2:person.name", "cross_rule"] == {"child#2:person.name", "mother:person.name"}
    assert read["child:person.sex", "required"] == {"child:person.sex"}
    unplaced = replace(REGISTRATION.cross_rules[0], code="bare", fields=())
    other = replace(
        REGISTRATION.cross_rules[0], code="sexes", violated={"==": [var("child:person.sex"), "2"]}, fields=("sex",)
    )
    plan = compiled(registration=replace(REGISTRATION, cross_rules=(other, unplaced))).plan_for(ONE)
    (found,) = plan.clean({**VALUES, "mother:person.name": "李小宝"}, TODAY)[1]
    assert (found.field, found.params["rule"], found.params["fields"]) == ("", "bare", [])
    assert plan.fields_of(found) == {"child:person.name", "mother:person.name"}


@pytest.mark.parametrize(
    ("code", "demands", "value", "told"),
    [
        ("birth", ({"not_after": "2025-03-01"}, {"not_after": "2025-02-01"}), "2025-05-01", {"latest": "2025-02-01"}),
        (
            "birth",
            ({"not_before": "2025-07-01"}, {"not_before": "2025-08-01"}),
            "2025-05-01",
            {"earliest": "2025-08-01"},
        ),
    ],
)
def test_of_two_days_the_narrower_is_told(
    code: str, demands: tuple[Any, Any], value: str, told: dict[str, str]
) -> None:
    for first, second in (demands, demands[::-1]):
        own = with_line(CERTIFICATE, "CS", constraints=first)
        line = replace(CERTIFICATE.lines[2], code="CS", constraints=second)
        plan = compiled(
            certificate=own, registration=replace(REGISTRATION, lines=(*REGISTRATION.lines, line))
        ).plan_for(ONE)
        problems = plan.clean({**VALUES, "child:person.birth": f"{value}T08:00"}, TODAY)[1]
        assert [problem.params for problem in problems if problem.field == "child:person.birth"] == [told]


def test_a_telephone_is_told_as_a_mobile_only_where_one_is_asked_for() -> None:
    wrong = {**VALUES, "mother:person.phone": "1380000001"}
    (any_telephone,) = compiled().plan_for(ONE).clean(wrong, TODAY)[1]
    assert any_telephone.code == "unknown_phone"
    mobile = {**ELEMENTS, "person.phone": replace(ELEMENTS["person.phone"], constraints={"identifier": "mobile_phone"})}
    plan = CompiledMatter(compile_matter(MATTER, ITEMS, mobile, MATERIALS)).plan_for(ONE)
    (landline,) = plan.clean({**VALUES, "mother:person.phone": "079186860000"}, TODAY)[1]
    assert landline.code != "unknown_phone"
    for raw, code in ((5, "not_text"), ("1\x00", "bad_character")):
        (problem,) = plan.clean({**VALUES, "mother:person.phone": raw}, TODAY)[1]
        assert problem.code == code


def test_a_decision_is_read_on_the_day_it_is_made() -> None:
    output = OutputDefinition("on", "登记日期", "date", constraints={"not_future": True})
    plan = compiled(insurance=replace(INSURANCE, outputs=(output,))).plan_for(ONE)
    for day, codes in ((date(2025, 6, 1), ["in_future"]), (date(2025, 6, 2), [])):
        decided = plan.decide_outputs("insurance", {"on": "2025-06-02"}, {}, VALUES, day)
        assert [problem.code for problem in decided.problems] == codes
