"""Two pages of corrections are open at once: none of them undoes what the other one changed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from matters.cases.sealed_form import open_bundle_form
from matters.models import Bundle, CorrectionRequest, ReviewTask, SubItem
from matters.reviewing.corrections import Gap, request_correction
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

NAME = "child:person.name"
ADDRESS = "household:hukou.address"
HOSPITAL = "child:birth.hospital"


class Page:
    """A page of a correction as a browser holds it: what it showed, and what was typed into it."""

    def __init__(self, client: Client, asked: CorrectionRequest) -> None:
        self._client = client
        self._address = reverse("matters:correction", args=[asked.sub_item.bundle.number, asked.pk])
        self._read(client.get(self._address))

    def _read(self, answer: Any) -> None:
        self.answer, self.text = answer, answer.content.decode()
        found = re.search(r'name="shown" value="([^"]*)"', self.text)
        self.shown = found.group(1) if found else ""
        entries = answer.context["entries"] if answer.context and "entries" in answer.context else ()
        self.values = {one.name: one.value or "" for one in entries if one.field is not None}

    def send(self, **more: str) -> int:
        """Send the page as it stands."""
        self._read(self._client.post(self._address, {**self.values, **more, "shown": self.shown}))
        return int(self.answer.status_code)


@pytest.fixture
def pages(town: Town) -> tuple[Page, Page, Bundle]:
    """Two pages for one application: both name the child's name, the second the hospital as well."""
    bundle = town.submit()
    # Both parts are with their departments at once, as parts that do not wait for each other are.
    hukou = town.part(bundle, "hukou")
    SubItem.objects.filter(pk=hukou.pk).update(state="queued")
    ReviewTask.objects.create(sub_item=hukou, department=hukou.department, opened_at=hukou.state_since)
    first = request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", NAME, "请核对姓名")])
    second = request_correction(
        town.zhao,
        town.part(bundle, "birth_cert"),
        [Gap("field", NAME, "请核对姓名"), Gap("field", HOSPITAL, "请写全称")],
    )
    client = logged_in(town.li)
    return Page(client, first), Page(client, second), bundle


def values_of(bundle: Bundle) -> dict[str, Any]:
    return open_bundle_form(Bundle.objects.get(pk=bundle.pk)).values


def test_what_a_stale_page_did_not_touch_is_no_change(pages: tuple[Page, Page, Bundle]) -> None:
    first, second, bundle = pages
    first.values[NAME] = "李小合"
    assert first.send() == 302
    second.values[HOSPITAL] = "市第一医院"
    assert second.send() == 422
    assert "您刚才在另一处改过" in second.text
    assert "这些内容已在另一处改过，请核对现在的：姓名。" in second.text
    assert "还没有改动" not in second.text
    assert second.values[NAME] == "李小合"
    assert second.values[HOSPITAL] == "市第一医院"
    assert second.send(unchanged_is_right="1") == 302
    assert {key: values_of(bundle)[key] for key in (NAME, HOSPITAL)} == {NAME: "李小合", HOSPITAL: "市第一医院"}


def test_what_both_pages_changed_is_told_at_the_field_and_settled_by_sending_again(
    pages: tuple[Page, Page, Bundle],
) -> None:
    first, second, bundle = pages
    first.values[NAME] = "李小合"
    assert first.send() == 302
    second.values |= {NAME: "李小何", HOSPITAL: "市第一医院"}
    assert second.send() == 422
    assert "刚才在另一处改成了“李小合”" in second.text
    assert second.values[NAME] == "李小何"
    assert values_of(bundle)[NAME] == "李小合"
    assert second.send() == 302
    assert values_of(bundle)[NAME] == "李小何"


def test_both_pages_change_the_same_to_the_same(pages: tuple[Page, Page, Bundle]) -> None:
    first, second, bundle = pages
    first.values[NAME] = second.values[NAME] = "李小合"
    second.values[HOSPITAL] = "市第一医院"
    assert first.send() == 302
    assert second.send() in (302, 422)
    assert values_of(bundle)[NAME] == "李小合"


def test_a_page_that_was_only_sent_twice_is_told_that_it_was_answered(pages: tuple[Page, Page, Bundle]) -> None:
    first, _second, bundle = pages
    first.values[NAME] = "李小合"
    assert first.send() == 302
    first.values = {NAME: "李小荷"}
    assert first.send() == 302
    assert values_of(bundle)[NAME] == "李小合"


def test_a_case_shows_what_was_before_the_last_change_and_names_what_was_confirmed(
    town: Town, pages: tuple[Page, Page, Bundle]
) -> None:
    first, second, bundle = pages
    was = first.values[NAME]
    first.values[NAME] = "李小合"
    assert first.send() == 302
    # Left as it is now, on the other page: no change of its own, and no change before it is hidden.
    second.values[NAME] = "李小合"
    assert second.send(unchanged_is_right="1") == 302
    for reviewer, part in ((town.wang, "hukou"), (town.zhao, "birth_cert")):
        page = logged_in(reviewer).get(reverse("matters:case", args=[town.part(bundle, part).number])).content.decode()
        assert f"原为“{was}”" in page
        assert "原为“李小合”" not in page
    assert page.count("申请人答复：没有错，不改") == 1
