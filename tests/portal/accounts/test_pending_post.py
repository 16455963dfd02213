"""What somebody typed survives the login they did not expect."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from portal.accounts.models import Person
from portal.accounts.pending_post import LARGEST_BYTES, MOST_PAGES, login_required_preserving_post, restored_post
from tests.portal.accounts.conftest import PASSWORD


@login_required_preserving_post
def form(request: HttpRequest, number: int) -> HttpResponse:
    kept = restored_post(request)
    return JsonResponse({"kept": dict(kept.lists()) if kept is not None else None})


@login_required_preserving_post(page="post-form")
def submit(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("submitted")


urlpatterns = [
    path("forms/<int:number>/", form, name="post-form"),
    path("forms/<int:number>/submit/", submit),
    path("", include("portal.urls")),
]
pytestmark = pytest.mark.urls(__name__)

FIELDS = {
    "child:person.name": "李小满",
    "child:person.hobby": ["琴", "棋"],
    "csrfmiddlewaretoken": "t",
    "new_password": "secret",
}


def log_in(client: Client, target: str) -> Any:
    return client.post("/accounts/login/", {"username": "li", "password": PASSWORD, "next": target})


def kept_at(client: Client, page: str) -> dict[str, list[str]] | None:
    kept: dict[str, list[str]] | None = json.loads(client.get(page).content)["kept"]
    return kept


def test_what_was_posted_is_there_after_the_login_once(client: Client, li: Person) -> None:
    answer = client.post("/forms/1/", FIELDS)
    assert answer["Location"] == "/accounts/login/?next=/forms/1/"
    assert "已替您留着" in client.get(answer["Location"]).content.decode()
    assert log_in(client, "/forms/1/")["Location"] == "/forms/1/"
    assert kept_at(client, "/forms/1/") == {"child:person.name": ["李小满"], "child:person.hobby": ["琴", "棋"]}
    assert kept_at(client, "/forms/1/") is None


def test_it_survives_a_session_that_has_ended(client: Client, li: Person) -> None:
    assert li.user is not None
    client.force_login(li.user)
    Session.objects.all().delete()
    client.post("/forms/1/", FIELDS)
    log_in(client, "/forms/1/")
    assert kept_at(client, "/forms/1/") is not None


def test_it_is_bound_to_its_page(client: Client, li: Person) -> None:
    client.post("/forms/1/", FIELDS)
    log_in(client, "/")
    assert kept_at(client, "/forms/2/") is None
    assert kept_at(client, "/forms/1/") is not None


def test_a_post_to_another_address_comes_back_to_its_page(client: Client, li: Person) -> None:
    answer = client.post("/forms/1/submit/", FIELDS)
    assert answer["Location"] == "/accounts/login/?next=/forms/1/"
    log_in(client, "/forms/1/")
    assert kept_at(client, "/forms/1/") is not None


def test_it_is_kept_for_half_an_hour(client: Client, li: Person) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post("/forms/1/", FIELDS)
        log_in(client, "/forms/1/")
        clock.shift(timedelta(minutes=31))
        assert kept_at(client, "/forms/1/") is None


def test_nothing_of_it_can_be_read_in_the_session_table(client: Client, li: Person) -> None:
    client.post("/forms/1/", FIELDS)
    stored = json.dumps(SessionStore().decode(Session.objects.get().session_data), ensure_ascii=False)
    assert "pending_post" in stored
    assert "李小满" not in stored
    assert "secret" not in stored


def test_too_much_is_not_kept_and_said_so(client: Client, li: Person) -> None:
    answer = client.post("/forms/1/", {"text": "字" * LARGEST_BYTES})
    assert "请重新登录后再试一次" in client.get(answer["Location"]).content.decode()
    log_in(client, "/forms/1/")
    assert kept_at(client, "/forms/1/") is None


def test_only_the_latest_pages_are_kept(client: Client, li: Person) -> None:
    for number in range(MOST_PAGES + 2):
        client.post(f"/forms/{number}/", FIELDS)
    assert list(client.session["pending_post"]) == [f"/forms/{n}/" for n in range(2, MOST_PAGES + 2)]


def test_files_are_not_kept_and_said_so(client: Client, li: Person) -> None:
    answer = client.post("/forms/1/", {**FIELDS, "paper": SimpleUploadedFile("a.pdf", b"x")})
    assert "文件需要重新选择" in client.get(answer["Location"]).content.decode()
    log_in(client, "/forms/1/")
    assert "paper" not in (kept_at(client, "/forms/1/") or {})


def test_a_changed_seal_opens_nothing(client: Client, li: Person) -> None:
    client.post("/forms/1/", FIELDS)
    session = client.session
    session["pending_post"] = {"/forms/1/": "AAAA", "/forms/2/": session["pending_post"]["/forms/1/"]}
    session.save()
    log_in(client, "/")
    assert kept_at(client, "/forms/1/") is None
    assert kept_at(client, "/forms/2/") is None


def test_a_script_is_answered_in_its_own_language(client: Client, db: None) -> None:
    answer = client.post("/forms/1/submit/", "{}", content_type="application/json")
    assert answer.status_code == 401
    assert json.loads(answer.content)["login"] == "/accounts/login/?next=/forms/1/"


def test_a_visit_without_login_just_asks_for_it(client: Client, db: None) -> None:
    assert client.get("/forms/1/?a=b")["Location"] == "/accounts/login/?next=/forms/1/%3Fa%3Db"
    assert not Session.objects.exists()


def test_the_view_works_as_ever_for_those_logged_in(client: Client, li: Person, rf: object) -> None:
    assert li.user is not None
    client.force_login(li.user)
    assert client.post("/forms/1/submit/", FIELDS).content == b"submitted"
    assert callable(restored_post)
