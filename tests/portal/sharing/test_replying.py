"""What an answer comes to: only what was asked for, from where it is kept, of shapes and sizes that were agreed on."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.core.replying import MOST_CHARACTERS, UnreadableAnswer, reply_to, value_at

SUBJECT = DataSubject("111", "360103199506159962", "李婉清")
RECORD = {
    "name": "李婉清",
    "count": 3,
    "aliases": ["婉清"],
    "children": [{"name": "李一"}, {"name": "李二"}],
    "person.sex": "2",
    "nothing": None,
    "documents": {"card": {"number": "1", "valid_until": "2030-01-01", "none": None}, "seen": True, "none": False},
}
ANSWER = {"found": True, "as_of": "2026-11-30", "record": RECORD}


def wanted(*pairs: tuple[str, str]) -> tuple[Wanted, ...]:
    return tuple(Wanted(asked, path) for asked, path in pairs)


def test_each_value_is_taken_from_its_path() -> None:
    reply = reply_to(
        SUBJECT,
        wanted(
            ("element:person.name", "record.name"),
            ("element:person.sex", "person.sex"),
            ("element:second", "record.children.1.name"),
            ("element:aliases", "record.aliases"),
            ("element:nothing", "record.nothing"),
            ("element:absent", "record.name.first"),
            ("material:card", "record.documents.card"),
            ("material:seen", "record.documents.seen"),
            ("material:none", "record.documents.none"),
            ("material:told", "record.name"),
        ),
        ANSWER,
    )
    assert reply.outcome == "found"
    assert reply.as_of == date(2026, 11, 30)
    assert reply.elements == {"person.name": "李婉清", "person.sex": "2", "second": "李二", "aliases": ["婉清"]}
    assert reply.documents == {
        "card": {"number": "1", "valid_until": "2030-01-01"},
        "seen": {},
        "told": {"number": "李婉清"},
    }


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"found": "true", "record": {}},
        {"found": 1, "record": {}},
        {"found": True},
        {"found": True, "record": []},
        {**ANSWER, "as_of": "30.11.2026"},
        {**ANSWER, "as_of": "2026-13-01"},
        {**ANSWER, "as_of": 20261130},
        {**ANSWER, "subject": {"kind": "111", "number": "36010219930307999X"}},
        {**ANSWER, "subject": "somebody"},
        {"found": False, "subject": {"kind": "414", "number": SUBJECT.number}},
        {"found": True, "record": {"name": 1.5}},
        {"found": True, "record": {"name": {"first": "婉清"}}},
        {"found": True, "record": {"name": ["婉清", 1]}},
        {"found": True, "record": {"name": "清" * (MOST_CHARACTERS + 1)}},
        {"found": True, "record": {"name": ["清"] * 51}},
        {"found": True, "record": {"name": 10**16}},
        {"found": True, "record": {"name": "李\x00婉清"}},
        {"found": True, "record": {"name": "李\ud800"}},
        {"found": True, "record": {"name": "\u202e李"}},
    ],
)
def test_what_is_not_of_the_agreed_form_is_not_read(answer: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        reply_to(SUBJECT, wanted(("element:person.name", "record.name")), answer)


def test_a_record_that_names_another_number_is_none() -> None:
    other = {"found": True, "record": {"number": "36010219930307999X"}}
    with pytest.raises(UnreadableAnswer, match="subject"):
        reply_to(SUBJECT, wanted(("element:person.id_number", "record.number")), other)


@pytest.mark.parametrize("told", [[], {"a": {"b": 1}}, {"a": 1.5}, 1.5, ""])
def test_a_document_is_told_in_plain_facts(told: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        reply_to(SUBJECT, wanted(("material:card", "record.card")), {"found": True, "record": {"card": told}})


def test_nothing_found_holds_nothing() -> None:
    reply = reply_to(SUBJECT, wanted(("element:person.name", "record.name")), {"found": False, "record": RECORD})
    assert (reply.outcome, reply.elements, reply.documents) == ("not_found", {}, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab01.", max_size=3), inner, max_size=4),
    max_leaves=12,
)
PATHS = st.text("ab01.", max_size=8) | st.text("ab01.", max_size=8).map(lambda path: f"record.{path}")
WANTED = st.builds(
    Wanted, st.sampled_from(["element:a", "element:b", "material:a", "material:b", "other:a", "element"]), PATHS
)


@given(st.booleans(), JSON, st.lists(WANTED, max_size=5))
def test_whatever_is_answered_only_what_was_asked_for_comes_out(found: bool, record: Any, asked: list[Wanted]) -> None:
    try:
        reply = reply_to(SUBJECT, asked, {"found": found, "record": record})
    except UnreadableAnswer:
        return
    named = {":".join(each.asked.partition(":")[::2]) for each in asked}
    assert {f"element:{code}" for code in reply.elements} | {f"material:{code}" for code in reply.documents} <= named
    assert found or not (reply.elements or reply.documents)
    for value in reply.elements.values():
        assert isinstance(value, str | int | list)
        assert not isinstance(value, list) or all(isinstance(each, str) for each in value)
    assert all(isinstance(value, str | int) for document in reply.documents.values() for value in document.values())


@given(JSON)
def test_whatever_is_answered_it_is_read_or_refused(answer: Any) -> None:
    with contextlib.suppress(UnreadableAnswer):
        assert reply_to(SUBJECT, wanted(("element:a", "record.a")), answer).outcome in ("found", "not_found")


@given(JSON, PATHS)
def test_a_path_leads_to_what_stands_in_the_answer_or_to_nothing(record: Any, path: str) -> None:
    def everything(value: Any) -> list[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [value, *(each for one in inner for each in everything(one))]

    found = value_at({"record": record}, path)
    assert found is None or any(found is each for each in everything(record))
