"""Numbers as invoices print and people write them: read where one number is meant, else left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.numbers import LONGEST, plain_number
from tests.catalog.merging.examples import examples

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("零一二三四五六七八九十百千", "〇壹贰叁肆伍陆柒捌玖拾佰仟")


def in_words(number: int) -> str:
    """Return a number below 100 million as it is spoken, without ways of saying less (两, 十 for 一十)."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return in_words(high) + "万" + (gap + in_words(low) if low else "")
    if number < 10:
        return DIGITS[number]
    size, unit = next((size, unit) for size, unit in ((1000, "千"), (100, "百"), (10, "十")) if number >= size)
    first, rest = divmod(number, size)
    gap = "零" if 0 < rest < size // 10 else ""
    return DIGITS[first] + unit + (gap + in_words(rest) if rest else "")


@examples(200)
@given(st.integers(0, 99_999_999))
def test_a_number_in_words_is_read_in_everyday_and_in_formal_characters(number: int) -> None:
    assert plain_number(in_words(number)) == str(number)
    assert plain_number(in_words(number).translate(FORMAL)) == str(number)


@examples(100)
@given(st.integers(-(10**12), 10**12), st.sampled_from(["", ".5", ".00"]))
def test_thousands_may_be_grouped(number: int, decimals: str) -> None:
    assert plain_number(f"{number:,}{decimals}") == f"{number}{decimals}"
    assert plain_number(f"{number:,}{decimals}".replace(",", " ")) == f"{number}{decimals}"


@examples(100)
@given(st.integers(-99_999_999, 99_999_999), st.integers(0, 9999))
def test_ten_thousands_are_moved_behind_the_point(whole: int, decimals: int) -> None:
    assert plain_number(f"{whole}.{decimals:04}万") == f"{whole}{decimals:04}"
    assert plain_number(f"{whole}万") == f"{whole}0000"


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("3860.", "", "3860"),
        ("+3860.", "", "+3860"),
        ("-3,860.", "", "-3860"),
        (" ３８６０。５ ", "", "3860.5"),
        ("38\u200b60", "", "3860"),
        ("十二", "", "12"),
        ("两百", "", "200"),
        ("3.5万", "", "35000"),
        ("3.5 万", "", "35000"),
        ("¥3860", "", "3860"),
        ("rmb 3860元整", "元", "3860"),
        ("人民币 3860 圆正", "元", "3860"),
        ("3.5万元", "元", "35000"),
        ("3.5万元", "万元", "3.5"),
        ("3.5 万", "万元", "3.5"),
        ("三十万", "万元", "30"),
        ("80 平方米", "平方米", "80"),
        ("三周", "周", "3"),
        ("叁仟捌佰陆拾元伍角贰分", "元", "3860.52"),
        ("叁仟捌佰陆拾元零伍分", "元", "3860.05"),
        ("壹万元伍角整", "", "10000.50"),
        ("五角", "元", "0.50"),
        ("贰分", "元", "0.02"),
        ("五元五分", "", "5.05"),
        ("3块5毛", "元", "3.50"),
        ("RMB: 3,860元5角2分正", "元", "3860.52"),
    ],
)
def test_what_is_clear_is_read(text: str, unit: str, number: str) -> None:
    assert plain_number(text, unit) == number


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("三千五", ""),  # 3005 or 3500
        ("三万五", ""),
        ("一百二", ""),
        ("万", ""),
        ("零万", ""),
        ("千", ""),
        ("元", ""),
        ("1,23", ""),
        ("1,2345", ""),
        ("1,,234", ""),
        ("12345 678", ""),
        ("0.00001万", ""),
        ("123456789万", ""),
        ("2026-11-22", ""),
        ("X.", ""),
        ("", ""),
        ("平方米", "平方米"),
        ("平方米80", "平方米"),
        ("3860元", "万元"),
        ("¥3860", "万元"),
        ("30元", "周"),
        ("¥30", "周"),
        ("80 平方米", ""),
        ("5分", ""),  # of an examination perhaps
        ("五角", ""),
        ("五角", "人"),
        ("5元5角", "万元"),
        ("三千五元五角", "元"),
        ("3.5元5角", "元"),
        ("元五角", "元"),
        ("3元15角", "元"),
        ("3元5分2角", "元"),
    ],
)
def test_what_is_not_clear_stays_as_it_is(text: str, unit: str) -> None:
    assert plain_number(text, unit) == text


def test_a_unit_of_ten_thousand_is_taken_off_once() -> None:
    assert plain_number("3.5万万元", "万元") == "3.5"
    assert plain_number("3万万万元", "万元") == "3万"


def test_a_field_that_counts_in_nothing_takes_amounts() -> None:
    assert plain_number("¥3860元") == "3860"


def test_a_text_too_long_for_a_number_is_not_looked_at() -> None:
    assert plain_number("0" * (LONGEST - 1) + ".") == "0" * (LONGEST - 1)
    assert plain_number("0" * LONGEST + ".") == "0" * LONGEST + "."
