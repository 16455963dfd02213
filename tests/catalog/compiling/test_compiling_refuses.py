"""What contradicts itself is refused at compiling, with every source named (law 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.compiling import CompileRefused, compile_matter
from catalog.definitions import (
    ConsentDefinition,
    DepartmentDefinition,
    Dependency,
    ElementDefinition,
    Exemption,
    GuideOption,
    GuideQuestion,
    LineDefinition,
    MaterialNeed,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.fields.constraints import contradiction
from catalog.linting.coverage import cover
from catalog.merging.compiled import CompiledMatter
from tests.catalog.compiling.changed_family import findings, line, need, output, question, the_one, use
from tests.catalog.merging.examples import examples
from tests.catalog.merging.random_catalogs import ELEMENTS as RANDOM_ELEMENTS
from tests.catalog.merging.random_catalogs import MATERIALS as RANDOM_MATERIALS
from tests.catalog.merging.random_catalogs import Catalog, wild_catalogs
from tests.worlds.family import (
    CERTIFICATE,
    ELEMENTS,
    INSURANCE,
    MATTER,
    REGISTRATION,
    var,
)

SAME = LineDefinition("xm", "child", "person.sex")
BAD_RULE = {"nonsense": [1]}


@pytest.mark.parametrize(
    ("arguments", "code", "sources", "params"),
    [
        # codes
        ({"matter": replace(MATTER, items=(*MATTER.items, MATTER.items[2]))}, "duplicate_code", [("", "insurance")] * 2, {"kind": "item", "code": "insurance"}),
        ({"matter": replace(MATTER, roles=(*MATTER.roles, MATTER.roles[2]))}, "duplicate_code", [("", "father")] * 2, {"kind": "role", "code": "father"}),
        ({"matter": replace(MATTER, questions=(*MATTER.questions, MATTER.questions[2]))}, "duplicate_code", [("", "children")] * 2, {"kind": "question", "code": "children"}),
        ({"matter": replace(MATTER, sections=(*MATTER.sections, SectionDefinition("child", "x")))}, "duplicate_code", [("", "child")] * 2, {"kind": "section", "code": "child"}),
        ({"matter": replace(MATTER, departments=(*MATTER.departments, DepartmentDefinition("police", "x")))}, "duplicate_code", [("", "police")] * 2, {"kind": "department", "code": "police"}),
        ({"matter": question(0, options=(GuideOption("married", "a"), GuideOption("married", "b")))}, "duplicate_code", [("question:marriage", "married")] * 2, {"kind": "option", "code": "married"}),
        ({"insurance": replace(INSURANCE, lines=(*INSURANCE.lines, SAME))}, "duplicate_code", [("insurance", "xm")] * 2, {"kind": "line", "code": "xm"}),
        ({"insurance": replace(INSURANCE, outputs=(OutputDefinition("a", "a"),) * 2)}, "duplicate_code", [("insurance", "a")] * 2, {"kind": "output", "code": "a"}),
        ({"insurance": replace(INSURANCE, consents=(ConsentDefinition("a", "a"),) * 2)}, "duplicate_code", [("insurance", "a")] * 2, {"kind": "consent", "code": "a"}),
        ({"registration": replace(REGISTRATION, cross_rules=REGISTRATION.cross_rules * 2)}, "duplicate_code", [("registration", "same_name")] * 2, {"kind": "cross_rule", "code": "same_name"}),
        ({"insurance": replace(INSURANCE, materials=(MaterialNeed("photo"),) * 2)}, "duplicate_code", [("insurance", ":photo")] * 2, {"kind": "material", "code": ":photo"}),
        ({"insurance": replace(INSURANCE, results=(ResultDefinition("a"),) * 2)}, "duplicate_code", [("insurance", "a")] * 2, {"kind": "result", "code": "a"}),
        ({"elements": {**ELEMENTS, "person.sex": replace(ELEMENTS["person.sex"], options=(Option("1", "男"),) * 2)}}, "duplicate_code", [("", "1")] * 2, {"kind": "option", "code": "1"}),
        ({"insurance": line(INSURANCE, "xm", code="x#m")}, "bad_key", [("insurance", "x#m")], {"kind": "line", "key": "x#m"}),
        ({"insurance": line(INSURANCE, "xm", code="")}, "bad_key", [("insurance", "")], {"kind": "line", "key": ""}),
        ({"matter": replace(MATTER, roles=(*MATTER.roles, RoleDefinition("a:b", "x")))}, "bad_key", [("", "a:b")], {"kind": "role", "key": "a:b"}),
        ({"matter": replace(MATTER, questions=(*MATTER.questions, GuideQuestion("items", "x", maximum=1)))}, "bad_key", [("", "items")], {"kind": "question", "key": "items"}),
        ({"matter": replace(MATTER, questions=(*MATTER.questions, GuideQuestion("group.x", "x", maximum=1)))}, "bad_key", [("", "group.x")], {"kind": "question", "key": "group.x"}),
        # references to nowhere
        ({"matter": replace(MATTER, items=(*MATTER.items, MatterItemDefinition("moon")))}, "unknown_reference", [("moon", "item")], {"kind": "item", "name": "moon"}),
        ({"matter": replace(MATTER, lead_department="moon")}, "unknown_reference", [("", "lead_department")], {"kind": "department", "name": "moon"}),
        ({"insurance": replace(INSURANCE, department="moon")}, "unknown_reference", [("insurance", "department")], {"kind": "department", "name": "moon"}),
        ({"insurance": line(INSURANCE, "tel", role="moon")}, "unknown_reference", [("insurance", "tel")], {"kind": "role", "name": "moon"}),
        ({"insurance": line(INSURANCE, "tel", element="moon")}, "unknown_reference", [("insurance", "tel")], {"kind": "element", "name": "moon"}),
        ({"insurance": line(INSURANCE, "tel", condition={"!!": [var("mother:person.name")]})}, "unknown_reference", [("insurance", "tel")], {"kind": "variable", "name": "mother:person.name"}),
        ({"insurance": line(INSURANCE, "tel", required={"!!": [var("answers.moon")]})}, "unknown_reference", [("insurance", "tel")], {"kind": "variable", "name": "answers.moon"}),
        ({"insurance": line(INSURANCE, "tel", condition={"!!": [var("today")]})}, "unknown_reference", [("insurance", "tel")], {"kind": "variable", "name": "today"}),
        ({"insurance": need(material="moon")}, "unknown_reference", [("insurance", "material:moon")], {"kind": "material", "name": "moon"}),
        ({"insurance": need(role="moon")}, "unknown_reference", [("insurance", "material:photo")], {"kind": "role", "name": "moon"}),
        ({"insurance": need(condition={"!!": [var("x:y")]})}, "unknown_reference", [("insurance", "material:photo")], {"kind": "variable", "name": "x:y"}),
        ({"matter": use(2, per="moon")}, "unknown_reference", [("insurance", "per")], {"kind": "role", "name": "moon"}),
        ({"matter": use(2, roles={"x": "moon"})}, "unknown_reference", [("insurance", "roles")], {"kind": "role", "name": "moon"}),
        ({"matter": use(2, after=(Dependency("moon"),))}, "unknown_reference", [("insurance", "after")], {"kind": "item", "name": "moon"}),
        ({"matter": use(2, condition={"!!": [var("child:person.name")]})}, "unknown_reference", [("insurance", "condition")], {"kind": "variable", "name": "child:person.name"}),
        ({"matter": replace(MATTER, roles=(*MATTER.roles, RoleDefinition("x", "x", count=var("answers.moon"))))}, "unknown_reference", [("", "role:x")], {"kind": "variable", "name": "answers.moon"}),
        ({"matter": replace(MATTER, roles=(*MATTER.roles, RoleDefinition("x", "x", is_applicant=var("answers.moon"))))}, "unknown_reference", [("", "role:x")], {"kind": "variable", "name": "answers.moon"}),
        ({"matter": question(2, condition={"!!": [var("answers.moon")]})}, "unknown_reference", [("", "question:children")], {"kind": "variable", "name": "answers.moon"}),
        ({"registration": output(feeds="child:moon")}, "unknown_reference", [("registration", "output:id_number")], {"kind": "element", "name": "child:moon"}),
        ({"registration": output(feeds="moon:person.id_number")}, "unknown_reference", [("registration", "output:id_number")], {"kind": "role", "name": "moon:person.id_number"}),
        ({"certificate": replace(CERTIFICATE, results=(ResultDefinition("c", {"x": "field:moon:y"}),))}, "unknown_reference", [("certificate", "result:c/x")], {"kind": "face", "name": "field:moon:y"}),
        ({"certificate": replace(CERTIFICATE, results=(ResultDefinition("c", {"x": "output:moon"}),))}, "unknown_reference", [("certificate", "result:c/x")], {"kind": "face", "name": "output:moon"}),
        ({"certificate": replace(CERTIFICATE, results=(ResultDefinition("c", {"x": "moon"}),))}, "unknown_reference", [("certificate", "result:c/x")], {"kind": "face", "name": "moon"}),
        ({"registration": replace(REGISTRATION, cross_rules=(replace(REGISTRATION.cross_rules[0], fields=("moon",)),))}, "unknown_reference", [("registration", "cross_rule:same_name")], {"kind": "field", "name": "moon"}),
        ({"registration": replace(REGISTRATION, cross_rules=(replace(REGISTRATION.cross_rules[0], violated={"!!": [var("moon:x")]}),))}, "unknown_reference", [("registration", "cross_rule:same_name")], {"kind": "variable", "name": "moon:x"}),
        # words and demands
        ({"insurance": line(INSURANCE, "tel", reuse="never")}, "bad_value", [("insurance", "tel")], {"kind": "reuse", "value": "never"}),
        ({"insurance": replace(INSURANCE, limit_unit="moons")}, "bad_value", [("insurance", "limit_unit")], {"kind": "limit_unit", "value": "moons"}),
        ({"insurance": need(necessity="maybe")}, "bad_value", [("insurance", "material:photo")], {"kind": "necessity", "value": "maybe"}),
        ({"insurance": need(form="stone")}, "bad_value", [("insurance", "material:photo")], {"kind": "form", "value": "stone"}),
        ({"insurance": need(exemptions=(Exemption("luck"),))}, "bad_value", [("insurance", "material:photo")], {"kind": "exemption", "value": "luck"}),
        ({"matter": use(2, after=(Dependency("certificate", "whenever"),))}, "bad_value", [("insurance", "after")], {"kind": "dependency", "value": "whenever"}),
        ({"matter": replace(MATTER, roles=(*MATTER.roles, RoleDefinition("x", "x", maximum=0)))}, "bad_value", [("", "role:x")], {"kind": "maximum", "value": 0}),
        ({"elements": {**ELEMENTS, "person.phone": replace(ELEMENTS["person.phone"], type="telegraph")}}, "bad_value", [("", "person.phone")], {"kind": "type", "value": "telegraph"}),
        ({"certificate": replace(CERTIFICATE, outputs=(replace(CERTIFICATE.outputs[0], type="telegraph", constraints={}),))}, "bad_value", [("certificate", "output:number")], {"kind": "type", "value": "telegraph"}),
        ({"elements": {**ELEMENTS, "person.sex": replace(ELEMENTS["person.sex"], options=())}}, "options_missing", [("", "person.sex")], {}),
        ({"certificate": replace(CERTIFICATE, outputs=(replace(CERTIFICATE.outputs[0], type="select", constraints={}),))}, "options_missing", [("certificate", "output:number")], {}),
        ({"matter": question(2, maximum=None)}, "options_missing", [("", "question:children")], {}),
        ({"matter": question(2, minimum=4)}, "options_missing", [("", "question:children")], {}),
        ({"matter": question(2, multiple=True)}, "options_missing", [("", "question:children")], {}),
        ({"insurance": line(INSURANCE, "tel", constraints={"min": 3})}, "bad_constraint", [("insurance", "tel")], {"problem": "constraint_on_wrong_type", "constraint": "min"}),
        ({"elements": {**ELEMENTS, "person.phone": replace(ELEMENTS["person.phone"], constraints={"x": 1})}}, "bad_constraint", [("", "person.phone")], {"problem": "unknown_constraint", "constraint": "x"}),
        ({"certificate": replace(CERTIFICATE, outputs=(replace(CERTIFICATE.outputs[0], constraints={"x": 1}),))}, "bad_constraint", [("certificate", "output:number")], {"problem": "unknown_constraint", "constraint": "x"}),
        # rules
        ({"insurance": line(INSURANCE, "tel", condition=BAD_RULE)}, "bad_rule", [("insurance", "tel")], {"problem": "unknown_operator", "path": "", "operator": "nonsense"}),
        ({"insurance": line(INSURANCE, "tel", required={"!": [BAD_RULE]})}, "bad_rule", [("insurance", "tel")], {"problem": "unknown_operator", "path": "!/0", "operator": "nonsense"}),
        ({"matter": use(2, condition={})}, "bad_rule", [("insurance", "condition")], {"problem": "not_one_operator", "path": ""}),
        ({"matter": question(1, condition={})}, "bad_rule", [("", "question:applicant")], {"problem": "not_one_operator", "path": ""}),
        ({"matter": question(0, options=(GuideOption("married", "x", condition={}),))}, "bad_rule", [("", "question:marriage/married")], {"problem": "not_one_operator", "path": ""}),
        ({"matter": question(0, condition={"!!": [var("answers.children")]})}, "question_order", [("", "question:marriage")], {"variable": "answers.children"}),
        ({"matter": question(0, condition={"!!": [var("answers.marriage")]})}, "question_order", [("", "question:marriage")], {"variable": "answers.marriage"}),
        # types
        ({"insurance": line(INSURANCE, "tel", type="text")}, "incompatible_type", [("insurance", "tel"), ("", "person.phone")], {"type": "text", "expected": "phone", "field": "mother:person.phone"}),
        ({"registration": output(type="text")}, "incompatible_type", [("registration", "output:id_number"), ("", "person.id_number")], {"type": "text", "expected": "id_number", "field": "child:person.id_number"}),
        # feeds
        ({"registration": replace(REGISTRATION, lines=(*REGISTRATION.lines, replace(INSURANCE.lines[1], code="own")))}, "decides_own_field", [("registration", "output:id_number"), ("registration", "own")], {"field": "child:person.id_number"}),
        ({"matter": use(1, per=""), "registration": replace(REGISTRATION, materials=(), results=(), cross_rules=())}, "decides_for_one", [("registration", "output:id_number")], {"field": "child:person.id_number"}),
        ({"certificate": replace(CERTIFICATE, outputs=(replace(REGISTRATION.outputs[0], code="n"),), results=())}, "two_deciders", [("certificate", "output:n"), ("registration", "output:id_number")], {"field": "child:person.id_number"}),
        ({"registration": replace(REGISTRATION, materials=(MaterialNeed("register", exemptions=(Exemption("result", "household_register"),)),))}, "result_of_itself", [("registration", "material:register")], {"reference": "household_register"}),
        ({"insurance": line(INSURANCE, "tel", condition={"!!": [var("child:person.id_number")]})}, "decided_in_condition", [("insurance", "tel"), ("registration", "child:person.id_number")], {"field": "child:person.id_number"}),
        ({"insurance": line(INSURANCE, "tel", required={"!!": [var("child:person.id_number")]})}, "decided_in_condition", [("insurance", "tel"), ("registration", "child:person.id_number")], {"field": "child:person.id_number"}),
        # contradictions
        ({"insurance": line(INSURANCE, "xm", constraints={"max_length": 2}), "registration": line(REGISTRATION, "name", constraints={"min_length": 3})}, "contradiction", [("registration", "name"), ("insurance", "xm")], {"constraint": "min_length", "field": "child:person.name"}),
        ({"certificate": line(CERTIFICATE, "XB", constraints={"options": ["1"]}), "registration": line(REGISTRATION, "sex", constraints={"options": ["2"]})}, "contradiction", [("certificate", "XB"), ("registration", "sex")], {"constraint": "options", "field": "child:person.sex"}),
        ({"registration": line(REGISTRATION, "sex", constraints={"options": []})}, "contradiction", [("registration", "sex"), ("", "person.sex")], {"constraint": "options", "field": "child:person.sex"}),
        ({"insurance": line(INSURANCE, "xm", constraints={"max_length": 2}), "elements": {**ELEMENTS, "person.name": replace(ELEMENTS["person.name"], constraints={"min_length": 3})}}, "contradiction", [("insurance", "xm"), ("", "person.name")], {"constraint": "min_length", "field": "child:person.name"}),
        # cycles
        ({"matter": use(0, after=(Dependency("insurance"),))}, "dependency_cycle", [("certificate", "after"), ("registration", "after"), ("insurance", "after")], {"items": ["certificate", "registration", "insurance"]}),
        ({"matter": use(0, after=(Dependency("certificate"),))}, "dependency_cycle", [("certificate", "after")], {"items": ["certificate"]}),
        ({"insurance": line(INSURANCE, "tel", condition={"!!": [var("mother:person.phone")]})}, "condition_cycle", [("insurance", "tel")], {"fields": ["mother:person.phone"]}),
        ({"certificate": line(line(CERTIFICATE, "XM", condition={"!!": [var("child:person.sex")]}), "XB", condition={"!!": [var("child:person.name")]})}, "condition_cycle", [("certificate", "XM"), ("certificate", "XB")], {"fields": ["child:person.name", "child:person.sex"]}),
    ],
)  # fmt: skip
def test_it_names_what_is_wrong_and_where(arguments: Any, code: str, sources: Any, params: dict[str, Any]) -> None:
    assert the_one(**arguments) == (code, sources, params)


def test_it_reports_every_mistake_at_once() -> None:
    wrong = replace(INSURANCE, department="moon", lines=(replace(INSURANCE.lines[0], role="moon", element="sun"),))
    assert [f.code for f in findings(insurance=wrong)] == ["unknown_reference"] * 3
    assert (
        str(findings(insurance=wrong)[0])
        == "error unknown_reference: insurance/department kind='department' name='moon'"
    )


def check_refusal(refusal: CompileRefused) -> None:
    assert refusal.findings
    for finding in refusal.findings:
        assert finding.sources
        assert finding.code in {
            "contradiction",
            "condition_cycle",
            "dependency_cycle",
            "decides_for_one",
            "bad_constraint",
        }
        if finding.code == "contradiction":
            assert len(finding.sources) >= 2


@examples(250)
@given(wild_catalogs(), st.data())
def test_it_refuses_exactly_what_could_contradict_itself(catalog: Catalog, data: st.DataObject) -> None:
    """Law 4 on wild catalogs: either every error names its sources, or no plan holds demands that exclude each other, and nothing waits for itself."""
    try:
        plan = compile_matter(catalog.matter, catalog.items, RANDOM_ELEMENTS, RANDOM_MATERIALS)
    except CompileRefused as refusal:
        check_refusal(refusal)
        return
    matter = CompiledMatter(plan)
    answers = data.draw(st.sampled_from(cover(matter.questions, limit=300).answers))
    chosen = matter.plan_for(answers)
    for field in chosen.fields.values():
        always = [asker.constraints for asker in field.asked_by if asker.condition is None]
        for one in always:
            for other in always:
                assert contradiction(field.type, one, other) == ""

    def behind(key: str, seen: frozenset[str]) -> None:
        assert key not in seen
        for before in chosen.item(key).after:
            behind(before, seen | {key})

    for item in chosen.items:
        behind(item.key, frozenset())


def test_it_accepts_only_elements_whose_code_is_a_key() -> None:
    named = {**ELEMENTS, "person:phone": ElementDefinition("person:phone", "x")}
    assert the_one(elements=named, insurance=line(INSURANCE, "tel", element="person:phone"))[0] == "bad_key"


def test_it_refuses_contradictions_between_two_roles_that_one_person_may_play() -> None:
    agent = RoleDefinition("agent", "申请人", same_as=var("answers.applicant"))
    matter = replace(MATTER, roles=(*MATTER.roles, agent))
    long = line(REGISTRATION, "mother", constraints={"min_length": 3})
    asking = LineDefinition("sqr", "agent", "person.name", constraints={"max_length": 2})
    short = replace(INSURANCE, lines=(*INSURANCE.lines, asking))
    assert the_one(matter, registration=long, insurance=short) == (
        "contradiction",
        [("registration", "mother"), ("insurance", "sqr")],
        {"constraint": "min_length", "field": "mother:person.name"},
    )
    grouped = replace(matter, items=(*MATTER.items[:2], replace(MATTER.items[2], group="way", optional=False)))
    both = replace(
        short, lines=(*short.lines, LineDefinition("mq", "mother", "person.name", constraints={"min_length": 3}))
    )
    assert [f.code for f in findings(grouped, insurance=both)] == ["contradiction"]
    always = replace(matter, roles=(*MATTER.roles, replace(agent, same_as="father")))
    assert findings(always, registration=long, insurance=short) == []
    loop = replace(
        INSURANCE,
        lines=(
            *INSURANCE.lines,
            LineDefinition("dh", "agent", "person.phone", condition={"!!": [var("mother:person.phone")]}),
        ),
    )
    assert the_one(matter, insurance=loop)[0] == "condition_cycle"


@pytest.mark.parametrize(
    ("role", "code", "params"),
    [
        (RoleDefinition("x", "x", same_as="moon"), "unknown_reference", {"kind": "role", "name": "moon"}),
        (RoleDefinition("x", "x", same_as="child"), "unknown_reference", {"kind": "role", "name": "child"}),
        (RoleDefinition("x", "x", same_as="mother", maximum=2), "bad_value", {"kind": "same_as", "value": "x"}),
        (
            RoleDefinition("x", "x", same_as=var("answers.moon")),
            "unknown_reference",
            {"kind": "variable", "name": "answers.moon"},
        ),
    ],
)
def test_it_wants_one_existing_person_for_two_roles(role: RoleDefinition, code: str, params: dict[str, Any]) -> None:
    assert the_one(replace(MATTER, roles=(*MATTER.roles, role))) == (code, [("", "role:x")], params)


def test_it_names_every_ring_of_items_that_wait_for_each_other() -> None:
    two = replace(
        MATTER,
        items=(
            replace(MATTER.items[0], after=(Dependency("certificate"),)),
            replace(MATTER.items[1], after=(Dependency("insurance"),)),
            MATTER.items[2],
        ),
    )
    rings = [finding.params["items"] for finding in findings(two) if finding.code == "dependency_cycle"]
    assert rings == [["certificate"], ["registration", "insurance"]]
