"""The newborn matter: what its documented situations lead to."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.merging.compiled import CompiledMatter, Plan
from catalog.models import CertificateType, Department, FactSource, FormLine, Matter
from catalog.packages.importing import CONTENT, import_package

pytestmark = pytest.mark.django_db

USUAL = {
    "relation": "mother",
    "children": "1",
    "marriage": "married",
    "household": "local",
    "ethnicity": "same",
    "surname": "parent",
    "claim": "no",
}


@pytest.fixture
def matter(newborn_plan: dict[str, Any]) -> CompiledMatter:
    return CompiledMatter(newborn_plan)


def plan(matter: CompiledMatter, **answers: Any) -> Plan:
    given = {**USUAL, **answers}
    applicable = {question.key for question in matter.questions_for(given)}
    given = {key: value for key, value in given.items() if key in applicable}
    assert matter.check_answers(given) == []
    return matter.plan_for(given)


def slugs(result: Plan) -> list[str]:
    return [item.key for item in result.items]


def test_the_usual_situation_brings_five_items_of_four_departments(matter: CompiledMatter) -> None:
    result = plan(matter)
    assert slugs(result) == ["birth_cert", "vaccine_cert", "hukou", "medical_ins", "ss_card"]
    assert {item.department for item in result.items} == {"health", "police", "insurance", "labour"}
    assert [paper.key for paper in result.materials if paper.must_be_uploaded] == ["child:birth_record"]


def test_what_waits_for_what_is_as_documented(matter: CompiledMatter) -> None:
    after = {item.key: set(item.after) for item in plan(matter, claim="yes", items=["medical_fee", "parenting"]).items}
    assert after["birth_cert"] == after["vaccine_cert"] == after["maternity_claim"] == after["parenting"] == set()
    assert after["hukou"] == {"birth_cert"}
    assert after["medical_ins"] == after["ss_card"] == {"birth_cert", "hukou"}
    assert "medical_ins" in after["medical_fee"]


def test_days_are_the_longest_path_not_the_sum(matter: CompiledMatter) -> None:
    result = plan(matter)
    assert result.critical_path == ("birth_cert", "hukou", "ss_card")
    assert result.working_days == 45
    assert result.figures.days.before == 47


def test_what_is_decided_upstream_is_not_asked(matter: CompiledMatter) -> None:
    result = plan(matter)
    number = result.fields["child:person.id_number"]
    assert number.supplied_by is not None
    assert (number.supplied_by.item, number.supplied_by.output) == ("hukou", "id_number")
    assert "child:person.id_number" not in result.visible({})
    certificate = result.fields["child:birth.certificate_number"]
    assert certificate.known_from == "result:birth_cert.certificate_number"


def test_each_fact_is_asked_once_under_every_departments_own_label(matter: CompiledMatter) -> None:
    name = plan(matter).fields["child:person.name"]
    assert {asker.label for asker in name.asked_by} == {"新生儿姓名", "儿童姓名", "姓名", "参保人姓名", "持卡人姓名"}
    assert {asker.code for asker in name.asked_by} == {"XSEXM", "ETXM", "XM", "psn_name", "AAC003"}


def test_twins_have_everything_twice_and_their_parents_once(matter: CompiledMatter) -> None:
    result = plan(matter, children="2", claim="yes")
    assert slugs(result).count("maternity_claim") == 1
    assert {"hukou", "hukou#2", "birth_cert#2", "ss_card#2"} <= set(slugs(result))
    assert result.item("hukou#2").after == ("birth_cert#2",)
    assert "child#2:person.name" in result.fields
    assert "mother#2:person.name" not in result.fields
    uploads = [paper.key for paper in result.materials if paper.must_be_uploaded]
    assert {"child:birth_record", "child#2:birth_record"} <= set(uploads)
    assert result.working_days == plan(matter, claim="yes").working_days


@pytest.mark.parametrize(
    "answers",
    [{"household": "other_province"}, {"household": "overseas"}, {"marriage": "unmarried_father"}],
)
def test_what_must_go_offline_is_left_out_and_said_kindly(matter: CompiledMatter, answers: dict[str, str]) -> None:
    result = plan(matter, **answers)
    assert slugs(result) == ["birth_cert", "vaccine_cert"]
    ((key, value),) = answers.items()
    question = next(each for each in matter.questions if each.key == key)
    note = next(option.note for option in question.options if option.value == value)
    assert "派出所" in note
    assert "其余事项照常" in note


def test_another_guardian_is_told_where_to_turn(matter: CompiledMatter) -> None:
    (stop,) = plan(matter, relation="other").stops
    assert "12345" in stop.sentence


def test_the_answers_bring_their_papers(matter: CompiledMatter) -> None:
    def papers(**answers: str) -> set[str]:
        return {paper.code for paper in plan(matter, **answers).materials if paper.must_be_uploaded}

    usual = papers()
    assert papers(relation="father") - usual == {"mother_mandate"}
    assert papers(ethnicity="different") - usual == {"ethnicity_application"}
    assert papers(marriage="unmarried_mother") - usual == {"nonmarital_statement"}
    assert papers(claim="yes") - usual == {"maternity_invoice", "maternity_fee_list", "diagnosis_certificate"}


def test_the_mothers_own_facts_come_from_her_account(matter: CompiledMatter) -> None:
    assert plan(matter).fields["mother:person.name"].known_from == "profile"
    assert plan(matter, relation="father").fields["mother:person.name"].known_from == ""
    assert plan(matter, relation="father").fields["father:person.name"].known_from == "profile"


FORM = {
    "child:person.name": "李安",
    "child:person.sex": "2",
    "child:birth.time": "2026-11-12T08:15",
    "child:person.ethnicity": "01",
    "child:hukou.relation": "daughter",
    "mother:person.id_kind": "111",
    "mother:person.id_number": "36010319850615908X",
    "mother:person.birth_date": "1985-06-15",
    "father:person.id_kind": "111",
    "father:person.id_number": "360102199003079991",
    "household:hukou.follow": "mother",
}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"child:birth.time": "2027-01-01T08:15"}, "in_future", "child:birth.time"),
        ({"child:birth.time": "2025-11-12T08:15"}, "too_old", "child:birth.time"),
        ({"mother:person.birth_date": "2026-11-12"}, "cross_rule", "mother:person.birth_date"),
        ({"father:person.id_number": "36010319850615908X"}, "cross_rule", "mother:person.id_number"),
        ({"child:hukou.relation": "son"}, "cross_rule", "child:hukou.relation"),
        ({"mother:person.id_number": "360103198506159080"}, "check_digit", "mother:person.id_number"),
        ({"child:person.name": "李A"}, None, "child:person.name"),
    ],
)
def test_wrong_forms_are_refused_at_the_field(
    matter: CompiledMatter, change: dict[str, str], code: str | None, field: str
) -> None:
    today = date(2026, 11, 22)
    _cleaned, before = plan(matter).clean(FORM, today)
    assert {problem.code for problem in before} <= {"required"}
    _cleaned, problems = plan(matter).clean({**FORM, **change}, today)
    found = [problem for problem in problems if problem.code != "required"]
    assert found
    assert all(code is None or problem.code == code for problem in found)
    assert field in {problem.field for problem in found} | {
        name for each in found for name in each.params.get("fields", ())
    }


def test_every_certificate_face_is_filled_from_the_items_that_issue_it(newborn: Matter, matter: CompiledMatter) -> None:
    issued = {result.certificate_type: result for item in plan(matter, claim="yes").items for result in item.results}
    types = {each.slug: each for each in CertificateType.objects.all()}
    assert len(issued) == 6
    assert set(issued) <= set(types)
    for slug, result in issued.items():
        assert set(result.face) == {part["code"] for part in types[slug].face}
        assert len(types[slug].code) == 21


def test_every_fact_says_where_it_comes_from(newborn: Matter) -> None:
    keys = set(FactSource.objects.values_list("key", flat=True))
    for line in FormLine.objects.all():
        assert set(line.sources) <= keys
        assert line.sources or line.confidence != "seen"
    assert not Department.objects.filter(credit_code="", code__in=["health", "police", "insurance", "labour"]).exists()


def test_the_command_prints_the_whole_plan(newborn_guide: Matter, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("plan", "newborn", answers=json.dumps(USUAL), json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown["problems"] == []
    wanted = {"items", "questions", "fields", "materials", "dependencies", "critical_path", "figures", "projections"}
    assert wanted <= set(shown)
    assert shown["projections"]["hukou"]["XM"] == "child:person.name"
    call_command("plan", "newborn")
    assert "还要回答：relation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "answers"), [("nothing", "{}"), ("newborn", "["), ("newborn", "[]"), ("newborn", "[" * 99999)]
)
def test_the_command_refuses_nonsense_calmly(newborn_guide: Matter, code: str, answers: str) -> None:
    with pytest.raises(CommandError):
        call_command("plan", code, answers=answers)


def test_importing_over_a_published_matter_keeps_its_version(newborn: Matter) -> None:
    before = newborn.current_version_id
    import_package(CONTENT / "newborn")
    newborn.refresh_from_db()
    assert newborn.current_version_id == before
