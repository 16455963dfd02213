"""A newborn's plan, example by example: everything of it in one piece, for whoever prints or freezes it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from catalog.definitions import (
    LineDefinition,
)
from catalog.definitions.codec import from_json, to_json
from catalog.fields.validation import FieldProblem
from catalog.merging.plan_json import plan_as_json
from catalog.merging.planned import Reason
from catalog.wording.translating import translator_for
from tests.worlds.family import (
    CERTIFICATE,
    INSURANCE,
    ITEMS,
    MATTER,
    ONE,
    REGISTRATION,
    TWINS,
    compiled,
)


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


def test_it_keeps_consents_by_item() -> None:
    plan = compiled().plan_for(ONE)
    assert [(c.key, c.department, c.required) for c in plan.consents] == [
        ("certificate.share", "health", True),
        ("registration.share", "police", True),
        ("registration.post", "police", False),
    ]
    assert plan.consents_missing({"certificate.share"}) == [FieldProblem("registration.share", "consent_missing")]


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
    assert (twins.days.before, twins.days.after) == (10, 5)
    assert twins.days.after_list == (("certificate", 1), ("registration", 3), ("insurance", 1))
    nothing = compiled(matter=replace(MATTER, items=())).plan_for(ONE).figures.to_json()
    assert {name: (f["before"], f["after"]) for name, f in nothing.items()} == dict.fromkeys(nothing, (0, 0))


def test_it_translates_what_it_knows() -> None:
    matter = compiled()
    assert translator_for(matter, "en")("姓名") == "Name"
    assert translator_for(matter, "en-gb")("姓名") == "Name"
    assert translator_for(matter, "zh-hans")("姓名") == "姓名"
    assert translator_for(matter, "en")("性别") == "性别"
    assert translator_for(matter, "en")("下列办理方式任选其一，您选哪一种？").startswith("Please choose")


def test_the_content_holds_what_its_items_use_in_a_fixed_order() -> None:
    content = compiled().content
    assert [section["key"] for section in content["sections"]] == ["child", "parents", "contact"]
    assert content["schema"] == 1
    assert list(content["elements"]) == sorted(content["elements"])
    assert set(content["materials"]) == {need.material for item in ITEMS.values() for need in item.materials}
    assert "claim.account" not in content["elements"]


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
