"""What is decided on the spot (即办件) is accepted and approved in one step, both or neither."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from catalog.definitions import IMMEDIATE, OutputDefinition
from certificates.models import Certificate
from matters.core.states import State
from matters.models import GivenNumber, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.wording.refusals import OutputsInvalid, StateChanged
from portal.ledger.models import Event
from tests.worlds.building import publish
from tests.worlds.keeping import kept
from tests.worlds.reading import reading
from tests.worlds.town import CERTIFICATE_TYPES, ELEMENTS, ITEMS, MATERIALS, MATTER, POSTS, Town, advance


@pytest.fixture
def town(db: None) -> Town:
    def build() -> Town:
        items = (replace(item, handling=IMMEDIATE) if item.slug == "birth_cert" else item for item in ITEMS)
        town = Town.build(publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS), POSTS, CERTIFICATE_TYPES)
        town.submit()
        return town

    return kept("a town with an immediate item", build)


@pytest.fixture
def birth(town: Town) -> SubItem:
    return SubItem.objects.for_case().get(key="birth_cert")


def test_both_steps_are_taken_and_told(town: Town, birth: SubItem) -> None:
    decision = review.accept_and_approve(town.zhao, birth, "", {"number": "P360000001"})
    assert decision.outcome == "approved"
    told = Event.objects.filter(chain=birth.bundle_id, data__from__isnull=False).values_list("kind", flat=True)
    assert [kind for kind in told if kind in ("accepted", "approved")] == ["accepted", "approved"]


def test_neither_is_where_the_approval_is_refused(town: Town, birth: SubItem) -> None:
    with pytest.raises(OutputsInvalid):
        review.accept_and_approve(town.zhao, birth, "", {"number": "wrong"})
    assert SubItem.objects.get(pk=birth.pk).state == State.QUEUED


def test_what_has_a_limit_is_accepted_first(town: Town, birth: SubItem) -> None:
    review.accept_and_approve(town.zhao, birth, "", {"number": "P360000001"})
    advance([birth.bundle_id])
    with pytest.raises(StateChanged):
        review.accept_and_approve(town.wang, town.part(birth.bundle, "hukou"))


def test_the_page_offers_it_as_one_form(town: Town, birth: SubItem) -> None:
    client = Client()
    client.force_login(town.zhao)
    url = f"/review/cases/{birth.number}/"
    assert "受理并准予" in client.get(url).content.decode()
    decided = {"at-once": "1", "output.number": "P360000001", **reading(birth)}
    assert client.post(f"{url}approve/", decided).status_code == 302
    assert SubItem.objects.get(pk=birth.pk).state == State.APPROVED


def test_what_comes_back_corrected_is_decided_without_being_taken_up_again(town: Town, birth: SubItem) -> None:
    review.accept(town.zhao, birth)
    request = request_correction(town.zhao, birth, [Gap("field", "child:birth.hospital", "请写全称")])
    answer_correction(town.li, request, {"child:birth.hospital": "南昌市妇幼保健院"}, {})
    back = SubItem.objects.for_case().get(key="birth_cert")
    assert back.state == State.RESUBMITTED
    client = Client()
    client.force_login(town.zhao)
    url = f"/review/cases/{back.number}/"
    assert 'name="at-once"' in client.get(url).content.decode()
    decided = {"at-once": "1", "output.number": "P360000001", **reading(back)}
    assert client.post(f"{url}approve/", decided).status_code == 302
    assert SubItem.objects.get(pk=back.pk).state == State.APPROVED


def test_a_preview_shows_what_would_be_issued_and_leaves_nothing(town: Town, birth: SubItem) -> None:
    client = Client()
    client.force_login(town.zhao)
    url = f"/review/cases/{birth.number}/preview/"
    shown = client.post(url, {"output.number": "P360000001", "reason": "照办"})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert all(word in page for word in ("出生医学证明", "P360000001", "李小满", "未签发", "照办"))
    assert SubItem.objects.get(pk=birth.pk).state == State.QUEUED
    assert not Certificate.objects.exists()
    assert not GivenNumber.objects.exists()
    refused = client.post(url, {"output.number": "wrong"})
    assert refused.status_code == 422
    assert "这样还不能准予" in refused.content.decode()


def test_the_office_of_the_last_case_and_today_are_filled_in_but_no_number(town: Town) -> None:
    office = OutputDefinition("office", "签发机构", "organisation_name")
    day = OutputDefinition("day", "签发日期", "date", constraints={"not_future": True})
    items = (replace(i, outputs=(*i.outputs, office, day)) if i.slug == "birth_cert" else i for i in ITEMS)
    town.version = publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS)
    first, second = town.part(town.submit(), "birth_cert"), town.part(town.submit(), "birth_cert")
    review.accept(town.zhao, first)
    review.decide(
        town.zhao, first, "approved", "", {"number": "P360000001", "office": "市妇幼保健院", "day": "2026-11-20"}
    )
    review.accept(town.zhao, second)
    client = Client()
    client.force_login(town.zhao)
    page = html.fromstring(client.get(f"/review/cases/{second.number}/").content)
    filled = {box.get("name"): box.get("value") for box in page.xpath('//*[starts-with(@name, "output.")]')}
    assert filled == {
        "output.number": "",
        "output.office": "市妇幼保健院",
        "output.day": timezone.localdate().isoformat(),
    }
