"""Letters are read as pinyin, with the slips that fingers and southern ears make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.core.syllables import fuzzy, read_aloud, spell


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("tuixiu", ("tui", "xiu")),
        ("shenfenzheng", ("shen", "fen", "zheng")),
        ("tuixui", ("tui", "xiu")),
        ("xinsh", ("xin",)),
    ],
)
def test_it_splits_letters_into_syllables(letters: str, first: tuple[str, ...]) -> None:
    assert spell(letters)[0] == first


def test_it_keeps_every_reading_of_ambiguous_letters() -> None:
    assert {("dang", "an"), ("dan", "gan")} <= set(spell("dangan"))


def test_it_reads_initials_as_no_syllables() -> None:
    assert spell("gjj") == ()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=160))
def test_it_never_fails_on_letters(letters: str) -> None:
    for way in spell(letters):
        assert all(way)


def test_it_knows_how_words_change_a_character() -> None:
    assert read_aloud("银行还款") == ["yin", "hang", "huan", "kuan"]


def test_it_hears_no_difference_between_flat_and_curled() -> None:
    assert fuzzy("zheng") == fuzzy("zeng") == fuzzy("zhen")
