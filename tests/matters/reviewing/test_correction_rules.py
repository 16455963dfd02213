"""A correction is checked by every rule that reads what it may change, and opens what a rule or an answer makes necessary."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from matters.cases.department_view import read_case
from matters.cases.sealed_form import BundleForm, open_bundle_form, seal_bundle_form
from matters.models import Bundle, CorrectionRequest
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.open_parts import handed_in
from matters.wording.refusals import CorrectionInvalid
from tests.matters.reviewing.rules_town import (
    HEALTH_RULE,
    HOSPITAL,
    RELATION,
    RULE,
    SEX,
    RulesTown,
    build_rules_town,
)
from tests.worlds.cast import logged_in
from tests.worlds.town import picture

SEX_GAP = Gap("field", SEX, "与出生医学证明不一致")


@pytest.fixture
def town(db: None) -> RulesTown:
    return build_rules_town()


def values_of(asked: CorrectionRequest) -> dict[str, Any]:
    return open_bundle_form(Bundle.objects.get(pk=asked.sub_item.bundle_id)).values


def problems_of(town: RulesTown, asked: CorrectionRequest, values: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(CorrectionInvalid) as refused:
        answer_correction(town.li, asked, values, {})
    return refused.value.problems


def test_a_rule_is_checked_though_it_is_told_at_another_field(town: RulesTown) -> None:
    asked = town.asked(SEX_GAP)
    assert problems_of(town, asked, {SEX: "2"}) == {RELATION: RULE}
    assert values_of(asked)[SEX] == "1"


def test_the_other_field_of_the_rule_is_open_then(town: RulesTown) -> None:
    asked = town.asked(SEX_GAP)
    answer_correction(town.li, asked, {SEX: "2", RELATION: "daughter"}, {})
    assert values_of(asked) | {SEX: "2", RELATION: "daughter"} == values_of(asked)


def test_a_field_that_no_rule_opened_stays_closed(town: RulesTown) -> None:
    asked = town.asked(Gap("field", "child:person.name", "请核对"))
    answer_correction(town.li, asked, {"child:person.name": "李小滿", RELATION: "other"}, {})
    assert values_of(asked)[RELATION] == "son"


def test_rules_of_other_departments_are_checked_as_well(town: RulesTown) -> None:
    asked = town.asked(SEX_GAP, Gap("field", RELATION, "请核对"), **{HOSPITAL: "男院"})
    answer = {SEX: "2", RELATION: "daughter"}
    assert problems_of(town, asked, answer) == {HOSPITAL: HEALTH_RULE}
    answer_correction(town.li, asked, {**answer, HOSPITAL: "市妇幼保健院"}, {})
    assert values_of(asked)[HOSPITAL] == "市妇幼保健院"


def test_what_another_answer_makes_necessary_is_required(town: RulesTown) -> None:
    asked = town.asked(Gap("field", RELATION, "请核对"))
    assert set(problems_of(town, asked, {RELATION: "other"})) == {
        "child:hukou.relation_note",
        "material:kinship",
    }


def test_what_was_wrong_before_and_is_not_touched_does_not_stop_a_correction(town: RulesTown) -> None:
    asked = town.asked(Gap("field", "household:hukou.address", "请写门牌"))
    bundle = asked.sub_item.bundle
    broken = {**values_of(asked), SEX: "2"}
    bundle.form_sealed = seal_bundle_form(bundle.pk, BundleForm(values=broken))
    bundle.save(update_fields=["form_sealed"])
    answer_correction(town.li, asked, {"household:hukou.address": "南昌市西湖区二号"}, {})
    assert values_of(asked)["household:hukou.address"] == "南昌市西湖区二号"


def test_a_paper_that_the_answer_requires_is_asked_for_at_once(town: RulesTown) -> None:
    asked = town.asked(Gap("field", RELATION, "请核对"))
    answer = {RELATION: "other", "child:hukou.relation_note": "养子"}
    assert problems_of(town, asked, answer) == {"material:kinship": "请上传亲属关系证明。"}
    answer_correction(town.li, asked, answer, {"kinship": [picture("证明.png")]})
    assert handed_in(asked.sub_item.bundle_id) == {"household_book", "kinship"}
    case = read_case(town.part(asked.sub_item.bundle, "hukou"))
    assert not [paper.name for paper in case.papers if paper.is_missing]


def test_the_page_opens_the_field_and_the_paper_that_an_answer_needs(town: RulesTown) -> None:
    asked = town.asked(Gap("field", RELATION, "请核对"))
    page = logged_in(town.li).post(page_of(asked), {RELATION: "other", "look": "1"})
    assert page.status_code == 200
    assert [entry.name for entry in page.context["entries"]] == [
        RELATION,
        "child:hukou.relation_note",
        "material:kinship",
    ]
    refused = logged_in(town.li).post(page_of(asked), {RELATION: "other", "child:hukou.relation_note": "养子"})
    assert refused.status_code == 422
    assert "请上传亲属关系证明。" in refused.content.decode()
    assert "需要交这份材料" in refused.content.decode()


def test_a_paper_that_may_be_handed_in_is_offered_and_not_required(town: RulesTown) -> None:
    asked = town.asked(SEX_GAP, Gap("field", RELATION, "请核对"))
    answer = {SEX: "2", RELATION: "daughter"}
    page = logged_in(town.li).post(page_of(asked), {**answer, "look": "1"})
    assert "可以一起交" in page.content.decode()
    answer_correction(town.li, asked, answer, {})
    assert handed_in(asked.sub_item.bundle_id) == {"household_book"}


def test_each_paper_names_the_files_that_are_taken_of_it_and_offers_these(town: RulesTown) -> None:
    asked = town.asked(SEX_GAP, Gap("field", RELATION, "请核对"), Gap("material", "household_book", "看不清"))
    answer = {SEX: "2", RELATION: "daughter"}
    page = logged_in(town.li).post(page_of(asked), {**answer, "look": "1"}).content.decode()
    assert "PDF，每个不超过" in page.partition('data-entry="material:girl_note"')[2].partition('type="file"')[0]
    assert page.count('accept="application/pdf,.pdf"') == 1
    assert 'accept="image/jpeg,image/png,application/pdf,.jpg,.png,.pdf"' in page
    assert "照片或 PDF" not in page


def test_what_the_answer_makes_needless_is_withdrawn_and_stays_readable(town: RulesTown) -> None:
    first = town.asked(Gap("field", RELATION, "请核对"))
    answer = {RELATION: "other", "child:hukou.relation_note": "养子"}
    answer_correction(town.li, first, answer, {"kinship": [picture("证明.png")]})
    bundle = first.sub_item.bundle
    again = request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", RELATION, "再核对")])
    page = logged_in(town.li).post(page_of(again), {RELATION: "son", "look": "1"})
    assert page.context["needless"] == ["关系说明", "亲属关系证明"]
    answer_correction(town.li, again, {RELATION: "son"}, {})
    assert handed_in(bundle.pk) == {"household_book"}
    assert "child:hukou.relation_note" not in values_of(again)
    case = read_case(town.part(bundle, "hukou"))
    [note] = [row for section in case.sections for row in section.rows if row.code == "GXSM"]
    assert (note.is_needless, note.before, note.text) == (True, "养子", "")
    [paper] = [paper for paper in case.papers if paper.is_needless]
    assert ([file.original_name for file in paper.replaced], paper.is_missing) == (["证明.png"], False)
    own = logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])).content.decode()
    assert "补正后不再需要" in own
    assert (
        "补正后不再需要"
        in logged_in(town.wang).get(reverse("matters:case", args=[case_number(again)])).content.decode()
    )


def case_number(asked: CorrectionRequest) -> str:
    return asked.sub_item.number


def page_of(asked: CorrectionRequest) -> str:
    return reverse("matters:correction", args=[asked.sub_item.bundle.number, asked.pk])
