"""Methods nobody offers and characters nobody can store, at every address there is."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.addresses import addresses
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "X"])
def test_no_page_takes_a_method_it_does_not_offer(db: None, method: str) -> None:
    """Of nobody, and with the CSRF check on: it says 405 before it asks for a token or a login."""
    client = Client(enforce_csrf_checks=True)
    answers = {address: client.generic(method, address) for address in addresses()}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 405} == {}
    assert all("GET" in answer["Allow"] or "POST" in answer["Allow"] for answer in answers.values())


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_nor_from_an_officer(town: Town, method: str) -> None:
    client = logged_in(town.wang)
    client.raise_request_exception = True
    assert {client.generic(method, address).status_code for address in addresses()} == {405}


def test_a_nul_in_an_address_or_a_field_is_refused(db: None, client: Client) -> None:
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
    answer = logged_in(town.zhao).post(f"/review/cases/{part.number}/refuse/", {"reason": "理" * 2001})
    assert answer.status_code == 422
    assert "理" * 2001 in answer.content.decode()
    assert "理由最多 2000 个字" in answer.content.decode()
