"""Identifiers are read as people write them, and refused with the reason that mends them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.functional import Promise
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import DocumentKind
from portal.identifiers.credit_codes import ALPHABET, body_check_character
from portal.identifiers.credit_codes import check_character as credit_check_character
from portal.identifiers.document_numbers import PROVINCES, check_character, resident_facts
from portal.identifiers.normalising import (
    DOCUMENTS,
    KINDS,
    InvalidIdentifier,
    check,
    check_document,
    newborn_name,
    normalise,
    person_name,
)
from portal.lib import identifier_wording as wording
from tests.portal.identifiers.vectors import FILE, TODAY, VECTORS, Vector, as_json


@pytest.mark.parametrize("vector", [v for v in VECTORS if not v.code], ids=lambda v: f"{v.kind}-{v.input}")
def test_it_keeps_what_is_right(vector: Vector) -> None:
    assert normalise(vector.kind, vector.input, TODAY) == (vector.normalised or vector.input)
    assert normalise(vector.kind, vector.normalised or vector.input, TODAY) == (vector.normalised or vector.input)


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.code], ids=lambda v: f"{v.kind}-{v.input!a:.40}-{v.code}")
def test_it_names_what_is_wrong_and_how_to_mend_it(vector: Vector) -> None:
    problem = check(vector.kind, vector.input, TODAY)
    assert problem is not None
    assert problem.code == vector.code
    said = wording.sentence(problem.code, problem.params, wording.label_of(vector.kind))
    assert "%" not in said
    assert said.encode()


def test_every_kind_is_exemplified_and_has_a_label() -> None:
    assert {v.kind for v in VECTORS} == set(KINDS)
    assert all(isinstance(wording.label_of(kind), str | Promise) for kind in KINDS)


def test_the_browsers_examples_are_the_same() -> None:
    assert FILE.read_text(encoding="utf-8") == as_json()


def test_every_kind_of_document_has_its_validator() -> None:
    assert set(DOCUMENTS) == set(DocumentKind.values)
    problem = check_document("111", "36010219900307999", TODAY)
    assert problem is not None
    assert dict(problem.params) == {"expected": "18", "actual": 17}


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("resident_id", "36010219900307999", "身份证号应为 18 位，您填了 17 位，请核对。"),
        ("resident_id", "36O102199003079991", "身份证号的第 3 位不能是“O”，是不是数字“0”？"),
        ("resident_id", "360102199002309994", "身份证号里的出生日期 1990-02-30 不存在，请核对第 7 至 14 位。"),
        ("person_name", "李明1", "姓名里不能有数字“1”，请核对。"),
        ("newborn_name", "李Lucky", "新生儿姓名里不能有字母“L”，请核对。"),
        ("credit_code", "91360102MO9999013M", "统一社会信用代码的第 10 位不能是“O”，是不是数字“0”？"),
    ],
)
def test_it_says_so_in_plain_words(kind: str, text: str, said: str) -> None:
    problem = check(kind, text, TODAY)
    assert problem is not None
    assert wording.sentence(problem.code, problem.params, wording.label_of(kind)) == said


def test_a_birth_today_is_no_future_birth() -> None:
    body = f"360102{TODAY:%Y%m%d}001"
    number = body + check_character(body)
    assert check("resident_id", number, TODAY) is None
    refused = check("resident_id", number, TODAY - timedelta(days=1))
    assert refused is not None
    assert refused.code == "future_date"


def test_it_tells_birth_date_and_sex() -> None:
    assert resident_facts("36010319850615908X").birth_date == date(1985, 6, 15)
    assert (resident_facts("36010319850615908X").sex, resident_facts("360102199003079991").sex) == ("2", "1")


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)
def test_it_takes_every_well_formed_citizens_number(province: str, rest: int, born: date, order: int) -> None:
    body = f"{province}{rest:04}{born:%Y%m%d}{order:03}"
    assert normalise("resident_id", body + check_character(body), TODAY) == body + check_character(body)


@given(st.integers(0, 17), st.sampled_from("0123456789"), st.sampled_from(["36010319850615908X", "360102199003079991"]))
def test_it_finds_every_single_wrong_digit(position: int, digit: str, number: str) -> None:
    wrong = number[:position] + digit + number[position + 1 :]
    assert (check("resident_id", wrong, TODAY) is None) == (wrong == number)


@given(st.integers(0, 16), st.sampled_from(["36010319850615908X", "360102199003079991"]))
def test_it_finds_two_neighbours_that_changed_places(position: int, number: str) -> None:
    wrong = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    assert (check("resident_id", wrong, TODAY) is None) == (wrong == number)


@given(st.text(ALPHABET, min_size=8, max_size=8), st.integers(0, 999999), st.sampled_from(["91", "11", "51", "93"]))
def test_it_takes_every_credit_code_whose_two_checks_agree(body: str, region: int, head: str) -> None:
    code = f"{head}{region:06}{body}{body_check_character(body)}"
    assert normalise("credit_code", code + credit_check_character(code), TODAY) == code + credit_check_character(code)


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=60))
def test_no_text_breaks_it(kind: str, text: str) -> None:
    problem = check(kind, text, TODAY)
    if problem is None:
        kept = normalise(kind, text, TODAY)
        assert kept
        assert normalise(kind, kept, TODAY) == kept
    else:
        assert wording.sentence(problem.code, problem.params, "姓名").encode()


@given(
    st.sampled_from(sorted(KINDS)),
    st.text(st.characters(codec="utf-16", categories=["Nd", "Lu", "Zs", "Cf", "Cs"]), max_size=25),
)
def test_no_writing_of_digits_breaks_it(kind: str, text: str) -> None:
    check(kind, text, TODAY)


han = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
    st.integers(0x20000, 0x3347F).map(chr),
)


@given(st.text(han, min_size=1, max_size=60))
def test_every_name_of_han_characters_stays_as_it_is(name: str) -> None:
    assert person_name(name) == name


@given(st.lists(st.text(han, min_size=1, max_size=8), min_size=2, max_size=6))
def test_the_middle_dot_joins_any_number_of_parts(parts: list[str]) -> None:
    assert person_name("\u30fb".join(parts)) == "·".join(parts)


def test_the_exact_character_and_place_are_told() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        person_name("  李明 ２世")
    assert refusal.value.params == {"character": "２", "position": 6}


def test_an_office_may_hold_newborns_to_a_table_of_characters() -> None:
    assert newborn_name("李小满", permitted=set("李小满")) == "李小满"
    with pytest.raises(InvalidIdentifier) as refusal:
        newborn_name("李小䶮", permitted=set("李小满"))
    assert refusal.value.params == {"character": "䶮"}


def test_every_sentence_is_for_a_problem_that_an_example_shows() -> None:
    shown = {v.code for v in VECTORS} | {"outside_table"}
    assert shown - {""} == wording.CODES
