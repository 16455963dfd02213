"""Patterns that Python and the browser read alike and that cannot run away."""

from __future__ import annotations

import time

import pytest

from catalog.fields.patterns import MAX_LENGTH, check_pattern, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\d{6}", "123456", "１２３４５６"),
        (r"[\d-]+", "12-3", "a"),
        (r"[A-Z]{1,3}", "ABC", "ABCD"),
        (r"[A-Z]{2,}", "ABCD", "A"),
        (r"(?:赣|湘)[A-Z]\d?", "赣A1", "京A1"),
        (r"(ab)?c", "abc", "ab"),
        (r"a\.b", "a.b", "axb"),
        (r"\\d", "\\d", "1"),
        (r"[^\]]x", "ax", "]x"),
        (r"a|bc", "bc", "b"),
        (r"x*y+", "xxy", "x"),
        (r".", "\u00e9", "\n"),
        (r"(\d)x", "1x", "ax"),
        (r"\[\d", "[5", "[-"),
        (r"\[[\d.]\d", "[.5", "[55."),
    ],
)
def test_it_matches_whole_values(pattern: str, good: str, bad: str) -> None:
    assert check_pattern(pattern) == ""
    matches = compile_pattern(pattern)
    assert matches(good)
    assert not matches(bad)
    assert not matches(good + "\n")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "not_text"),
        (5, "not_text"),
        (None, "not_text"),
        ("a" * (MAX_LENGTH + 1), "too_long"),
        ("(a", "syntax"),
        ("a)", "syntax"),
        ("[a", "syntax"),
        ("a]", "syntax"),
        ("a}", "syntax"),
        ("*a", "syntax"),
        ("a**", "syntax"),
        ("a+?", "syntax"),
        ("(*a)", "syntax"),
        ("|*", "syntax"),
        ("a{2", "syntax"),
        ("a{3,2}", "syntax"),
        ("a{1,1001}", "syntax"),
        (r"\w", "syntax"),
        (r"\b", "syntax"),
        (r"(a)\1", "syntax"),
        ("(?=a)", "syntax"),
        ("(?i)a", "syntax"),
        ("(?P<n>a)", "syntax"),
        ("^a", "syntax"),
        ("a$", "syntax"),
        ("[z-a]", "syntax"),
        ("(a+)+", "too_costly"),
        ("((a?)b)*", "too_costly"),
        ("(a|a?)+", "too_costly"),
        ("a*a*a*", "too_costly"),
        ("a{0,200}b{0,200}", "too_costly"),
        ("a{101}", "too_costly"),
    ],
)
def test_it_refuses_the_rest(pattern: object, why: str) -> None:
    assert check_pattern(pattern) == why


def test_it_allows_a_repeated_group_of_fixed_length() -> None:
    assert check_pattern(r"(\d{2}-)*\d{2}") == ""
    assert check_pattern(r"((ab){3}c)*") == ""
    assert check_pattern("a" * MAX_LENGTH) == ""
    assert check_pattern("a{100}") == check_pattern("a{1,1000}") == check_pattern("a{0,99}b{0,199}") == ""
    assert check_pattern(r"((ab){3,4}c)*") == "too_costly"


def test_it_answers_fast_even_to_the_worst_input() -> None:
    pattern = r"a*a*b"
    assert check_pattern(pattern) == ""
    started = time.process_time()
    assert not compile_pattern(pattern)("a" * 5000)
    assert time.process_time() - started < 2


def test_each_part_that_may_be_missing_doubles_the_work() -> None:
    assert check_pattern("a?" * 14) == ""
    assert check_pattern("a?" * 15) == "too_costly"


def test_it_takes_any_letter_for_itself() -> None:
    assert check_pattern("XXxx") == ""
    assert [check_pattern(f"a{bracket}") for bracket in "]}"] == ["syntax", "syntax"]


def test_a_fixed_repetition_may_be_as_long_as_an_open_one_counts() -> None:
    assert check_pattern("a{100}") == ""
    assert check_pattern("a{101}") == "too_costly"
