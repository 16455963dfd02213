"""What people type comes into one form, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.core.text import LONGEST, normalise, runs


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("身份証遺失", "身份证遗失"),
        ("ＧＪＪ　提取", "gjj 提取"),
        ("办\x00证\x07", "办 证"),
        ("上户口🙂？！", "上户口"),
        ("'; DROP TABLE users; --", "drop table users"),
        ("\ud800坏字符", "坏字符"),
        ("", ""),
        ("　 \n", ""),
    ],
)
def test_it_reads_width_script_and_signs_away(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(st.text(max_size=3000))
def test_it_takes_any_text_and_stays_short_and_stable(typed: str) -> None:
    once = normalise(typed)
    assert len(once) <= LONGEST
    assert normalise(once) == once


def test_it_splits_runs_of_one_kind() -> None:
    assert runs("办gjj提取12号") == ["办", "gjj", "提取", "12", "号"]
