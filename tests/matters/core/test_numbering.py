"""Numbers that survive being read out over the telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.core.numbering import bundle_number, is_number, read_number, sub_item_number

NUMBERS = st.builds(
    bundle_number, st.dates(date(2026, 1, 1), date(2099, 12, 31)), st.just("360100"), st.integers(1, 10**9)
)


def test_it_shows_day_division_and_serial() -> None:
    number = bundle_number(date(2026, 11, 21), "360100", 42)
    assert number.startswith("20261121-360100-0000042-")
    assert sub_item_number(number, 3).startswith(number + "-03")


@given(NUMBERS, st.integers(1, 200))
def test_what_it_makes_it_recognises(number: str, position: int) -> None:
    assert is_number(number)
    assert is_number(sub_item_number(number, position))
    assert len(number) <= 32
    assert len(sub_item_number(number, position)) <= 40


@given(NUMBERS, st.data())
def test_it_finds_every_single_wrong_digit(number: str, data: st.DataObject) -> None:
    number = sub_item_number(number, 1)
    place = data.draw(st.sampled_from([at for at, sign in enumerate(number) if sign.isdigit()]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    assert not is_number(number[:place] + wrong + number[place + 1 :])


WAYS = (
    lambda number: number,
    lambda number: number.replace("0", "０").replace("-", " — "),
    lambda number: f"\t{number.replace('-', ' ')}\n",
    lambda number: f"办件编号：{number}。",
    lambda number: f"（{number.replace('-', '－')}）",
)


@given(NUMBERS, st.sampled_from(WAYS))
def test_it_reads_what_people_type(number: str, way: Callable[[str], str]) -> None:
    assert read_number(way(number)) == number
    part = sub_item_number(number, 3)
    assert read_number(way(part)) == part


@given(st.dates(date(2026, 1, 1), date(2099, 12, 31)), st.integers(1, 10**7 - 1), st.integers(1, 200))
def test_it_reads_the_bare_digits(day: date, serial: int, position: int) -> None:
    number = bundle_number(day, "360100", serial)
    part = sub_item_number(number, position)
    assert read_number(number.replace("-", "")) == number
    assert read_number(part.replace("-", "")) == part


@pytest.mark.parametrize(
    "text", ["", "42", "360103199506159965", "20261121-360100-0000042-9", "林", "1" * 40, "²" * 30]
)
def test_what_has_no_number_gives_none(text: str) -> None:
    assert read_number(text) == ""


def test_other_text_is_no_number() -> None:
    assert not is_number("")
    assert not is_number("20261121-360100-42-1")
