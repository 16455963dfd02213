"""Two windows on one draft: nothing that anybody typed is lost or silently overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.core.draft_document import TRAIL_LENGTH, DraftDocument, is_same

keys = st.sampled_from(["name", "date", "place"])
values = st.one_of(
    st.none(), st.sampled_from(["", "a", "b", "李"]), st.booleans(), st.lists(st.sampled_from(["x", "y"]), max_size=2)
)
forms = st.dictionaries(keys, values)


def document_after(saves: list[dict[str, Any]]) -> DraftDocument:
    document = DraftDocument()
    for revision, form in enumerate(saves, start=1):
        document.merge(form, seen=revision - 1, revision=revision)
    return document


@given(st.lists(forms, max_size=5), forms)
def test_a_window_that_is_up_to_date_is_taken_over_whole(saves: list[dict[str, Any]], form: dict[str, Any]) -> None:
    document = document_after(saves)
    _changed, conflicts = document.merge(form, seen=len(saves), revision=len(saves) + 1)
    assert not conflicts
    assert all(is_same(document.values.get(key), value) for key, value in form.items())


@given(st.lists(forms, min_size=1, max_size=5), forms, st.data())
def test_an_older_window_overwrites_nothing_it_has_not_seen(
    saves: list[dict[str, Any]], form: dict[str, Any], data: st.DataObject
) -> None:
    seen = data.draw(st.integers(0, len(saves) - 1))
    document = document_after(saves)
    changed_since = document.changed_since(seen)
    before = dict(document.values)
    _changed, conflicts = document.merge(form, seen=seen, revision=len(saves) + 1)
    for key, value in before.items():
        if key in changed_since and not is_same(document_after(saves[:seen]).values.get(key), value):
            assert is_same(document.values[key], value)
    for key, value in form.items():
        kept = is_same(document.values.get(key), value)
        untouched = is_same(document_after(saves[:seen]).values.get(key), value)
        assert kept or untouched or key in conflicts


@given(st.lists(forms, max_size=8), st.data())
def test_it_remembers_what_every_window_showed(saves: list[dict[str, Any]], data: st.DataObject) -> None:
    seen = data.draw(st.integers(0, len(saves)))
    document, then = document_after(saves), document_after(saves[:seen])
    for key in ("name", "date", "place"):
        assert is_same(document.value_at(key, seen), then.values.get(key))


def test_a_window_older_than_memory_is_asked_rather_than_believed() -> None:
    document = document_after([{"name": str(number)} for number in range(TRAIL_LENGTH + 5)])
    _changed, conflicts = document.merge({"name": "old"}, seen=1, revision=99)
    assert conflicts == {"name": str(TRAIL_LENGTH + 4)}
    assert len(document.trail["name"]) == TRAIL_LENGTH


@given(forms, forms)
def test_it_survives_being_stored(first: dict[str, Any], second: dict[str, Any]) -> None:
    document = document_after([first, second])
    assert DraftDocument.from_json(document.to_json()) == document


class TestKnownFacts:
    def test_they_fill_what_is_empty(self) -> None:
        document = DraftDocument()
        assert document.fill({"name": "李明慧"}, "account", 1)
        assert document.values["name"] == "李明慧"
        assert document.is_known("name")

    def test_they_never_replace_what_was_typed(self) -> None:
        document = document_after([{"name": "李明惠"}])
        assert not document.fill({"name": "李明慧"}, "account", 1)
        assert document.values["name"] == "李明惠"
        assert not document.is_known("name")

    def test_a_corrected_fact_is_no_longer_one(self) -> None:
        document = DraftDocument()
        document.fill({"phone": "13800138000"}, "account", 0)
        document.merge({"phone": "13900139000"}, seen=0, revision=1)
        assert not document.is_known("phone")
        assert not document.fill({"phone": "13800138000"}, "account", 2)

    def test_a_newer_fact_replaces_an_older_one_nobody_touched(self) -> None:
        document = DraftDocument()
        document.fill({"phone": "13800138000"}, "account", 1)
        assert document.fill({"phone": "13900139000"}, "account", 1)
        assert document.values["phone"] == "13900139000"

    def test_what_the_account_no_longer_says_is_taken_back(self) -> None:
        document = DraftDocument()
        document.fill({"mother:name": "李婉清", "mother:phone": "13800138000"}, "account", 1)
        document.merge({"mother:phone": "13900139000"}, seen=1, revision=2)
        assert document.fill({"father:name": "李婉清"}, "account", 3)
        assert document.values == {"father:name": "李婉清", "mother:phone": "13900139000"}
        assert document.known == {"father:name": {"value": "李婉清", "source": "account"}}
        assert document.fill({"mother:name": "李婉清"}, "account", 4)
        assert document.values == {"mother:name": "李婉清", "mother:phone": "13900139000"}

    def test_another_source_keeps_its_own(self) -> None:
        document = DraftDocument()
        document.fill({"household:number": "0042"}, "household", 1)
        document.fill({}, "account", 2)
        assert document.values == {"household:number": "0042"}

    def test_an_older_window_neither_brings_back_what_was_taken_nor_empties_what_was_filled(self) -> None:
        document = DraftDocument()
        document.fill({"mother:name": "李婉清"}, "account", 1)
        document.fill({"father:name": "李婉清"}, "account", 2)
        assert document.merge({"mother:name": "李婉清", "father:name": ""}, seen=1, revision=3) == (False, {})
        assert document.changed_since(1) == {"mother:name": None, "father:name": "李婉清"}

    def test_every_value_says_where_it_comes_from(self) -> None:
        document = DraftDocument()
        document.fill({"name": "李婉清", "phone": "13800138000"}, "account", 1)
        document.merge({"phone": "13900139000", "note": ""}, seen=1, revision=2)
        assert [document.source_of(key) for key in ("name", "phone", "note", "sex")] == ["account", "typed", "", ""]


def test_what_is_known_of_one_person_does_not_stay_beside_another() -> None:
    """A wife's telephone and birth date stood on under the name and number of a stranger."""
    document = DraftDocument()
    facts: dict[str, Any] = {
        "mother:person.id_number": "1" * 18,
        "mother:person.name": "宋",
        "mother:person.phone": "139",
    }
    document.fill(facts, "decided", 1)
    document.fill({"guardian:person.phone": "138"}, "account", 1)
    document.merge({"mother:person.id_number": "2222"}, seen=1, revision=2)
    assert not document.forget_replaced(2)
    document.merge({"mother:person.id_number": "2" * 18, "mother:person.name": "林"}, seen=2, revision=3)
    assert document.forget_replaced(3)
    assert document.values == {
        "mother:person.id_number": "2" * 18,
        "mother:person.name": "林",
        "guardian:person.phone": "138",
    }
    assert document.known["mother:person.id_number"]["value"] == "1" * 18


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (40, "40", True),
        ("40", 40, True),
        (40, "41", False),
        (True, "1", False),
        (True, 1, False),
        ("40", "40.0", False),
    ],
)
def test_a_number_and_its_digits_are_one_entry(left: object, right: object, same: bool) -> None:
    assert is_same(left, right) is same
