"""A source over HTTP: what it says is taken, and nothing it does to us gets further than a reply."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from structlog.testing import capture_logs

from portal.lib.message_signatures import BadSignature, OutgoingRequest, verify
from portal.lib.shared_cache import SharedCache
from portal.lib.uuid7 import uuid7
from portal.lib.vault import key_bytes
from portal.settings import base
from portal.settings.connections import Connection
from portal.sharing.adapters import breaker, http_json
from portal.sharing.adapters.http_json import HttpJson
from portal.sharing.core.inquiry import Reply
from tests.portal.sharing.sources import (
    FOUND,
    KEY,
    SUBJECT,
    Behaviour,
    Source,
    answer,
    cut,
    drip,
    flood,
    http,
    inquiry,
    raw,
    silent,
    source,
)


@pytest.fixture
def code() -> Iterator[str]:
    """A source of the test's own: breakers outlive tests."""
    yield f"test-{uuid7().hex}"
    cache.clear()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time as it is, only shorter: that it is kept is what is tried."""
    monkeypatch.setattr(http_json, "WHOLE_SECONDS", 0.3)


def ask(at: Source | str, code: str, **options: str) -> Reply:
    url = at if isinstance(at, str) else f"http://127.0.0.1:{at.port}/population"
    with override_settings(YIJIAN_SHARING_CONNECTIONS={"here": Connection(url, key=KEY, **options)}):
        return HttpJson().ask(inquiry(code))


def received(request: bytes) -> OutgoingRequest:
    head, _end, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    method, path, _version = first.split(" ")
    return OutgoingRequest(method, f"http://{headers['host']}{path}", headers, body)


class TestAsking:
    def test_it_takes_what_was_asked_for(self, code: str) -> None:
        with source(answer()) as here:
            reply = ask(here, code)
        assert reply.outcome == "found"
        assert reply.elements == {"person.name": "李婉清"}
        assert reply.documents == {"card": {"number": "36"}}

    def test_the_request_says_who_asks_what_about_whom_and_on_what_ground_and_is_signed(self, code: str) -> None:
        with source(answer()) as here:
            ask(here, code)
        message = received(here.requests[0])
        assert verify(message, key_bytes(KEY))
        assert json.loads(message.body) == {
            "fetch": "the-fetch",
            "consent": "the-consent",
            "purpose": "办理出生登记",
            "items": ["hukou"],
            "subject": {"kind": "111", "number": SUBJECT.number, "name": "李婉清"},
            "wanted": ["element:person.name", "material:card"],
        }
        assert SUBJECT.number not in message.url + str(message.headers)

    def test_the_signature_is_the_one_of_the_standard(self, code: str) -> None:
        """RFC 9421 section 2.5 with `hmac-sha256` (3.3.3), computed by hand."""
        with source(answer()) as here:
            ask(here, code)
        message = received(here.requests[0])
        parameters = message.headers["signature-input"].partition("=")[2]
        assert parameters.startswith('("@method" "@authority" "@path" "content-type" "content-digest");created=')
        digest = base64.b64encode(hashlib.sha256(message.body).digest()).decode()
        base = (
            f'"@method": POST\n"@authority": 127.0.0.1:{here.port}\n"@path": /population\n'
            f'"content-type": application/json\n"content-digest": sha-256=:{digest}:\n"@signature-params": {parameters}'
        )
        expected = base64.b64encode(hmac.new(key_bytes(KEY), base.encode(), hashlib.sha256).digest()).decode()
        assert message.headers["signature"].endswith(f"=:{expected}:")

    @pytest.mark.parametrize("change", ["body", "path", "method", "moment", "key", "type"])
    def test_what_was_changed_on_the_way_is_seen(self, code: str, change: str) -> None:
        with source(answer()) as here:
            ask(here, code)
        message, key = received(here.requests[0]), key_bytes(KEY)
        if change == "body":
            message.body = message.body.replace(SUBJECT.number.encode(), b"36010219930307999X")
        if change == "path":
            message.url += "/marriage"
        if change == "method":
            message.method = "PUT"
        if change == "moment":
            message.headers["signature-input"] = message.headers["signature-input"].replace("created=1", "created=2")
        if change == "key":
            key = hashlib.sha256(b"another").digest()
        if change == "type":
            message.headers["content-type"] = "text/plain"
        with pytest.raises(BadSignature):
            verify(message, key)

    def test_nothing_found_is_an_answer(self, code: str) -> None:
        with source(answer({"found": False, "as_of": "2026-11-30"}), answer({"found": False}, "404 Not Found")) as here:
            assert ask(here, code).outcome == "not_found"
            assert ask(here, code).outcome == "not_found"

    def test_an_address_that_nobody_set_up_is_asked_nothing(self, code: str) -> None:
        with override_settings(YIJIAN_SHARING_CONNECTIONS={}):
            assert HttpJson().ask(inquiry(code, "http://169.254.169.254/latest")).outcome == "away"

    def test_the_environment_names_no_proxy_for_it(self, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with source(answer()) as here, source(answer()) as proxy:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
            assert ask(here, code).outcome == "found"
        assert proxy.asked == 0


class TestBadHabits:
    @pytest.mark.parametrize(
        ("behaviour", "outcome"),
        [
            pytest.param(answer(b"<html>"), "unreadable", id="garbage"),
            pytest.param(answer(b'{"found": true, "record": {}, "record": {}}'), "unreadable", id="a key twice"),
            pytest.param(answer(b"\xff\xfe"), "unreadable", id="no text"),
            pytest.param(answer(b"[" * 100_000), "unreadable", id="deep"),
            pytest.param(answer(b'{"found": true, "record": {"name": NaN}}'), "unreadable", id="no number"),
            pytest.param(answer(kind="text/html"), "unreadable", id="another type"),
            pytest.param(answer(None, "200 OK", "Content-Encoding: gzip"), "unreadable", id="packed"),
            pytest.param(answer(None, "201 Created"), "unreadable", id="another status"),
            pytest.param(answer(None, "404 Not Found"), "unreadable", id="404 with a record"),
            pytest.param(answer(b"no such page", "404 Not Found", kind="text/html"), "unreadable", id="a proxy's 404"),
            pytest.param(flood, "unreadable", id="ten megabytes"),
            pytest.param(answer({**FOUND, "record": {"name": {}}}), "unreadable", id="a value of no kind"),
            pytest.param(answer({**FOUND, "subject": {"kind": "111", "number": "1"}}), "unreadable", id="of another"),
            pytest.param(answer({}, "401 Unauthorized"), "refused", id="401"),
            pytest.param(answer({}, "403 Forbidden"), "refused", id="403"),
            pytest.param(answer({}, "429 Too Many Requests"), "away", id="429"),
            pytest.param(answer({}, "500 Internal Server Error"), "away", id="500"),
            pytest.param(answer({}, "503 Service Unavailable"), "away", id="503"),
            pytest.param(cut, "away", id="cut off"),
            pytest.param(raw(b"SSH-2.0-OpenSSH\r\n"), "away", id="no HTTP"),
            pytest.param(raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "away", id="many headers"),
            pytest.param(raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400_000), "away", id="a long header"),
            pytest.param(raw(http(b"{}")[:-1]), "away", id="torn"),
        ],
    )
    def test_each_is_a_reply(self, code: str, behaviour: Behaviour, outcome: str) -> None:
        with source(behaviour) as here:
            reply = ask(here, code)
        assert (reply.outcome, reply.elements, reply.documents) == (outcome, {}, {})

    def test_no_redirect_is_followed(self, code: str) -> None:
        with source(answer()) as elsewhere:
            with source(answer({}, "307 Temporary", f"Location: http://127.0.0.1:{elsewhere.port}/")) as here:
                assert ask(here, code).outcome == "unreadable"
            assert elsewhere.asked == 0

    @pytest.mark.parametrize(
        "behaviour",
        [
            pytest.param(silent, id="silence"),
            pytest.param(drip(http(b" " * 5000)), id="a byte now and then"),
            pytest.param(drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 90), id="headers now and then"),
            pytest.param(drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 900, 0.001), id="not yet, for ever"),
        ],
    )
    @pytest.mark.usefixtures("impatient")
    def test_nobody_is_waited_for_longer_than_the_whole_time(self, code: str, behaviour: Behaviour) -> None:
        with source(behaviour) as here:
            started = time.monotonic()
            assert ask(here, code).outcome == "away"
            # Ten times the time: a slow machine is no fault, a server that sets the time itself would take minutes.
            assert time.monotonic() - started < 3

    def test_where_nobody_listens_nobody_is_there(self, code: str) -> None:
        with source(answer()) as here:
            port = here.port
        assert ask(f"http://127.0.0.1:{port}/", code).outcome == "away"
        assert ask("http://no-such-host.invalid/", code).outcome == "away"
        assert ask("http://a..b/", code).outcome == "away"

    def test_its_log_names_nobody(self, code: str) -> None:
        told = {**FOUND, "record": {"name": {"first": "婉清"}}}
        with capture_logs() as lines, source(answer(told)) as here:
            ask(here, code)
        assert [(line["event"], line["outcome"], line["reason"]) for line in lines] == [
            ("source_trouble", "unreadable", "element:person.name")
        ]
        assert "婉清" not in str(lines)
        assert SUBJECT.number not in str(lines)


HEADS = st.sampled_from(
    [
        *(
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.0 200\r\n",
            b"HTTP/1.1 404 x\r\n",
            b"HTTP/1.1 99999 x\r\n",
            b"HTTP/9 200\r\n",
        ),
        *(b"HTTP/1.1 204 x\r\n", b"HTTP/1.1 304 x\r\n", b"HTTP/1.1 101 x\r\n", b"\r\n", b""),
    ]
)
HEADERS = st.sampled_from(
    [
        *(b"Content-Type: application/json\r\n", b"Content-Type: ;;\r\n", b"Content-Type: \xff\r\n", b"Nonsense\r\n"),
        *(b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: many\r\n", b"Content-Length: 99\r\n"),
        *(
            b"Transfer-Encoding: chunked\r\n",
            b"Content-Encoding: gzip\r\n",
            b" folded\r\n",
            b": \r\n",
            b"\x00: \x00\r\n",
        ),
    ]
)
BODIES = st.binary(max_size=40) | st.sampled_from(
    [b'{"found": false}', b"5\r\n{}\r\n", b"zz\r\n", b"-1\r\n", b"[", b"1e999"]
)


class TestAnything:
    @given(st.lists(st.tuples(HEADS, st.lists(HEADERS, max_size=3), BODIES), min_size=6, max_size=6))
    @settings_of_hypothesis(max_examples=5, deadline=None)
    def test_whatever_bytes_come_are_a_reply(self, told: list[tuple[bytes, list[bytes], bytes]]) -> None:
        answers = [raw(head + b"".join(headers) + b"\r\n" + body) for head, headers, body in told]
        with source(*answers) as here, pytest.MonkeyPatch.context() as patch:
            patch.setattr(http_json, "PAUSE_SECONDS", (0.0, 0.0))
            outcomes = {ask(here, f"test-{uuid7().hex}").outcome for _answer in answers}
        assert outcomes <= {"not_found", "refused", "away", "unreadable"}


class TestTryingAgain:
    @pytest.mark.parametrize(
        "first",
        [cut, answer({}, "502 Bad Gateway"), answer({}, "503 Service Unavailable"), answer({}, "504 Gateway Timeout")],
    )
    def test_what_passes_is_asked_once_more(self, code: str, first: Behaviour) -> None:
        with source(first, answer()) as here:
            assert ask(here, code).outcome == "found"
        assert here.asked == 2
        nonces = {verify(received(request), key_bytes(KEY)) for request in here.requests}
        assert len(nonces) == 2

    @pytest.mark.parametrize("told", [answer({}, "500 Internal Server Error"), answer({}, "403 No"), answer(b"?")])
    def test_what_was_answered_is_not_asked_again(self, code: str, told: Behaviour) -> None:
        with source(told) as here:
            ask(here, code)
        assert here.asked == 1


class TestBreaker:
    def test_after_five_failures_nothing_is_asked_until_one_try_after_the_pause(
        self, code: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken: list[Behaviour] = [answer({}, "500 Internal Server Error")] * 6
        with source(*broken, answer()) as here:
            for _time in range(breaker.FAILURES):
                ask(here, code)
            assert ask(here, code).outcome == "away"
            assert here.asked == 5
            cache.delete(f"sharing:{code}:paused")  # the pause is over
            assert ask(here, code).outcome == "away"  # the one try fails, and the pause begins again
            assert ask(here, code).outcome == "away"
            assert here.asked == 6
            cache.delete(f"sharing:{code}:paused")
            assert ask(here, code).outcome == "found"
            assert ask(here, code).outcome == "found"
            assert here.asked == 8

    def test_after_the_pause_one_of_many_goes_through(self, code: str) -> None:
        for _time in range(breaker.FAILURES):
            breaker.failed(code)
        assert not breaker.lets_through(code)
        cache.delete(f"sharing:{code}:paused")
        assert [breaker.lets_through(code) for _process in range(4)] == [True, False, False, False]

    def test_all_processes_count_together(self, code: str, broker: None) -> None:
        """In Valkey, as `make run` and a deployment have it: what this process counts holds for one that knows nothing else."""
        with override_settings(CACHES={"default": {**base.CACHES["default"], "LOCATION": settings.REDIS_URL}}):
            SharedCache.away_until = 0
            for _time in range(breaker.FAILURES - 1):
                breaker.failed(code)
            assert breaker.lets_through(code)
            breaker.failed(code)
            assert not breaker.lets_through(code)
            with redis.Redis.from_url(settings.REDIS_URL) as elsewhere:
                keys = list(elsewhere.scan_iter(f"*{code}*"))
                assert len(keys) == 2
                assert all(0 < elsewhere.ttl(key) <= breaker.REMEMBERED_SECONDS for key in keys)
            breaker.succeeded(code)
            assert breaker.lets_through(code)

    def test_failures_between_answers_do_not_add_up(self, code: str) -> None:
        for _time in range(3):
            for _failure in range(breaker.FAILURES - 1):
                breaker.failed(code)
            breaker.succeeded(code)
        assert breaker.lets_through(code)

    def test_a_source_in_its_pause_leaves_the_others_alone(self, code: str) -> None:
        for _time in range(breaker.FAILURES):
            breaker.failed(code)
        assert breaker.lets_through(f"{code}-other")

    def test_a_no_and_a_record_that_does_not_fit_are_no_failures(self, code: str) -> None:
        told: Any = {**FOUND, "record": {"name": {}}}
        with source(answer({}, "403 Forbidden"), answer(told)) as here:
            for _time in range(breaker.FAILURES + 2):
                ask(here, code)
        assert here.asked == breaker.FAILURES + 2
