"""Patterns that RE2, Python and the browser read alike; they cannot run away on the server, nor those given to a browser there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.fields.backtracking import MOST_TRIES
from catalog.fields.pattern_syntax import Characters, Choice, Concatenation, Node, Repetition, parse
from catalog.fields.patterns import MAX_LENGTH, check_pattern, compile_pattern, may_run_in_a_browser

CONTENT = Path(__file__).resolve().parents[3] / "catalog" / "content"
RUNAWAYS = (r"(a?){100}x", r"(\d?|a){50}x", r"(a|a)*b", "(a+)+", "(a|a?)+", "a*a*a*", "(a|b|ab)*c", "a?" * 40)


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
        ("a{02}", "syntax"),
        ("a{1001}", "syntax"),
        (r"[\d-x]", "syntax"),
        ("\ud800", "syntax"),
        ("[\ud800]", "syntax"),
        ("(a{100}){100}", "too_costly"),
    ],
)
def test_it_refuses_the_rest(pattern: object, why: str) -> None:
    assert check_pattern(pattern) == why


def test_it_takes_any_letter_for_itself() -> None:
    assert check_pattern("XXxx") == ""
    assert [check_pattern(f"a{bracket}") for bracket in "]}"] == ["syntax", "syntax"]


@pytest.mark.parametrize("pattern", RUNAWAYS)
def test_what_would_run_away_is_answered_at_once_on_the_server_and_never_given_to_a_browser(pattern: str) -> None:
    assert check_pattern(pattern) == ""
    assert not compile_pattern(pattern)("a" * 100_000 + "!")
    assert not may_run_in_a_browser(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\d{2}-)*\d{2}",
        "[GLJ]?[0-9]{17,18}[0-9X]?",
        "[0-9A-Z]{6,20}",
        ".[A-Z][0-9A-Z]{5,6}",
        "a{1,1000}",
        "(ab)?c",
        "a|bc",
        r"[a\-]b",
        "((a?)b)*",
        "x{0}",
        "(" * 99 + "a" + ")" * 99,
    ],
)
def test_a_browser_is_given_what_reads_every_text_in_few_ways(pattern: str) -> None:
    assert may_run_in_a_browser(pattern)


@pytest.mark.parametrize("pattern", [r"a\-b", "(|a)*", "(a?){2,3}", "(a?|b?)(c?|d?)" * 14, "[^^", "(.{1,10},){1,50}"])
def test_a_browser_is_given_nothing_else(pattern: str) -> None:
    assert not may_run_in_a_browser(pattern)


def test_half_a_character_matches_nothing() -> None:
    assert not compile_pattern(".*")("\ud800")


def test_what_only_an_older_rule_took_demands_nothing() -> None:
    assert compile_pattern("(a{100}){100}")("anything")


def shipped_patterns() -> set[str]:
    """Return every pattern of the definitions that come with the project."""
    found: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                found.add(value["pattern"])
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    for path in sorted(CONTENT.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if "pattern:" in text:
            look(yaml.load(text, Loader=yaml.CSafeLoader))
    return found


def in_python(pattern: str) -> Callable[[str], bool]:
    """Return what the pattern meant when Python's own engine read it."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


SHIPPED = sorted(shipped_patterns())


@pytest.mark.parametrize("pattern", SHIPPED)
def test_what_is_shipped_is_taken_and_given_to_browsers(pattern: str) -> None:
    assert check_pattern(pattern) == ""
    assert may_run_in_a_browser(pattern)


@given(st.data())
def test_what_is_shipped_means_what_it_meant(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(SHIPPED))
    good = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    at = data.draw(st.integers(0, len(good)))
    changed = good[:at] + data.draw(st.text(max_size=2)) + good[at + data.draw(st.integers(0, 2)) :]
    matches, meant = compile_pattern(pattern), in_python(pattern)
    assert matches(good)
    assert matches(changed) == meant(changed)


LETTERS = "ab1-.é\n𬱖"
atoms = st.sampled_from(
    ["a", "b", "1", "é", "𬱖", ".", r"\d", r"\.", "[ab]", "[^a]", "[a-b1]", r"[\d-]", r"[\-a]", "-"]
)
quantifiers = st.sampled_from(["", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "{2,}", "{0}"])
quantified = st.builds("{}{}".format, atoms, quantifiers)
patterns = st.recursive(
    quantified,
    lambda inner: (
        st.builds("{}{}".format, inner, inner)
        | st.builds("({}|{}){}".format, inner, inner, quantifiers)
        | st.builds("(?:{}){}".format, inner, quantifiers)
    ),
    max_leaves=8,
)


@given(patterns, st.text(LETTERS, max_size=8))
def test_both_engines_read_every_pattern_alike(pattern: str, text: str) -> None:
    if check_pattern(pattern) == "":
        assert compile_pattern(pattern)(text) == in_python(pattern)(text)


def steps_of_a_backtracker(pattern: str, text: str, most: int) -> int:
    """Return how many characters an engine that tries one way after another compares on this text, ``most`` if it is more."""
    steps = 0

    def run(node: Node, at: int, then: Callable[[int], bool]) -> bool:
        nonlocal steps
        match node:
            case Characters(ranges):
                steps += 1
                if steps >= most:
                    return True  # enough
                read = at < len(text) and any(low <= ord(text[at]) <= high for low, high in ranges)
                return read and then(at + 1)
            case Concatenation(parts):
                return run_all(parts, at, then)
            case Choice(branches):
                return any(run(branch, at, then) for branch in branches)
            case Repetition(part, least, limit):
                return repeat(part, at, least, limit, then)

    def run_all(parts: tuple[Node, ...], at: int, then: Callable[[int], bool]) -> bool:
        return run(parts[0], at, lambda end: run_all(parts[1:], end, then)) if parts else then(at)

    def repeat(part: Node, at: int, least: int, limit: int | None, then: Callable[[int], bool]) -> bool:
        if limit == 0:
            return then(at)
        fewer = None if limit is None else limit - 1
        if least:
            return run(part, at, lambda end: repeat(part, end, least - 1, fewer, then))
        return run(part, at, lambda end: end > at and repeat(part, end, 0, fewer, then)) or then(at)

    run(parse(pattern), 0, lambda end: end == len(text))
    return steps


@given(patterns, st.text(LETTERS, max_size=6), st.integers(1, 6))
@example(r"(\d{2}-)*\d{2}", "11-", 6)
@example("(a?|b?)?(a|b)", "ab", 3)
def test_what_a_browser_is_given_costs_it_little(pattern: str, text: str, times: int) -> None:
    """Against an engine that counts: vouching for a pattern bounds its steps by the length of the text."""
    if may_run_in_a_browser(pattern):
        longest = text * times
        most = MOST_TRIES * (len(longest) + 1) + 1
        assert steps_of_a_backtracker(pattern, longest, most) < most


def test_the_engine_that_counts_would_notice() -> None:
    assert steps_of_a_backtracker("(a|a)*b", "a" * 20, 100_000) == 100_000
