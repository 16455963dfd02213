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

from portal.accounts.models import Person, User
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


@pytest.fixture
def expired(client: Client, li: Person) -> Client:
    """A browser in which Li was logged in until a moment ago."""
    log_in(client, "/")
    end_session(client)
    return client


def end_session(client: Client) -> None:
    """Let the session end as time ends it: the row is gone, and the browser has dropped its cookie."""
    Session.objects.all().delete()
    client.cookies.pop("sessionid", None)


def log_in(client: Client, target: str, username: str = "li") -> Any:
    return client.post("/accounts/login/", {"username": username, "password": PASSWORD, "next": target})


def kept_at(client: Client, page: str) -> dict[str, list[str]] | None:
    kept: dict[str, list[str]] | None = json.loads(client.get(page).content)["kept"]
    return kept


def test_what_was_posted_is_there_after_the_login_once(expired: Client) -> None:
    client = expired
    answer = client.post("/forms/1/", FIELDS)
    assert answer["Location"] == "/accounts/login/?next=/forms/1/"
    assert "已替您留着" in client.get(answer["Location"]).content.decode()
    assert log_in(client, "/forms/1/")["Location"] == "/forms/1/"
    assert kept_at(client, "/forms/1/") == {"child:person.name": ["李小满"], "child:person.hobby": ["琴", "棋"]}
    assert kept_at(client, "/forms/1/") is None


def test_another_account_on_the_same_browser_is_given_nothing(expired: Client, wang: User) -> None:
    expired.post("/forms/1/", FIELDS)
    log_in(expired, "/forms/1/", "wang")
    assert kept_at(expired, "/forms/1/") is None
    assert "pending_post" not in expired.session
    expired.post("/accounts/logout/")
    log_in(expired, "/forms/1/")
    assert kept_at(expired, "/forms/1/") is None


def test_a_new_account_on_the_same_browser_is_given_nothing(expired: Client) -> None:
    expired.post("/forms/1/", FIELDS)
    expired.post(
        "/accounts/register/?next=/forms/1/",
        {
            "name": "陈䶮",
            "document_kind": "111",
            "number": "360102199003079991",
            "phone": "13912345678",
            "username": "chen",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert "_auth_user_id" in expired.session
    assert kept_at(expired, "/forms/1/") is None


def test_another_account_that_comes_in_through_the_console_is_given_nothing(expired: Client, wang: User) -> None:
    expired.post("/forms/1/", FIELDS)
    assert expired.get("/admin/login/")["Location"] == "/accounts/login/?next=/admin/"
    log_in(expired, "/admin/", "wang")
    assert "_auth_user_id" in expired.session
    assert kept_at(expired, "/forms/1/") is None


def test_what_a_page_of_nobody_known_posts_is_not_kept(client: Client, li: Person) -> None:
    answer = client.post("/forms/1/", FIELDS)
    assert "请重新登录后再试一次" in client.get(answer["Location"]).content.decode()
    assert "pending_post" not in client.session
    log_in(client, "/forms/1/")
    assert kept_at(client, "/forms/1/") is None


def test_it_ends_with_the_logout(expired: Client, li: Person) -> None:
    expired.post("/forms/1/", FIELDS)
    log_in(expired, "/")
    expired.post("/accounts/logout/")
    log_in(expired, "/forms/1/")
    assert kept_at(expired, "/forms/1/") is None


def test_a_page_still_open_after_the_logout_is_kept_for_its_own_account_alone(
    client: Client, li: Person, wang: User
) -> None:
    for username, is_given in (("wang", False), ("li", True)):
        log_in(client, "/")
        client.post("/accounts/logout/")
        client.post("/forms/1/", FIELDS)
        log_in(client, "/forms/1/", username)
        assert (kept_at(client, "/forms/1/") is not None) == is_given
        client.post("/accounts/logout/")


def test_a_page_of_before_anothers_login_gets_no_further_than_its_token(li: Person, wang: User) -> None:
    client = Client(enforce_csrf_checks=True)

    def token() -> dict[str, str]:
        page = client.get("/accounts/login/").content.decode()
        return {"csrfmiddlewaretoken": page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]}

    def come_in(username: str) -> None:
        answer = client.post("/accounts/login/", {"username": username, "password": PASSWORD, **token()})
        assert answer.status_code == 302

    come_in("li")
    of_li = {
        "csrfmiddlewaretoken": client.get("/accounts/profile/")
        .content.decode()
        .split('name="csrfmiddlewaretoken" value="')[1]
        .split('"')[0]
    }
    end_session(client)
    come_in("wang")
    end_session(client)
    assert client.post("/forms/1/", FIELDS | of_li).status_code == 403
    assert "pending_post" not in client.session


def test_messages_that_waited_for_one_account_are_not_shown_to_the_next(client: Client, li: Person, wang: User) -> None:
    log_in(client, "/")
    client.post("/accounts/profile/", {"phone": "13912345678"})
    client.post("/accounts/logout/")
    log_in(client, "/", "wang")
    assert "手机号已更改" not in client.get("/").content.decode()


def test_it_is_bound_to_its_page(expired: Client) -> None:
    client = expired
    client.post("/forms/1/", FIELDS)
    log_in(client, "/")
    assert kept_at(client, "/forms/2/") is None
    assert kept_at(client, "/forms/1/") is not None


def test_a_post_to_another_address_comes_back_to_its_page(expired: Client) -> None:
    client = expired
    answer = client.post("/forms/1/submit/", FIELDS)
    assert answer["Location"] == "/accounts/login/?next=/forms/1/"
    log_in(client, "/forms/1/")
    assert kept_at(client, "/forms/1/") is not None


def test_it_is_kept_for_half_an_hour(expired: Client) -> None:
    client = expired
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post("/forms/1/", FIELDS)
        log_in(client, "/forms/1/")
        clock.shift(timedelta(minutes=20))
        client.get("/")
        clock.shift(timedelta(minutes=11))
        assert kept_at(client, "/forms/1/") is None


def test_nothing_of_it_can_be_read_in_the_session_table(expired: Client) -> None:
    client = expired
    client.post("/forms/1/", FIELDS)
    stored = json.dumps(SessionStore().decode(Session.objects.get().session_data), ensure_ascii=False)
    assert "pending_post" in stored
    assert "李小满" not in stored
    assert "secret" not in stored


def test_too_much_is_not_kept_and_said_so(expired: Client) -> None:
    client = expired
    answer = client.post("/forms/1/", {"text": "字" * LARGEST_BYTES})
    assert "请重新登录后再试一次" in client.get(answer["Location"]).content.decode()
    log_in(client, "/forms/1/")
    assert kept_at(client, "/forms/1/") is None


def test_only_the_latest_pages_are_kept(expired: Client) -> None:
    client = expired
    for number in range(MOST_PAGES + 2):
        client.post(f"/forms/{number}/", FIELDS)
    assert list(client.session["pending_post"]) == [f"/forms/{n}/" for n in range(2, MOST_PAGES + 2)]


def test_files_are_not_kept_and_said_so(expired: Client) -> None:
    client = expired
    answer = client.post("/forms/1/", {**FIELDS, "paper": SimpleUploadedFile("a.pdf", b"x")})
    assert "文件需要重新选择" in client.get(answer["Location"]).content.decode()
    log_in(client, "/forms/1/")
    assert "paper" not in (kept_at(client, "/forms/1/") or {})


def test_a_changed_seal_opens_nothing(expired: Client) -> None:
    client = expired
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
