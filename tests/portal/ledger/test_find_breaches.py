"""Whatever is done to a chain of events is named, event by event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.core.hashing import GENESIS, EventRow, NewEvent, link_events
from portal.ledger.core.verification import Breach, find_breaches

CHAIN = UUID("0198c0de-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def history(length: int) -> list[EventRow]:
    return link_events(
        CHAIN,
        [
            NewEvent(f"kind{n % 3}", actor_id=n or None, department="police", sub_item="hukou", data={"n": n})
            for n in range(length)
        ],
        at=AT,
    )


def judge(rows: list[EventRow], length: int | None = None, head: bytes | None = None) -> list[Breach]:
    whole = history(6)
    return find_breaches(
        CHAIN,
        length=len(whole) if length is None else length,
        head=whole[-1].hash if head is None else head,
        rows=sorted(rows, key=lambda row: row.sequence),
    )


def named(breaches: list[Breach]) -> list[tuple[int, str]]:
    return [(breach.sequence, breach.code) for breach in breaches]


def changed(rows: list[EventRow], sequence: int, **fields: Any) -> list[EventRow]:
    return [replace(row, **fields) if row.sequence == sequence else row for row in rows]


def rehashed(row: EventRow) -> EventRow:
    return replace(row, hash=row.recomputed())


EDITS: dict[str, Any] = {
    "kind": "approved",
    "actor_id": 999,
    "department": "health",
    "sub_item": "",
    "data": {"n": "0"},
    "at": AT + timedelta(microseconds=1),
    "chain_id": UUID(int=7),
}


def test_a_whole_chain_has_no_breach() -> None:
    assert judge(history(6)) == []
    assert find_breaches(CHAIN, length=0, head=GENESIS, rows=[]) == []


@pytest.mark.parametrize("field", EDITS)
@pytest.mark.parametrize("sequence", [1, 3, 6])
def test_it_names_an_edited_field(field: str, sequence: int) -> None:
    assert named(judge(changed(history(6), sequence, **{field: EDITS[field]}))) == [(sequence, "content_altered")]


@pytest.mark.parametrize("sequence", [1, 3, 6])
def test_it_names_an_edited_hash(sequence: int) -> None:
    assert named(judge(changed(history(6), sequence, hash=bytes(31) + b"x"))) == [(sequence, "hash_altered")]


@pytest.mark.parametrize("sequence", [1, 3, 6])
def test_it_names_an_edited_link(sequence: int) -> None:
    assert named(judge(changed(history(6), sequence, previous_hash=bytes(31) + b"x"))) == [(sequence, "link_altered")]


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_it_names_an_event_rewritten_with_its_hash(sequence: int) -> None:
    rows = [rehashed(replace(row, kind="approved")) if row.sequence == sequence else row for row in history(6)]
    assert named(judge(rows)) == [(sequence, "rewritten")]


def test_a_last_event_rewritten_with_its_hash_disagrees_with_the_chains_row() -> None:
    rows = history(6)
    assert named(judge([*rows[:5], rehashed(replace(rows[5], kind="approved"))])) == [(6, "head_differs")]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 3), (3, 3), (2, 5)])
def test_it_names_removed_events(first: int, last: int) -> None:
    (breach,) = judge([row for row in history(6) if not first <= row.sequence <= last])
    assert (breach.sequence, breach.code, breach.detail) == (first, "missing", {"until": last})


@pytest.mark.parametrize("left", [0, 1, 5])
def test_it_names_a_cut_off_end(left: int) -> None:
    (breach,) = judge(history(6)[:left])
    assert (breach.sequence, breach.code, breach.detail) == (left + 1, "truncated", {"until": 6})


def test_it_names_events_that_changed_places() -> None:
    rows = history(6)
    swapped = [replace(rows[1], sequence=5), replace(rows[4], sequence=2), rows[0], rows[2], rows[3], rows[5]]
    breaches = judge(swapped)
    assert [(b.sequence, b.code, b.detail) for b in breaches] == [
        (2, "moved", {"belongs_at": 5}),
        (5, "moved", {"belongs_at": 2}),
    ]


def test_it_names_an_event_added_at_the_end() -> None:
    rows = history(6)
    added = link_events(CHAIN, [NewEvent("approved")], at=AT, length=6, head=rows[-1].hash)
    assert named(judge([*rows, *added])) == [(7, "inserted")]


def test_it_names_an_event_put_in_between_though_the_rest_moved_up() -> None:
    rows = history(6)
    forged = link_events(CHAIN, [NewEvent("approved")], at=AT, length=2, head=rows[1].hash)
    moved = [replace(row, sequence=row.sequence + 1) for row in rows[2:]]
    breaches = judge([*rows[:2], *forged, *moved], length=7)
    assert (3, "inserted") in named(breaches)
    assert (4, "moved") in named(breaches)


def test_it_names_an_edited_record_of_the_chain_itself() -> None:
    assert named(judge(history(6), length=4)) == [(0, "length_altered")]
    assert named(judge(history(6), length=9)) == [(0, "length_altered")]
    assert named(judge(history(6), head=bytes(32))) == [(6, "head_differs")]
    assert named(find_breaches(CHAIN, length=0, head=b"x" * 32, rows=[])) == [(0, "head_differs")]


def test_content_that_could_never_have_been_written_is_named_too() -> None:
    assert named(judge(changed(history(6), 2, data={"n": 0.5}))) == [(2, "content_altered")]


def test_a_breach_can_be_printed() -> None:
    assert judge(history(5))[0].as_dict() == {"chain": str(CHAIN), "sequence": 6, "code": "truncated", "until": 6}


Tampering = Callable[[list[EventRow]], list[EventRow]]


@st.composite
def tampered(draw: st.DrawFn) -> tuple[list[EventRow], int, bytes]:
    """Do one to three random things to the rows or to the chain's own record."""
    rows = history(draw(st.integers(1, 8)))
    length, head = len(rows), rows[-1].hash
    for _ in range(draw(st.integers(1, 3))):
        deed = draw(
            st.sampled_from(["edit", "hash", "link", "rehash", "remove", "cut", "swap", "append", "length", "head"])
        )
        place = draw(st.integers(0, max(len(rows) - 1, 0)))
        if deed in {"edit", "rehash"} and rows:
            field = draw(st.sampled_from(sorted(EDITS)))
            rows[place] = replace(rows[place], **{field: EDITS[field]})
            rows[place] = rehashed(rows[place]) if deed == "rehash" else rows[place]
        elif deed in {"hash", "link"} and rows:
            other = draw(st.binary(min_size=32, max_size=32))
            edit: dict[str, Any] = {"hash" if deed == "hash" else "previous_hash": other}
            rows[place] = replace(rows[place], **edit)
        elif deed == "remove" and rows:
            del rows[place]
        elif deed == "cut":
            del rows[place:]
        elif deed == "swap" and rows:
            other_place = draw(st.integers(0, len(rows) - 1))
            first, second = rows[place], rows[other_place]
            rows[place] = replace(second, sequence=first.sequence)
            rows[other_place] = replace(first, sequence=second.sequence)
        elif deed == "append" and rows:
            rows += link_events(CHAIN, [NewEvent("forged")], at=AT, length=rows[-1].sequence, head=rows[-1].hash)
        elif deed == "length":
            length = draw(st.integers(0, 10))
        elif deed == "head":
            head = draw(st.binary(min_size=32, max_size=32))
    return rows, length, head


@given(tampered())
def test_whatever_was_done_is_named_unless_nothing_changed(case: tuple[list[EventRow], int, bytes]) -> None:
    rows, length, head = case
    whole = history(length) if length else []
    is_untouched = rows == whole and head == (whole[-1].hash if whole else GENESIS)
    assert (find_breaches(CHAIN, length=length, head=head, rows=rows) == []) == is_untouched


@given(st.data())
def test_no_two_events_share_an_encoding(data: st.DataObject) -> None:
    """Moving characters from one field to the next must change the hash: the encoding is length-prefixed."""
    text = data.draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))
    cuts = st.integers(0, len(text))

    def digest(cut: int) -> bytes:
        return EventRow(CHAIN, 1, AT, text[:cut], None, text[cut:], "", {}, GENESIS).recomputed()

    first, second = data.draw(cuts), data.draw(cuts)
    assert (digest(first) == digest(second)) == (first == second)
