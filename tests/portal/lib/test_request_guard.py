"""Methods nobody offers and characters nobody can store, at every address there is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matters.drafts.saving import start_draft
from portal.accounts.models import User
from tests.addresses import addresses
from tests.rights.asking import undrawn
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town, build_town

__all__ = ["undrawn"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "X"])
def test_no_page_takes_a_method_it_does_not_offer(db: None, undrawn: None, method: str) -> None:
    """Of nobody, and with the CSRF check on: it says 405 before it asks for a token or a login."""
    client = Client(enforce_csrf_checks=True)
    answers = {address: client.generic(method, address) for address in addresses()}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 405} == {}
    assert all("GET" in answer["Allow"] or "POST" in answer["Allow"] for answer in answers.values())


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_nor_from_an_officer(town: Town, undrawn: None, method: str) -> None:
    client = logged_in(town.wang)
    client.raise_request_exception = True
    assert {client.generic(method, address).status_code for address in addresses()} == {405}


def test_a_nul_in_an_address_or_a_field_is_refused(db: None, undrawn: None, client: Client) -> None:
    for address in (each for each in addresses(text="%00") if "%00" in each):
        assert client.get(address).status_code in (400, 404), address
    for address in addresses():
        assert client.get(address, {"q": "a\x00b"}).status_code == 400, address
        if not address.startswith("/api/"):
            assert client.post(address, {"reason": "a\x00b"}).status_code in (302, 400), address


def test_a_nul_in_a_reason_is_refused_and_nothing_is_decided(town: Town) -> None:
    bundle = town.submit()
    part = town.part(bundle, "birth_cert")
    answer = logged_in(town.zhao).post(f"/review/cases/{part.number}/refuse/", {"reason": "不\x00符"})
    assert answer.status_code == 400
    assert town.part(bundle, "birth_cert").state == "queued"


def test_a_cookie_with_a_nul_is_no_cookie(db: None, client: Client) -> None:
    assert client.get("/", headers={"cookie": r'sessionid="\000abc"; csrftoken="\000"'}).status_code == 200


def test_a_reason_that_is_too_long_is_shown_again_and_not_cut(town: Town) -> None:
    part = town.part(town.submit(), "birth_cert")
    answer = logged_in(town.zhao).post(f"/review/cases/{part.number}/refuse/", {"reason": "理" * 2001, **reading(part)})
    assert answer.status_code == 422
    assert "理" * 2001 in answer.content.decode()
    assert "理由最多 2000 个字" in answer.content.decode()


def test_a_form_sent_where_json_is_read_is_refused(town: Town) -> None:
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    address = reverse("matters:autosave", args=[draft.pk])
    assert logged_in(town.li).post(address, {"revision": "1"}).status_code == 400  # multipart


@pytest.mark.parametrize("key", ["x", "%", "not-a-uuid", "字", "9" * 5_000])
def test_an_action_on_rows_that_cannot_be_is_refused(key: str) -> None:
    client = logged_in(User.objects.create_superuser("root", password="correct horse battery"))
    for model in ("department", "membership", "certificatetype"):
        sent = {"action": "delete_selected", "_selected_action": [key], "index": "0"}
        assert client.post(reverse(f"admin:catalog_{model}_changelist"), sent).status_code in (302, 400), model


@pytest.mark.parametrize("number", ["9" * 5_001, "²", "٣", "x"])
def test_a_row_of_a_number_that_no_page_gives_is_none(number: str) -> None:
    client = logged_in(User.objects.create_superuser("root", password="correct horse battery"))
    sent = {"code": "", "type": "text", "options-rows": "1", "options-row": number, f"options-{number}-value": "a"}
    assert client.post(reverse("admin:catalog_dataelement_add"), sent).status_code in (200, 400, 422)
    for address in (
        f"/admin/catalog/proposal/{number[:40]}/change/",
        f"/admin/catalog/matter/{number[:40]}/history/compare/",
    ):
        assert client.get(address).status_code in (302, 404), address
