"""What publishing means for applications under way is counted, and nothing is written."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.compiling import compile_matter
from catalog.definitions import ElementDefinition, LineDefinition
from matters.drafts.effects_of_publishing import of_publishing
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Draft
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, VALUES, Town, picture

pytestmark = pytest.mark.django_db


def begin(town: Town, **values: Any) -> Draft:
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    save_values(draft, {**VALUES, **values}, seen=draft.revision)
    return draft


def plan_without(code: str) -> dict[str, Any]:
    """The town's matter without one line of the police's form."""
    from dataclasses import replace

    items = [
        replace(item, lines=tuple(line for line in item.lines if line.code != code)) if item.slug == "hukou" else item
        for item in ITEMS
    ]
    return compile_matter(MATTER, items, ELEMENTS, MATERIALS)


def test_bundles_stay_and_are_counted_by_version_and_department(town: Town) -> None:
    town.submit()
    effect = of_publishing(town.version.matter_id, plan_without("DZ"))
    assert effect.bundles == (("v1", 1),)
    assert dict(effect.departments) == {"市卫生健康委员会": 1, "市公安局": 1, "市医疗保障局": 1}
    assert effect.drafts == ()


def test_a_plan_that_changes_nothing_keeps_everything(town: Town) -> None:
    take_upload(begin(town), "household_book", picture(), accept=("image/png",))
    effect = of_publishing(town.version.matter_id, copy.deepcopy(town.version.content))
    assert (effect.drafts, effect.sampled, effect.keep_all) == ((("v1", 1),), 1, 1)
    assert not (effect.lost_fields)
    assert not (effect.lost_papers)
    assert not (effect.lost_answers)
    assert not (effect.new_fields)


def test_it_names_what_drafts_lose_and_gain(town: Town) -> None:
    take_upload(begin(town), "household_book", picture(), accept=("image/png",))
    begin(town, **{"household:hukou.address": ""})
    from dataclasses import replace

    extra = LineDefinition("dh", "household", "contact.phone", "联系电话", section="household", order=9)
    items = [
        replace(item, lines=(*(line for line in item.lines if line.code != "DZ"), extra), materials=item.materials[:1])
        if item.slug == "hukou"
        else item
        for item in ITEMS
    ]
    elements = (*ELEMENTS, ElementDefinition("contact.phone", "联系电话", "phone"))
    effect = of_publishing(town.version.matter_id, compile_matter(MATTER, items, elements, MATERIALS))
    assert (effect.sampled, effect.keep_all) == (2, 1)
    assert effect.lost_fields == (("户口所在地址", 1),)
    assert effect.lost_papers == (("户口簿", 1),)
    assert effect.new_fields == (("联系电话", 2),)


def test_nothing_is_written_and_the_queries_do_not_grow(town: Town) -> None:
    plan = plan_without("DZ")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            of_publishing(town.version.matter_id, plan)
        return [query["sql"] for query in captured]

    begin(town)
    queries()
    few = queries()
    for _number in range(5):
        begin(town)
    many = queries()
    assert len(few) == len(many) <= 8
    assert all(sql.startswith("SELECT") for sql in many)


def test_only_a_sample_of_the_forms_is_opened(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.drafts.effects_of_publishing.SAMPLE", 2)
    for _number in range(4):
        begin(town)
    effect = of_publishing(town.version.matter_id, plan_without("DZ"))
    assert (effect.draft_count, effect.drafts_tried, effect.sampled, effect.all_sampled) == (4, 4, 2, False)


def test_a_form_that_does_not_open_is_left_out(town: Town) -> None:
    draft = begin(town)
    Draft.objects.filter(pk=draft.pk).update(form_sealed=b"broken")
    effect = of_publishing(town.version.matter_id, plan_without("DZ"))
    assert (effect.draft_count, effect.sampled) == (1, 0)
