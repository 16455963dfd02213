"""What is posted as a passkey and is none is refused in words, at every page that takes one, and nothing of it is kept."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import Person, User
from tests.portal.accounts.conftest import PASSWORD

ADD = "/accounts/second-factor/passkeys/add/"
SHOW = "/accounts/second-factor/show/"
AGAIN = "/accounts/second-factor/show-again/passkey/"
CODE_AGAIN = "/accounts/second-factor/show-again/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def answer_of(client_data: Any, attestation: bytes = b"\xa0", **more: Any) -> str:
    def text(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    said = client_data if isinstance(client_data, bytes) else json.dumps(client_data).encode()
    response = {"clientDataJSON": text(said), "attestationObject": text(attestation)}
    response |= {
        "authenticatorData": text(attestation),
        "signature": text(attestation),
        "userHandle": text(attestation),
    }
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response, **more})


CREATED = {"type": "webauthn.create", "challenge": "AA", "origin": "http://testserver"}
DATA = b"\0" * 32 + b"\x45\0\0\0\0" + b"\0" * 16 + b"\0\1A"
NONE = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(DATA) + 1]) + DATA + b"\xa0"
NO_PASSKEYS = [
    *("", "null", "[]", "{}", "1", '"x"', "NaN", '{"id":1}', '{"id":"\\ud800"}', '{"type":"public-key"}'),
    '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    '{"id":"AA","rawId":"AA","response":[]}',
    '{"id":"AA","rawId":"AA","type":{},"response":{"clientDataJSON":"\\u0000"}}',
    *("[" * 5000, '{"a":' * 3000, "[" * 60_000 + "]" * 60_000, "1" * 5000, '{"id":' + "9" * 5000 + "}"),
    *(answer_of(said) for said in (None, [], {}, 1, b"", b"\xff", CREATED, {**CREATED, "challenge": 1, "origin": 1})),
    *(answer_of(CREATED, cut) for cut in (b"", b"\x5f", b"\x9b" + b"\xff" * 8, b"\x81" * 5000, NONE, NONE[:-40])),
    answer_of(CREATED, NONE, clientExtensionResults={"credProps": {"rk": "\ud800"}}),
    answer_of(CREATED, NONE, clientExtensionResults=[]),
    answer_of({**CREATED, "type": "webauthn.get"}, DATA),
]  # fmt: skip


@pytest.fixture
def citizen(settings: Settings, li: Person) -> User:
    settings.YIJIAN_SECOND_FACTOR = True
    assert li.user is not None
    return li.user


@pytest.fixture
def inside(client: Client, citizen: User) -> Client:
    """Somebody without a factor, who has just typed the password again."""
    client.post("/accounts/login/", {"username": "li", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_none_is_added(inside: Client, citizen: User) -> None:
    for posted in NO_PASSKEYS:
        inside.get(ADD)
        page = inside.post(ADD, {"name": "x", "credential": posted})
        assert page.status_code == 200, posted[:200]
        assert "没有完成，请再试一次" in page.content.decode(), posted[:200]
    assert not Authenticator.objects.filter(user=citizen).exists()


def test_none_opens_at_the_login(client: Client, citizen: User) -> None:
    TOTP.activate(citizen, SECRET)
    client.post("/accounts/login/", {"username": "li", "password": PASSWORD})
    for posted in NO_PASSKEYS:
        client.get(SHOW)
        page = client.post(SHOW, {"credential": posted})
        assert page.status_code == 200, posted[:200]
        assert 'role="alert"' in page.content.decode(), posted[:200]
    assert "_auth_user_id" not in client.session


def test_none_counts_as_shown_again(inside: Client, citizen: User) -> None:
    TOTP.activate(citizen, SECRET)
    for posted in NO_PASSKEYS:
        inside.get(AGAIN)
        assert inside.post(AGAIN, {"credential": posted}).status_code == 302, posted[:200]
    assert inside.post(CODE_AGAIN, {"credential": NO_PASSKEYS[-1]}).status_code == 200


def test_no_page_of_a_factor_fails_at_what_is_no_code(inside: Client, citizen: User) -> None:
    for address in (
        "code/",
        "code/stop/",
        "recovery-codes/",
        "recovery-codes/new/",
        "passkeys/99999999999999999999/remove/",
    ):
        for posted in ("", "\0", "\ud7ff" * 3, "9" * 5000, "١٢٣٤٥٦", "[" * 5000, "²"):
            answer = inside.post(f"/accounts/second-factor/{address}", {"code": posted, "next": posted, "name": posted})
            assert answer.status_code < 500, (address, posted[:20])
