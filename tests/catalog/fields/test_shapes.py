"""What a sentence may say of a pattern: lengths and characters of the texts that meet it, and an example that does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.shapes import LONGEST_EXAMPLE, Shape, shape_of
from tests.catalog.fields.random_patterns import PATTERNS, TEXTS
from tests.catalog.merging.examples import examples


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("[A-Z][0-9]{3}", 4, 4),
        ("[0-9A-Z]{5,6}", 5, 6),
        ("[0-9]{3,}", 3, None),
        ("a*bc", 2, None),
        ("a|bcd", 1, 3),
        ("abc|d*", 0, None),
        ("(a|bc){2}d", 3, 5),
        ("(ab){2,3}", 4, 6),
        ("(a+){2}", 2, None),
        ("", 0, 0),
    ],
)
def test_how_long_texts_are(pattern: str, least: int, most: int | None) -> None:
    shape = shape_of(pattern)
    assert shape is not None
    assert (shape.least, shape.most) == (least, most)


@pytest.mark.parametrize(
    ("pattern", "letters", "digits", "others"),
    [
        ("[A-Z]", True, False, False),
        ("z", True, False, False),
        ("Z", True, False, False),
        ("a", True, False, False),
        ("A", True, False, False),
        ("0", False, True, False),
        ("9", False, True, False),
        ("[0-9A-F]{2}", True, True, False),
        ("[0-9]{4}-[0-9]{2}", False, True, True),
        ("(a|[0-9])+", True, True, False),
        ("赣", False, False, True),
        ("é", False, False, True),
        ("[A-é]", True, False, True),
        ("[!-9]", False, True, True),
        ("[a-~]", True, False, True),
        ("\\.", False, False, True),
        (":", False, False, True),
        ("_", False, False, True),
        ("", False, False, False),
    ],
)
def test_which_characters_they_have(pattern: str, letters: bool, digits: bool, others: bool) -> None:
    shape = shape_of(pattern)
    assert shape is not None
    assert (shape.has_letters, shape.has_digits, shape.has_others) == (letters, digits, others)


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        ("[A-Z][0-9]{3}", "A123"),
        ("[A-Z0-9]{12}", "A12345678901"),
        ("[0-9]{12}", "112345678901"),  # no number of a document begins with 0
        ("[A-Z]{2}[0-9]{2}", "AA23"),
        ("[a-z]{2}", "aa"),
        ("[b-z]", "b"),
        ("[2-9]{3}", "222"),
        ("[0-9]{4}-[0-9]{2}", "1123-56"),
        ("X[A-Za-z]", "XA"),
        ("[!a-z]", "a"),
        ("X[!a-z]", "Xa"),
        ("a|bcd", "a"),
        ("(a|bc){2}", "aa"),
        ("X{0,3}Y", "Y"),
        ("\\(\\d\\)", "(1)"),
        ("~", "~"),
        (f"A{{{LONGEST_EXAMPLE}}}", "A" * LONGEST_EXAMPLE),
    ],
)
def test_the_example_looks_like_the_number_of_a_document(pattern: str, example: str) -> None:
    shape = shape_of(pattern)
    assert shape is not None
    assert shape.example == example


@pytest.mark.parametrize("pattern", [f"A{{{LONGEST_EXAMPLE + 1}}}", "A*", "", "赣[A-Z]", "[A-é]", "\u0080", ".{3}"])
def test_no_example_where_none_would_help(pattern: str) -> None:
    shape = shape_of(pattern)
    assert shape is not None
    assert shape.example == ""


def test_a_pattern_that_is_none_has_no_shape() -> None:
    assert shape_of("(") is None
    assert shape_of("^a$") is None


def test_a_shape_says_all_of_it() -> None:
    assert shape_of("[A-Z][0-9]{3,4}") == Shape(4, 5, True, True, False, "A123")


@examples(200)
@given(st.one_of(PATTERNS, PATTERNS.map(lambda each: each.replace("[^a]", "[bc]").replace(".", "[a-c]"))))
def test_every_text_that_meets_a_pattern_has_its_shape(pattern: str) -> None:
    shape = shape_of(pattern)
    assert shape is not None
    meeting = [len(text) for text in TEXTS if re.fullmatch(pattern, text)]
    assert all(shape.least <= length and (shape.most is None or length <= shape.most) for length in meeting)
    if shape.least <= len(max(TEXTS, key=len)):
        assert min(meeting) == shape.least
    if shape.most is not None and shape.most <= len(max(TEXTS, key=len)):
        assert max(meeting) == shape.most
    assert not shape.example or re.fullmatch(pattern, shape.example)
