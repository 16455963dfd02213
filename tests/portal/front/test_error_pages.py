"""Pages that say that something is wrong, for requests whose body nobody can read."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.test import Client
from django.urls import reverse

from matters.drafts.saving import start_draft
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db

FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nq\r\n'
BODIES = {
    "form in another encoding": ("application/x-www-form-urlencoded; charset=utf-16", b"1=2"),
    "form without a boundary": ("multipart/form-data", b"1=2"),
    "form with an empty boundary": ("multipart/form-data; boundary=", b"1=2"),
    "form with a foreign boundary": ("multipart/form-data; boundary=é", b"1=2"),
    "form of long headers": (
        "multipart/form-data; boundary=x",
        b"--x\r\nX: " + b"y" * 3_000 + b"\r\n\r\n\r\n--x--\r\n",
    ),
    "form of many files": ("multipart/form-data; boundary=x", FILE * 200 + b"--x--\r\n"),
    "form of many fields": ("application/x-www-form-urlencoded", b"&".join([b"a=b"] * 9_000)),
    "form that is too large": ("application/x-www-form-urlencoded", b"a=" + b"b" * 3_000_000),
}


def asked(client: Client, address: str, body: str, **more: Any) -> int:
    """Send what a browser sends that has a token of ours, and return the status."""
    content_type, content = BODIES[body]
    client.cookies["csrftoken"] = "a" * 32
    headers = {"x-csrftoken": "a" * 32, **more.pop("headers", {})}
    return client.generic("POST", address, content, content_type=content_type, headers=headers, **more).status_code


@pytest.fixture
def browser() -> Client:
    """Return a client whose tokens are checked, as everybody's are but those of tests."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_cannot_be_read_is_refused_and_no_error_of_ours(browser: Client, body: str) -> None:
    assert asked(browser, reverse("home"), body) in (400, 405)
    assert asked(browser, reverse("search"), body) in (400, 405)
    assert asked(browser, reverse("accounts:login"), body) == 400
    assert asked(browser, reverse("accounts:login") + "?o=a%00b", body) == 400
    assert asked(browser, "/no/such/page/", body) == 404
    assert asked(browser, reverse("accounts:login"), body, headers={"host": "127.0.0.Ó1"}) == 400


class Broken:
    """What a server hands on of a connection that ends within its body."""

    def read(self, size: int = -1) -> NoReturn:
        raise ConnectionResetError

    readline = read


@pytest.fixture
def town() -> Town:
    return build_town()


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_connection_that_ends_within_a_body_is_no_error_of_ours(town: Town, content_type: str) -> None:
    """Wherever the body is read: a form, a form that keeps any text, a JSON body, the API."""
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    client = logged_in(town.li)
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "a" * 32
    statuses = {
        address: client.post(
            address,
            b"never read",
            content_type=content_type,
            headers={"x-csrftoken": "a" * 32},
            **{"wsgi.input": Broken()},  # type: ignore[arg-type]
        ).status_code
        for address in (
            reverse("accounts:login"),
            reverse("matters:form", args=[draft.pk]),
            reverse("matters:autosave", args=[draft.pk]),
            "/api/v1/matters/newborn/plan/",
            "/no/such/page/",
        )
    }
    api, nowhere = list(statuses)[-2:]
    assert statuses == dict.fromkeys(statuses, 400) | {api: 415, nowhere: 404}
    with_json = client.post(api, b"{}", content_type="application/json", **{"wsgi.input": Broken()})  # type: ignore[arg-type]
    assert with_json.status_code == 400
