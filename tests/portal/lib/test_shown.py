"""Two windows on one page: what only one of them changed is saved, and what both changed is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.shown import Merged, Shown, shown

entries = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["", "a", "李", "1\n2"]),
    st.lists(st.sampled_from(["x", "y"]), max_size=2),
)
forms = st.dictionaries(st.sampled_from(["name", "sex", "place"]), entries, min_size=1)


def is_same(left: Any, right: Any) -> bool:
    return left == right or (left in (None, "", []) and right in (None, "", []))


def merged(before: dict[str, Any], sent: dict[str, Any], stored: dict[str, Any]) -> Merged:
    return Shown(shown(before, "page"), "page").merge(sent, stored)


def test_each_of_two_windows_changes_its_own() -> None:
    before = {"name": "李小荷", "hospital": "一院"}
    stored = {"name": "李小合", "hospital": "一院"}
    found = merged(before, {"name": "李小荷", "hospital": "二院"}, stored)
    assert found == Merged({"hospital": "二院"}, {}, {"name": "李小合"})


def test_what_both_changed_is_told_with_what_is_stored() -> None:
    found = merged({"name": "李小荷"}, {"name": "李小何"}, {"name": "李小合"})
    assert found == Merged({}, {"name": "李小合"}, {})


def test_both_may_have_changed_it_alike() -> None:
    assert merged({"name": "李小荷"}, {"name": "李小合"}, {"name": "李小合"}) == Merged()


@pytest.mark.parametrize("token", ["", "nonsense", "W10=", "eyJuYW1lIjoxfQ==", "é" * 9, "A" * 100_000, "[" * 9000])
def test_a_page_that_does_not_say_what_it_showed_is_believed(token: str) -> None:
    found = Shown(token, "page").merge({"sex": "1"}, {"sex": "2"})
    assert found == Merged({"sex": "1"}, {}, {})


def test_a_mark_of_another_page_says_nothing_was_shown_like_this() -> None:
    of_another = Shown(shown({"name": "李小荷"}, "draft:1"), "draft:2")
    assert of_another.merge({"name": "李小荷"}, {"name": "李小合"}).conflicts == {"name": "李小合"}


def test_the_mark_does_not_hold_the_value() -> None:
    assert shown({"name": "13800138000"}, "a") != shown({"name": "13800138001"}, "a")
    assert "13800138000" not in shown({"name": "13800138000"}, "a")


@given(forms, forms, forms)
def test_nothing_another_window_changed_is_overwritten_unseen(
    before: dict[str, Any], sent: dict[str, Any], stored: dict[str, Any]
) -> None:
    found = merged(before, sent, stored)
    for key, value in sent.items():
        now = stored.get(key)
        if key in found.changes:
            assert key not in before or is_same(before[key], now)
        elif key in found.conflicts:
            assert not is_same(before[key], now)
            assert not is_same(before[key], value)
        else:
            assert is_same(value, now) or is_same(value, before[key])


@given(forms, forms)
def test_a_page_that_is_up_to_date_is_taken_over_whole(before: dict[str, Any], sent: dict[str, Any]) -> None:
    found = merged(before, sent, before)
    assert all(is_same({**before, **found.changes}.get(key), value) for key, value in sent.items())
    assert not found.conflicts
