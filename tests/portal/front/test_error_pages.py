"""Pages that say that something is wrong, for requests whose body nobody can read."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NoReturn

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse

from matters.drafts.saving import start_draft
from portal.lib.wsgi_requests import AnyRequest, serving
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db

FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nq\r\n'
FIELD = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nq\r\n--x--\r\n'
CODED = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nabc\r\n--x--\r\n'
NAMED = b"--x\r\nContent-Disposition: form-data; name*=undefined''%FF; filename*=zz''%E4\r\n\r\nq\r\n--x--\r\n"
BODIES = {
    "form in another encoding": ("application/x-www-form-urlencoded; charset=utf-16", b"1=2"),
    "form in Chinese of another encoding": ("application/x-www-form-urlencoded; charset=gbk", b"a=1"),
    "form without a boundary": ("multipart/form-data", b"1=2"),
    "form with an empty boundary": ("multipart/form-data; boundary=", b"1=2"),
    "form with a foreign boundary": ("multipart/form-data; boundary=é", b"1=2"),
    "form of long headers": (
        "multipart/form-data; boundary=x",
        b"--x\r\nX: " + b"y" * 3_000 + b"\r\n\r\n\r\n--x--\r\n",
    ),
    "form of many files": ("multipart/form-data; boundary=x", FILE * 200 + b"--x--\r\n"),
    "form of one long name": ("multipart/form-data; boundary=x", FIELD.replace(b'"f"', b'"' + b"f" * 200_000 + b'"')),
    "form of a broken file": ("multipart/form-data; boundary=x", CODED),
    "form with one large field": ("multipart/form-data; boundary=x", FIELD.replace(b"q", b"q" * 10_000_000)),
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


UNREADABLE = {
    "multipart/form-data; boundary*=utf-99''x": b"a=1",
    "multipart/form-data; boundary*=undefined''x": b"a=1",
    "multipart/form-data; boundary=x; charset=hex": FIELD,
    "multipart/form-data; boundary=x; charset=undefined": FIELD,
    "multipart/form-data; boundary=x; charset=idna": FIELD,
    "application/x-www-form-urlencoded; charset=hex": b"a=1",
    "application/x-www-form-urlencoded; charset=gbk": b"a=1",
    "application/x-www-form-urlencoded; charset*=gbk''gbk": b"a=1",
}


def served(content_type: str, method: str, address: str, body: bytes = b"") -> HttpResponseBase:
    """Ask as a web server does: clients of tests read the header by themselves."""
    path, _mark, query = address.partition("?")
    token = {"HTTP_COOKIE": f"csrftoken={'a' * 32}", "HTTP_X_CSRFTOKEN": "a" * 32}
    sent = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO(body)}
    said = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    return serving().get_response(AnyRequest(RequestFactory().get("/").environ | token | sent | said))


@pytest.mark.parametrize("content_type", UNREADABLE)
def test_a_header_that_cannot_be_read_is_no_error_of_ours(content_type: str) -> None:
    body = UNREADABLE[content_type]
    assert served(content_type, "POST", reverse("accounts:login"), body).status_code == 400
    assert served(content_type, "POST", reverse("home"), body).status_code in (400, 405)
    assert served(content_type, "POST", "/no/such/page/", body).status_code == 404
    found = served(content_type, "GET", f"{reverse('search')}?q=%E5%87%BA%E7%94%9F")
    assert isinstance(found, HttpResponse)
    assert "出生" in found.content.decode()


def test_a_web_server_is_handed_such_requests() -> None:
    assert serving().request_class is AnyRequest


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
