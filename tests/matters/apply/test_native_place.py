"""A place anywhere in the country: typed by its name, kept as its code, read by its name wherever it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.definitions import ElementDefinition, LineDefinition
from catalog.models import Division
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.drafts.saving import read_form, save_values, start_draft
from matters.models import Bundle, CorrectionRequest, Draft
from matters.reviewing import review
from matters.reviewing.corrections import Gap, request_correction
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, VALUES, Town

KEY = "child:person.native_place"


@pytest.fixture
def place(town: Town) -> Town:
    """The town, whose certificate of birth names the child's native place."""
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    line = LineDefinition("jg", "child", "person.native_place", "籍贯", section="child", order=5)
    face = replace(birth.results[0], face={**birth.results[0].face, "hospital": f"field:{KEY}"})
    items = (
        replace(birth, lines=(*birth.lines, line), results=(face,)),
        *(item for item in ITEMS if item != birth),
    )
    element = ElementDefinition("person.native_place", "籍贯", "division", constraints={"scope": "country"})
    town.version = publish(MATTER, *items, elements=(*ELEMENTS, element), materials=MATERIALS)
    city = Division.objects.create(code="360100", name="南昌市", level="prefecture")
    Division.objects.create(code="360103", name="西湖区", level="county", parent=city)
    return town


def draft_of(town: Town, **values: Any) -> Draft:
    draft = start_draft(
        version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={}, channel="online"
    )
    save_values(draft, {**VALUES, **values}, seen=draft.revision)
    return draft


def send(town: Town, draft: Draft, text: str) -> str:
    """Save the form with this native place, and return the form as it comes back."""
    address = reverse("matters:form", args=[draft.pk])
    sent = {KEY: text, "revision": draft.revision, "next": "1"}
    client = logged_in(town.li)
    answer = client.post(address, sent)
    return (client.get(address) if answer.status_code == 302 else answer).content.decode()


def test_the_form_has_a_line_instead_of_a_list_and_shows_a_code_by_its_name(place: Town) -> None:
    page = logged_in(place.li).get(reverse("matters:form", args=[draft_of(place, **{KEY: "360103"}).pk]))
    page = page.content.decode()
    assert f'name="{KEY}"\n      value="江西省南昌市西湖区"' in page
    assert f'data-places="{reverse("catalog:places")}"' in page
    assert "<option" not in page[page.index(f'data-key="{KEY}"') :].partition('<details class="why"')[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [("杭州市西湖区", "330106"), ("330106", "330106"), ("江西 南昌 湾里", "360105"), ("西湖区", "西湖区")],
)
def test_a_name_is_kept_as_its_code_and_what_cannot_be_told_as_typed(place: Town, text: str, code: str) -> None:
    draft = draft_of(place)
    send(place, draft, text)
    draft.refresh_from_db()
    assert read_form(draft).values[KEY] == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("西湖区", "叫“西湖区”的不止一处：浙江省杭州市西湖区、江西省南昌市西湖区。籍贯是哪一处，请连省、市一起写。"),
        ("江西省南昌市", "籍贯请写到县、市、区。“江西省南昌市”有：江西省南昌市东湖区、"),
        ("360100", "籍贯请写到县、市、区。“江西省南昌市”有：江西省南昌市东湖区、"),
        ("火星", "籍贯里没有找到这个县、市、区，请写全名，如江西省南昌市西湖区"),
        ("999999", "籍贯里没有找到这个县、市、区，请写全名，如江西省南昌市西湖区"),
    ],
)
def test_what_is_not_certain_is_said_beside_it_and_stays(place: Town, text: str, sentence: str) -> None:
    page = send(place, draft_of(place), text)
    assert sentence in page
    shown = "江西省南昌市" if text == "360100" else text
    assert f'name="{KEY}"\n      value="{shown}"' in page


def test_the_script_is_told_what_the_server_says(place: Town) -> None:
    draft = draft_of(place)
    address = reverse("matters:autosave", args=[draft.pk])
    sent = {"revision": draft.revision, "values": {KEY: "西湖区"}}
    answer = logged_in(place.li).post(address, sent, content_type="application/json").json()
    assert "浙江省杭州市西湖区、江西省南昌市西湖区" in answer["problems"][KEY]


def test_another_window_has_the_name_of_what_this_one_chose(place: Town) -> None:
    draft = draft_of(place, **{KEY: "360103"})
    seen, client = draft.revision, logged_in(place.li)
    address = reverse("matters:autosave", args=[draft.pk])

    def save(revision: int, values: dict[str, str]) -> dict[str, Any]:
        sent = {"revision": revision, "values": values}
        answer: dict[str, Any] = client.post(address, sent, content_type="application/json").json()
        return answer

    save(seen, {KEY: "杭州西湖"})
    assert save(seen, {"child:birth.hospital": "市医院"})["elsewhere"][KEY] == "浙江省杭州市西湖区"
    assert save(seen, {KEY: "江西省南昌市东湖区"})["conflicts"][KEY] == "浙江省杭州市西湖区"


def submitted(town: Town, code: str) -> Bundle:
    return town.submit(**{KEY: code})


def test_the_answers_to_check_name_it(place: Town) -> None:
    draft = draft_of(place, **{KEY: "330106"})
    page = logged_in(place.li).get(reverse("matters:check", args=[draft.pk])).content.decode()
    assert "浙江省杭州市西湖区" in page


@pytest.mark.parametrize(
    ("code", "name"),
    [("360103", "江西省南昌市西湖区"), ("330106", "浙江省杭州市西湖区"), ("360105", "江西省南昌市湾里区")],
)
def test_a_reviewer_and_the_certificate_have_its_name(place: Town, code: str, name: str) -> None:
    case = review.accept(place.zhao, place.part(submitted(place, code), "birth_cert"))
    client = logged_in(place.zhao)
    assert name in client.get(reverse("matters:case", args=[case.number])).content.decode()
    client.post(
        reverse("matters:case_action", args=[case.number, "approve"]), {"output.number": "P360000001", **reading(case)}
    )
    certificate = Certificate.objects.get(decision_reference=case.number)
    assert {line.code: line.value for line in open_face(certificate).lines}["hospital"] == name


def test_a_correction_takes_the_name_and_knows_it_from_its_own(place: Town) -> None:
    bundle = submitted(place, "360103")
    case = place.part(bundle, "birth_cert")
    request_correction(place.zhao, case, [Gap("field", KEY, "请核对籍贯")])
    asked = CorrectionRequest.objects.get(sub_item=case)
    address = reverse("matters:correction", args=[bundle.number, asked.pk])
    client = logged_in(place.li)
    page = client.get(address).content.decode()
    assert 'value="江西省南昌市西湖区"' in page
    assert "没有改动" in client.post(address, {KEY: "江西省南昌市西湖区"}).content.decode()
    assert "浙江省杭州市西湖区" in client.post(address, {KEY: "西湖区"}).content.decode()
    assert client.post(address, {KEY: "杭州西湖"}).status_code == 302
    page = logged_in(place.zhao).get(reverse("matters:case", args=[case.number])).content.decode()
    assert "浙江省杭州市西湖区" in page
    assert "江西省南昌市西湖区" in page


def test_places_are_suggested_without_a_query(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(reverse("catalog:places"), {"q": "湾里"})
    assert answer.json() == {"places": [{"code": "360105", "name": "江西省南昌市湾里区", "until": 2019}]}
    assert "max-age=86400" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    for typed in ("", "县" * 9000, "<b>"):
        assert client.get(reverse("catalog:places"), {"q": typed}).json() == {"places": []}
