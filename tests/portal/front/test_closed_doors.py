"""What holds at every address: no POST without its token, no way off the host."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Person, User
from portal.ledger.models import Event
from tests.addresses import addresses
from tests.rights.asking import undrawn
from tests.worlds.cast import LI, PASSWORD, user_of

__all__ = ["undrawn"]

pytestmark = pytest.mark.django_db

BACKEND = "portal.accounts.backends.AccountBackend"
# Without a session there is nothing a forged request could borrow.
WITHOUT_SESSION = ("/api/", "/systems/")  # the latter: signed by a system, tests/matters/handing_over


def state() -> tuple[object, ...]:
    """Return what a forged request could have changed."""
    sessions = sorted(Session.objects.values_list("session_key", "session_data"))
    users = sorted(User.objects.values_list("pk", "password", "is_active", "is_superuser"))
    return sessions, users, Group.objects.count(), Event.objects.count(), Person.objects.count()


@pytest.mark.parametrize("who", ["nobody", "citizen", "administrator"])
def test_no_address_takes_a_post_without_its_token(undrawn: None, who: str) -> None:
    client = Client(enforce_csrf_checks=True)
    if who == "citizen":
        client.force_login(user_of(LI), backend=BACKEND)
    elif who == "administrator":
        client.force_login(User.objects.create_superuser("root", password=PASSWORD), backend=BACKEND)
    before = state()
    taken = {}
    for address in addresses():
        if not address.startswith(WITHOUT_SESSION):
            for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
                answer = client.post(address, {"name": "x", "next": "/", "action": "delete_selected", **token})
                if answer.status_code != 403:
                    taken[address] = answer.status_code
    assert taken == {}
    assert state() == before


def test_a_token_of_another_browser_is_none() -> None:
    other = Client()
    other.get(reverse("accounts:login"))
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("accounts:login"))
    stolen = other.cookies["csrftoken"].value
    answer = client.post(reverse("set_display"), {"display": "care", "csrfmiddlewaretoken": stolen})
    assert answer.status_code == 403


ELSEWHERE = (
    "http://evil.example/", "https://evil.example", "HTTPS://EVIL.EXAMPLE", "//evil.example/", "///evil.example", "////evil.example",
    "/////evil.example", r"\\evil.example", r"/\evil.example", r"/\/evil.example", r"\/evil.example", r"\/\/evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "\r//evil.example",
    "\x01//evil.example", "\x1f//evil.example", "\u2028//evil.example", "\ufeff//evil.example", "\u3000//evil.example",
    "http:evil.example", "http:/evil.example", "http:///evil.example", "http:\\\\evil.example", "https:evil.example",
    "http://testserver@evil.example/", "http://testserver:80@evil.example/", "http://testserver%40evil.example/",
    "http://testserver.evil.example/", "http://evil.example#@testserver/", "http://evil.example?testserver/",
    "http://evil.example\\@testserver/", "http://evil.example\\.testserver/", "//testserver@evil.example", "//evil.example:80",
    "//evil%2eexample", "//evil。example", "//ｅvil.example", "//[::ffff:127.0.0.1]/", "http://[::1]/", "http://[bad", "http://2130706433/",
    "http://0x7f.1/", "//127.1", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
    "javascript://testserver/%0aalert(1)", "data:text/html,x", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "file:///etc/passwd",
    "ftp://testserver/", "mailto:a@evil.example", "blob:http://testserver/x", "view-source:http://evil.example", "about:blank",
    "//evil.example/%2f..", "/%09/evil.example/..//evil.example", ".//evil.example", "..//evil.example", "?next=//evil.example",
    "http://evil.example%00.testserver/", "https://testserver:bad/", "http://user:pass@testserver/", "/.evil.example", "@evil.example",
)  # fmt: skip


def leads(location: str, page: str) -> tuple[str, str]:
    """Return scheme and host that a browser goes to: backslashes are slashes, and what cannot be seen is dropped."""
    seen = (
        "".join(letter for letter in location if letter not in "\t\r\n")
        .lstrip("".join(map(chr, range(33))))
        .replace("\\", "/")
    )
    target = urlsplit(urljoin(f"http://testserver{page}", seen))
    return target.scheme, target.netloc


def test_the_corpus_is_large_enough() -> None:
    assert len(set(ELSEWHERE)) >= 60


@pytest.mark.parametrize(
    "name",
    [
        "accounts:login",
        "accounts:register",
        "accounts:logout",
        "set_display",
        "set_language",
        "admin:login",
        "admin:logout",
    ],
)
def test_no_address_leads_off_the_host(undrawn: None, name: str) -> None:
    """At every place that reads where to go next: by GET and POST, logged in and not."""
    client, nobody, user, place = Client(), Client(), user_of(LI), reverse(name)
    for target in ELSEWHERE:
        sent = {
            "next": target,
            "username": LI.username,
            "password": PASSWORD,
            "language": "en",
            "display": "care",
            "referer": target,
        }
        typed, referer = target.replace("#", "%23").replace("&", "%26"), target.encode("ascii", "ignore").decode()
        if "_auth_user_id" not in client.session:  # it was logged out
            client.force_login(user, backend=BACKEND)
        nobody.cookies.clear()
        for who in (client, nobody):
            for answer in (
                who.get(place, {"next": target}),
                who.post(place, sent, headers={"referer": referer.strip()}),
                who.post(f"{place}?next={typed}", {**sent, "next": ""}),
            ):
                location = answer.headers.get("location", "")
                assert not location or leads(location, place) == ("http", "testserver"), (target, location)
                assert answer.status_code < 500, target


@pytest.mark.parametrize("name", ["accounts:login", "accounts:register"])
def test_a_page_is_drawn_wherever_it_is_to_lead(name: str) -> None:
    client = Client()
    assert {client.get(reverse(name), {"next": target}).status_code for target in ELSEWHERE} == {200}


@pytest.mark.parametrize(
    "place", ["account_reauthenticate", "mfa_reauthenticate", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"]
)
def test_no_page_of_the_second_factor_leads_off_the_host(place: str) -> None:
    """They pass ``next`` on to each other, and what is no address at all on the way is none of their errors."""
    client, address = Client(), reverse(place)
    client.force_login(user_of(LI), backend=BACKEND)
    for target in ELSEWHERE:
        sent = {"next": target, "password": PASSWORD}
        for answer in (client.get(address, sent), client.post(address, sent)):
            location = answer.headers.get("location", "")
            assert not location or leads(location, address) == ("http", "testserver"), (target, location)
            assert answer.status_code < 500, target


def test_what_is_not_there_leads_nowhere_else(client: Client) -> None:
    for path in (
        "//evil.example/%2e%2e",
        "//evil.example",
        "/%2f%2fevil.example",
        "/\\evil.example",
        "//evil.example/matters",
    ):
        answer = client.get(path.replace("//", "/%2F", 1))
        location = answer.headers.get("location", "")
        assert not location or leads(location, "/") == ("http", "testserver"), location
