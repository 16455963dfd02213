"""Rules written out for certain persons, and what they read of the first person only."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.rules.persons import Numbers, of_persons, quantified, read_of_first


def named(name: str, numbers: Numbers) -> str:
    return f"{name}#{numbers.get(name.partition(':')[0], 0)}"


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ({"var": "c:x"}, {"var": "c:x#2"}),
        ({"var": ["c:x"]}, {"var": "c:x#2"}),
        ({"var": ["c:x", 7]}, {"var": ["c:x#2", 7]}),
        ({"var": ["c:x", {"var": "c:y"}]}, {"var": ["c:x#2", {"var": "c:y#2"}]}),
        (
            {"var": ["c:x", {"any": ["d", {"!!": [{"var": "d:y"}]}]}]},
            {"var": ["c:x#2", {"or": [{"!!": [{"var": "d:y#0"}]}, {"!!": [{"var": "d:y#1"}]}]}]},
        ),
    ],
)
def test_a_variable_and_what_stands_in_for_it_are_named_for_the_person(rule: Any, written: Any) -> None:
    assert of_persons(rule, {"c": 2}, named, lambda _role: [0, 1]) == written


def test_of_the_first_is_read_what_stands_in_too() -> None:
    rule = {"==": [{"var": ["c:x", {"var": ["c:y", {"var": "c:x:z"}]}]}, 1]}
    assert read_of_first(rule, {"c"}) == ["c:x", "c:x:z", "c:y"]
    assert read_of_first(rule, {"c"}, {"c"}) == []
    assert read_of_first({"any": ["c", rule]}, {"c"}) == []
    assert read_of_first({"var": "c"}, {"c", ""}) == []


def test_what_is_asked_of_persons_within_what_stands_in_is_found() -> None:
    girl = {"==": [{"var": "c:sex"}, "2"]}
    rule = {"var": ["d:x", {"any": ["c", girl]}]}
    assert list(quantified(rule, ["d"])) == [("c", girl, frozenset({"d"}))]
