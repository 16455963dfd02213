"""The text of a status list, from facts alone."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.core.status_list import (
    CODES,
    LIFE_HOURS,
    PLACES,
    StatusListUnreadable,
    decode,
    encode,
    pack,
    signing_input,
    take_apart,
)
from certificates.models import Certificate

SIGNED_AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def token(statuses: dict[int, str], **changed: Any) -> str:
    """A token that nobody signed, with other claims (``head_…`` in the head) where a test asks for them."""
    asked = signing_input(
        address="http://localhost/status-lists/0/",
        statuses=statuses.items(),
        signed_at=SIGNED_AT,
        algorithm="ES256",
        chain=[b"der"],
    ).decode()
    head, claims = (json.loads(decode(part)) for part in asked.split("."))
    for name, value in changed.items():
        (head if name.startswith("head_") else claims)[name.removeprefix("head_")] = value
    return ".".join([*(encode(json.dumps(part).encode()) for part in (head, claims)), encode(b"signature")])


@given(st.dictionaries(st.integers(0, PLACES - 1), st.sampled_from(sorted(CODES)), max_size=20))
def test_what_was_written_is_read(statuses: dict[int, str]) -> None:
    read = take_apart(token(statuses)).list
    assert {place: read.status_at(place) for place in statuses} == statuses
    assert (read.signed_at, read.expires_at) == (SIGNED_AT, SIGNED_AT + timedelta(hours=LIFE_HOURS))
    for place in {0, 1, PLACES - 1} - statuses.keys():
        assert read.status_at(place) == "valid"


def test_it_has_a_number_for_every_status() -> None:
    assert set(CODES) == set(Certificate.Status.values) | {"superseded"}
    assert len(set(CODES.values())) == len(CODES)


def test_a_place_outside_it_is_no_status() -> None:
    read = take_apart(token({})).list
    for place in (-1, PLACES):
        with pytest.raises(IndexError):
            read.status_at(place)


def test_a_hundredth_ended_is_some_kilobytes() -> None:
    assert len(pack((place * 811 % PLACES, "revoked") for place in range(1300))) < 8000


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"head_typ": "JWT"}, "type"),
        ({"head_alg": "none"}, "algorithm"),
        ({"head_alg": "HS256"}, "algorithm"),
        ({"head_crit": ["exp"]}, "algorithm"),
        ({"head_x5c": []}, "shape"),
        ({"head_x5c": [1]}, "shape"),
        ({"exp": int(SIGNED_AT.timestamp()) + 3600 * 24 * 365}, "life"),
        ({"exp": 0}, "life"),
        ({"iat": True}, "shape"),
        ({"exp": 10**30}, "shape"),
        ({"sub": None}, "shape"),
        ({"status_list": {"bits": 1, "lst": pack([])}}, "shape"),
        ({"status_list": {"bits": 4, "lst": encode(zlib.compress(bytes(10)))}}, "packed"),
        ({"status_list": {"bits": 4, "lst": encode(zlib.compress(bytes(600_000_000)))}}, "packed"),
        ({"status_list": {"bits": 4, "lst": encode(b"no zlib")}}, "packed"),
        ({"status_list": {"bits": 4, "lst": pack([]) + "A"}}, "shape"),
        ({"status_list": []}, "shape"),
    ],
)
def test_another_shape_is_refused_with_its_code(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(StatusListUnreadable) as refused:
        take_apart(token({}, **changed))
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["", "..", "a.b", "a.b.c.d", "é.b.c", "W10.W10.W10", "A" * 3_000_000])
def test_what_is_no_token_at_all_is_refused(text: str) -> None:
    with pytest.raises(StatusListUnreadable):
        take_apart(text)


@given(st.text(max_size=300))
def test_nothing_else_is_ever_raised(text: str) -> None:
    with pytest.raises(StatusListUnreadable):
        take_apart(text)
