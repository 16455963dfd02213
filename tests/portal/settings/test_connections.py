"""The systems that may be asked are named by the environment alone, and what is weak does not start a real deployment."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.lib.message_signatures import OutgoingRequest, sign, verify
from portal.settings.connections import Connection, connection_faults, sharing_connections

KEY = base64.b64encode(secrets.token_bytes(32)).decode()


def test_they_are_read_from_json_or_from_a_file_of_it(tmp_path: Path) -> None:
    told = json.dumps({"population": {"url": "https://ga.example/population", "key": KEY}, "fund": {"folder": "/in"}})
    (tmp_path / "connections.json").write_text(told)
    expected = {
        "population": Connection("https://ga.example/population", key=KEY),
        "fund": Connection(folder="/in"),
    }
    assert sharing_connections(told) == sharing_connections(str(tmp_path / "connections.json")) == expected
    assert sharing_connections("") == {}


@pytest.mark.parametrize(
    "host", ["a.example", "A.example:8443", "10.0.0.5", "[::1]", "[2001:db8::1]:8443", "a_b", "a..b"]
)
@pytest.mark.parametrize("path", ["", "/", "/share/population", "/a//b;c=1", "/%E4%BE%8B", "/a:b@c,(d)!$&'*+=~-._"])
def test_every_address_that_starts_can_be_signed(host: str, path: str) -> None:
    url = f"https://{host}{path}"
    sharing_connections(json.dumps({"a": {"url": url}}))
    request = OutgoingRequest("POST", url, {"host": host, "content-type": "application/json"}, b"{}")
    sign(request, b"k" * 32)
    assert verify(request, b"k" * 32)


def test_no_key_is_printed() -> None:
    assert KEY not in repr(Connection("https://a.example/", key=KEY))
    with pytest.raises(ImproperlyConfigured) as refused:
        sharing_connections("{" + KEY)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    "told",
    [
        "/no/such/file",
        "[]",
        '{"a": []}',
        '{"a": {}}',
        '{"a": {"url": "https://a.example/", "folder": "/in"}}',
        '{"a": {"url": "https://a.example/", "pasword": "x"}}',
        '{"a": {"url": "https://a.example/", "key": 1}}',
        '{"a": {"url": "https://a.example/", "key": "short"}}',
        '{"a": {"url": "https://a.example/", "certificate": "/a.pem"}}',
        *(
            json.dumps({"a": {"url": url}})
            for url in (
                *("file:///etc/passwd", "gopher://a.example/", "//a.example/", "a.example", "https://"),
                *(
                    "https://u:p@a.example/",
                    "https://a.example/?x=1",
                    "https://a.example/#x",
                    "https://a.example:99999/",
                ),
                *("https://a.example/%zz", "https://a.example/a\\b", 'https://a.example/"', "https://a.example/{x}"),
                *("https://a.example/\r\nX: y", "https://a.example/a b", "https://例子.cn/"),
            )
        ),
    ],
)
def test_what_cannot_be_meant_stops_the_start(told: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        sharing_connections(told)


@pytest.mark.parametrize(
    ("connection", "fault"),
    [
        (Connection("https://a.example/", key=KEY), ""),
        (Connection("http://127.0.0.1:8100/", key=KEY), ""),
        (Connection("http://[::1]/", key=KEY), ""),
        (Connection("https://a.example/", certificate=__file__, certificate_key=__file__), ""),
        (Connection(folder="/in", key=KEY), ""),
        (Connection("http://a.example/", key=KEY), "plain http"),
        (Connection("http://10.0.0.5/", key=KEY), "plain http"),
        (Connection("http://127.0.0.1.a.example/", key=KEY), "plain http"),
        (Connection("https://a.example/"), "neither a client certificate nor a key"),
        (Connection(folder="/in"), "has no key"),
        (Connection("https://a.example/", key=base64.b64encode(b"a" * 32).decode()), "32 random bytes"),
        (Connection("https://a.example/", key=KEY, authority="/no/such.pem"), "cannot be read"),
    ],
)
def test_a_real_deployment_refuses_what_is_weak(connection: Connection, fault: str) -> None:
    faults = connection_faults({"a": connection})
    assert [fault in each for each in faults] == ([True] if fault else [])
    assert KEY not in str(faults)
