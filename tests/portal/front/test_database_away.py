"""While the database is away pages say so at once, with 503, and nothing that was typed is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.database.limits import WEB_LIMITS, set_web_limits
from portal.front.error_pages import RETRY_AFTER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def li(client: Client) -> Client:
    client.force_login(User.objects.create_user("li-away", name="李"))
    client.raise_request_exception = False
    client.get(reverse("accounts:profile"))  # what the first page of a process reads once
    return client


@pytest.fixture
def away(li: Client) -> Iterator[None]:
    """Nobody listens where the database was."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        yield
    finally:
        connection.settings_dict["PORT"] = port
        connection.close()


class _Fields(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.is_inside = False
        self.found: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "textarea":
            self.found.append([dict(attrs)["name"] or "", ""])
            self.is_inside = True

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = False

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.found[-1][1] += data


def test_a_page_says_so_at_once(li: Client, away: None) -> None:
    begun = time.monotonic()
    answer = li.get(reverse("accounts:profile"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_AFTER)
    assert "系统暂时连不上" in answer.content.decode()
    assert time.monotonic() - begun < 1


def test_what_was_typed_comes_back_to_be_sent_under_the_same_key(li: Client, away: None) -> None:
    typed: dict[str, object] = {"key": "8f14e45f", "note": "\n第一行\n<b>第二行</b>", "choice": ["甲", "乙"]}
    answer = li.post(reverse("accounts:profile") + "?from=1", typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert f'action="{reverse("accounts:profile")}?from=1"' in page
    fields = [(name, value.removeprefix("\n").removesuffix("\n")) for name, value in _Fields(page).found]
    assert ("key", "8f14e45f") in fields
    assert [value for name, value in fields if name == "choice"] == ["甲", "乙"]
    assert "&lt;b&gt;第二行&lt;/b&gt;" in page


@pytest.mark.parametrize(
    "typed", [{"password": "geheim-1"}, {"paper": SimpleUploadedFile("a.txt", b"x"), "note": "geheim-1"}]
)
def test_secrets_and_files_are_left_to_the_page_they_were_typed_on(
    li: Client, away: None, typed: dict[str, object]
) -> None:
    page = li.post(reverse("accounts:profile"), typed).content.decode()
    assert "geheim-1" not in page
    assert "返回" in page


def test_the_api_says_it_in_its_own_form(li: Client, away: None) -> None:
    answer = li.get("/api/v1/applications/")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == str(RETRY_AFTER)


def test_it_works_again_when_the_database_is_back(li: Client) -> None:
    assert li.get(reverse("accounts:profile")).status_code == 200


def test_a_web_connection_bounds_statements_locks_and_forgotten_transactions() -> None:
    set_web_limits(connection)
    with connection.cursor() as cursor:
        for limit, longest in WEB_LIMITS.items():
            cursor.execute(f"SHOW {limit}")
            assert cursor.fetchone()[0].replace("1min", "60s") == longest
    connection.close()
