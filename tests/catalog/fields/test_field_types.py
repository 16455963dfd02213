"""Typed values come into one normal form, or are refused with a code; never anything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.definitions import FIELD_TYPES
from catalog.fields.types import MAX_LENGTH, YEARS, Refused, half_width, longest, parse
from catalog.fields.validation import read_value
from tests.catalog.merging.examples import examples

OPTIONS = ("x", "y", "z")


@pytest.mark.parametrize(
    ("type", "raw", "kept"),
    [
        ("text", "  张\t三\n 李四　 ", "张 三 李四"),
        ("text", "e\u0301", "é"),
        ("text", "ＡＢ１２", "ＡＢ１２"),
        ("text", "a\u200bb\ufeff", "ab"),
        ("text", "𠮷" * 200, "𠮷" * 200),
        ("longtext", " 一 \r\n二\r三  \n\n", "一\n二\n三"),
        ("address", "南昌市  红谷滩区", "南昌市 红谷滩区"),
        ("person_name", "阿依古丽•买买提", "阿依古丽·买买提"),
        ("signature", " 李 雷 ", "李雷"),
        ("select", " x ", "x"),
        ("id_kind", "y", "y"),
        ("multiselect", ["z", "x", "x", ""], ["x", "z"]),
        ("multiselect", "y", ["y"]),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "２０２４年２月９日", "2024-02-09"),
        ("date", "2024/2/9", "2024-02-09"),
        ("date", "2024.12.31", "2024-12-31"),
        ("date", "20241231", "2024-12-31"),
        ("date", "2024 - 1 - 2", "2024-01-02"),
        ("datetime", "2024-02-09T08:05", "2024-02-09T08:05"),
        ("datetime", "2024年2月9日 8:05:59", "2024-02-09T08:05"),
        ("datetime", "2024-02-09T23:59:59.123", "2024-02-09T23:59"),
        ("datetime", "2024 年 2 月 9 日 8:05", "2024-02-09T08:05"),
        ("integer", "０４２", 42),
        ("integer", "-7", -7),
        ("integer", "+999999999999999", 999999999999999),
        ("integer", 0, 0),
        ("integer", "12.00", 12),
        ("integer", -(10**15) + 1, -(10**15) + 1),
        ("decimal", "0012.50", "12.50"),
        ("decimal", "-0.00", "0.00"),
        ("decimal", "-0", "0"),
        ("decimal", "-0.5", "-0.5"),
        ("decimal", "+3", "3"),
        ("decimal", 12, "12"),
        ("decimal", 10**11 - 1, "99999999999"),
        ("decimal", "99999999999.9999", "99999999999.9999"),
        ("boolean", "是", True),
        ("boolean", "FALSE", False),
        ("boolean", False, False),
        ("boolean", "on", True),
        ("id_number", " 36010219900307999１ ", "360102199003079991"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("phone", "+86 138-0013-8000", "13800138000"),
        ("credit_code", "91360102ma9999013m", "91360102MA9999013M"),
        ("division", "３６０１００", "360100"),
        ("division", "江西 南昌 西湖区", "360103"),
        ("postcode", "330000", "330000"),
        ("email", " li.lei@mail.example.cn ", "li.lei@mail.example.cn"),
        ("organisation_name", "南昌（某）公司", "南昌（某）公司"),
    ],
)
def test_it_keeps_one_normal_form(type: str, raw: Any, kept: Any) -> None:
    value = parse(type, raw, OPTIONS)
    assert value == kept
    assert isinstance(value, bool) == isinstance(kept, bool)
    assert parse(type, value, OPTIONS) == kept


@pytest.mark.parametrize("type", sorted(FIELD_TYPES))
@pytest.mark.parametrize("nothing", [None, "", [], "   ", "　"])
def test_it_takes_nothing_for_nothing(type: str, nothing: Any) -> None:
    assert parse(type, nothing, OPTIONS) is None


@pytest.mark.parametrize(
    ("type", "raw", "code"),
    [
        ("text", 5, "not_text"),
        ("text", True, "not_text"),
        ("text", ["x"], "not_text"),
        ("text", {"a": 1}, "not_text"),
        ("text", "a\x00b", "bad_character"),
        ("text", "a\x7fb", "bad_character"),
        ("text", "\ud800", "bad_character"),
        ("text", "abc\u202ecba", "bad_character"),
        ("text", "\uffff", "bad_character"),
        ("text", "\U0001fffe", "bad_character"),
        ("longtext", "\x1b[31m", "bad_character"),
        ("text", "甲" * 201, "too_long"),
        ("longtext", "甲" * 5001, "too_long"),
        ("text", "甲" * 10**6, "too_long"),
        ("address", "甲" * 301, "too_long"),
        ("select", "w", "not_an_option"),
        ("select", ["x"], "not_an_option"),
        ("select", 1, "not_an_option"),
        ("multiselect", ["x", "w"], "not_an_option"),
        ("multiselect", ["x", 1], "not_an_option"),
        ("multiselect", {"x": 1}, "not_an_option"),
        ("multiselect", ["x"] * 501, "not_an_option"),
        ("date", "2023-02-29", "no_such_day"),
        ("date", "2023-13-01", "no_such_day"),
        ("date", "1799-12-31", "not_a_date"),
        ("date", "2301-01-01", "not_a_date"),
        ("date", "明天", "not_a_date"),
        ("date", "2023-02", "not_a_date"),
        ("date", 20230101, "not_text"),
        ("datetime", "2024-02-09", "not_a_datetime"),
        ("datetime", "08:05", "not_a_datetime"),
        ("datetime", "2024-02-09T8时", "not_a_datetime"),
        ("datetime", "2024-02-09T24:00", "not_a_datetime"),
        ("datetime", "2024-02-09T23:60", "not_a_datetime"),
        ("datetime", "2024-02-30T08:00", "no_such_day"),
        ("integer", "1.5", "not_an_integer"),
        ("integer", 1.0, "not_text"),
        ("integer", True, "not_text"),
        ("integer", "1e5", "not_an_integer"),
        ("integer", "٣", "not_an_integer"),
        ("integer", "9" * 16, "number_too_large"),
        ("integer", "9" * 20_000, "number_too_large"),
        ("integer", 10**15, "number_too_large"),
        ("integer", -(10**15), "number_too_large"),
        ("integer", "9" * 10**6, "too_long"),
        ("integer", 10**1000, "number_too_large"),
        ("decimal", "1.23456", "too_many_decimals"),
        ("decimal", ".5", "not_a_number"),
        ("decimal", "nan", "not_a_number"),
        ("decimal", "1" * 12, "number_too_large"),
        ("decimal", 10**11, "number_too_large"),
        ("decimal", -(10**11), "number_too_large"),
        ("boolean", "maybe", "not_yes_or_no"),
        ("boolean", 1, "not_text"),
        ("id_number", "1" * 41, "too_long"),
        ("division", "060100", "not_a_division"),
        ("division", "36010", "not_a_division"),
        ("postcode", "33000a", "not_a_postcode"),
        ("email", "li.lei@example", "not_an_email"),
        ("email", "@example.cn", "not_an_email"),
        ("credit_code", "91360102MA9999013N", "check_digit"),
        ("person_name", "张3", "digit"),
        ("phone", "12", "unknown_phone"),
        ("bank_account", "6222021234567890120", "card_check_digit"),
    ],
)
def test_it_refuses_what_is_not_of_its_type(type: str, raw: Any, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(type, raw, OPTIONS)
    assert refusal.value.code == code
    value, problem = read_value("child:fact", type, raw, OPTIONS)
    assert value is None
    assert problem is not None
    assert (problem.field, problem.code) == ("child:fact", code)


def test_it_names_the_character_and_the_limit() -> None:
    _, problem = read_value("k", "text", "a\x00", ())
    assert problem is not None
    assert problem.params == {"character": "U+0000"}
    for type, maximum in MAX_LENGTH.items():
        _, problem = read_value("k", type, "甲" * (maximum + 1) if type != "email" else "a" * 20_001, ())
        assert problem is not None
        assert problem.params == {"maximum": maximum}


@pytest.mark.parametrize(("words", "value"), [("true on YES 1 是 １", True), ("false off No 0 否", False)])
def test_it_understands_yes_and_no(words: str, value: bool) -> None:
    assert [parse("boolean", word) for word in words.split()] == [value] * len(words.split())


@pytest.mark.parametrize("type", ["integer", "decimal"])
def test_it_refuses_numbers_too_long_even_to_print(type: str) -> None:
    for number in (10**1_000_000, -(10**5000)):
        with pytest.raises(Refused, match="number_too_large"):
            parse(type, number)


def test_it_knows_every_full_width_sign() -> None:
    western = "".join(chr(code) for code in range(0x21, 0x7F))
    wide = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F))
    assert half_width(f"　{wide}\u200b\u2060\u00ad\ufeff ") == western
    assert half_width("Ａ　Ｂ") == "A B"


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary(max_size=4)
    | st.text("0123456789-年月日:T.+ ", max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@examples(400)
@given(st.sampled_from(sorted(FIELD_TYPES)), anything)
def test_it_never_raises_and_its_normal_form_stays(type: str, raw: Any) -> None:
    value, problem = read_value("key", type, raw, OPTIONS)
    assert value is None or problem is None
    assert read_value("key", type, value, OPTIONS) == (value, None)


def test_it_takes_what_is_just_within_its_limits() -> None:
    assert parse("longtext", "甲" * MAX_LENGTH["longtext"]) == "甲" * MAX_LENGTH["longtext"]
    assert parse("date", f"{YEARS[0]}-01-01") == f"{YEARS[0]}-01-01"
    assert parse("date", f"{YEARS[1]}-12-31") == f"{YEARS[1]}-12-31"
    with pytest.raises(Refused) as refused:
        parse("id_number", "1" * 41)
    assert (refused.value.code, refused.value.params) == ("too_long", {"maximum": 40})
    assert parse("id_number", "1" * 40) == "1" * 40
    assert parse("multiselect", ["x"] * 500, OPTIONS) == ["x"]


@pytest.mark.parametrize(
    ("type", "raw", "params"),
    [
        ("decimal", "1.23456", {"maximum": 4}),
        ("person_name", "张3", {"character": "3", "position": 2}),
    ],
)
def test_a_refusal_names_what_it_is_about(type: str, raw: str, params: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        parse(type, raw)
    assert refused.value.params == params


def test_a_number_may_stand_before_what_its_field_counts_in_and_before_nothing_else() -> None:
    assert parse("integer", "3 件", unit="件") == 3
    assert parse("decimal", "3.5公顷", unit="公顷") == "3.5"
    assert read_value("k", "integer", "3 件", (), "件") == (3, None)
    for type in ("integer", "decimal"):
        with pytest.raises(Refused):
            parse(type, "3件", unit="公顷")
        with pytest.raises(Refused):
            parse(type, "3件")


@given(st.sampled_from(sorted(FIELD_TYPES - {"multiselect", "longtext", "select", "id_kind"})), st.integers(0, 400))
def test_nothing_longer_than_the_longest_is_kept(type: str, length: int) -> None:
    value, _problem = read_value("k", type, "甲" * length)
    assert len(str(value or "")) <= longest(type)


@pytest.mark.parametrize(
    ("type", "most"), [("multiselect", 5000), ("longtext", 5000), ("address", 300), ("integer", 200), ("date", 200)]
)
def test_so_much_may_be_typed(type: str, most: int) -> None:
    assert longest(type) == most
