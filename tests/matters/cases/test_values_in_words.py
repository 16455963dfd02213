"""Values in words: a number comes with its unit, whoever reads it, and a certificate reads the same in every language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.utils.translation import override

from catalog.compiling import compile_matter
from catalog.definitions import ElementDefinition, LineDefinition
from catalog.models import Matter, MatterVersion
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.cases.department_view import read_case
from matters.drafts.saving import save_values, start_draft
from matters.reviewing import review
from matters.wording.values import value_in_words
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, VALUES, Town

WEIGHT = "child:birth.weight"


@pytest.fixture
def weighing_town(town: Town) -> Town:
    """The town, where the birth certificate asks for the weight and shows it with the date of birth."""
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    face = {"number": "output:number", "name": f"field:{WEIGHT}", "hospital": "field:child:person.birth_date"}
    weighing = replace(
        birth,
        lines=(*birth.lines, LineDefinition("tz", "child", "birth.weight", "体重", section="child", order=5)),
        results=(replace(birth.results[0], face=face),),
    )
    content = compile_matter(
        replace(MATTER, translations={"en": {"克": "g"}}),
        [weighing, *(item for item in ITEMS if item is not birth)],
        (*ELEMENTS, ElementDefinition("birth.weight", "体重", "integer", unit="克")),
        MATERIALS,
    )
    town.version = MatterVersion.objects.create(
        matter=town.version.matter, number=2, content=content, content_hash="1" * 64
    )
    Matter.objects.update(current_version=town.version)
    return town


def test_the_applicant_sees_the_unit_beside_the_field_and_in_the_answer(weighing_town: Town, client: Client) -> None:
    draft = start_draft(
        version=weighing_town.version,
        applicant=weighing_town.li_person,
        entered_by=weighing_town.li,
        answers={},
        profile={},
    )
    save_values(draft, {**VALUES, WEIGHT: "3200"}, seen=draft.revision)
    client.force_login(weighing_town.li)
    asked = client.get(f"/drafts/{draft.pk}/form/").content.decode()
    assert '<span class="unit" id="f-child-birth-weight-unit">克</span>' in asked
    assert "f-child-birth-weight-unit f-child-birth-weight-error" in asked
    assert "3200 克" in client.get(f"/drafts/{draft.pk}/check/").content.decode()
    client.cookies["django_language"] = "en"
    assert "3200 g" in client.get(f"/drafts/{draft.pk}/check/").content.decode()


def test_the_reviewer_and_the_certificate_have_the_unit(weighing_town: Town) -> None:
    sub_item = weighing_town.part(weighing_town.submit(**{WEIGHT: 3200}), "birth_cert")
    texts = {row.label: row.text for section in read_case(sub_item).sections for row in section.rows}
    assert texts["体重"] == "3200 克"
    review.accept(weighing_town.zhao, sub_item)
    review.decide(weighing_town.zhao, sub_item, "approved", "", {"number": "P360000001"})
    assert _face()["name"] == "3200 克"


def test_a_certificate_is_in_chinese_whatever_language_its_officer_reads(weighing_town: Town) -> None:
    sub_item = weighing_town.part(weighing_town.submit(**{WEIGHT: 3200}), "birth_cert")
    with override("en"):
        review.accept(weighing_town.zhao, sub_item)
        review.decide(weighing_town.zhao, sub_item, "approved", "", {"number": "P360000001"})
    year, month, day = (int(part) for part in VALUES["child:person.birth_date"].split("-"))
    assert _face()["hospital"] == f"{year}年{month}月{day}日"


@pytest.mark.parametrize(
    ("value", "kind", "masked", "words"),
    [
        (None, "text", False, ""),
        ([], "multiselect", False, ""),
        (True, "boolean", False, "是"),
        (["a", "b"], "multiselect", False, "甲、b"),
        ("a", "select", False, "甲"),
        ("2026-11-04", "date", False, "2026年11月4日"),
        ("2026-11-04T09:05", "datetime", False, "2026年11月4日 09:05"),
        ("2026-13-40", "date", False, "2026-13-40"),
        ("13800138000", "phone", False, "13800138000"),
        ("13800138000", "phone", True, "138****8000"),
    ],
)
@override("zh-hans")
def test_value_in_words(value: object, kind: str, masked: bool, words: str) -> None:
    assert value_in_words(value, kind, {"a": "甲"}, masked=masked) == words


def _face() -> dict[str, str]:
    return {line.code: line.value for line in open_face(Certificate.objects.get()).lines}
