"""Names of repeated things, and what the browser is told."""

from __future__ import annotations

import pytest

from catalog.definitions.naming import field_key, numbered, rename_role, split_instance
from tests.worlds.family import CERTIFICATE, ONE, TWINS, compiled, var, with_line


@pytest.mark.parametrize(
    ("name", "number", "whole"), [("child", 1, "child"), ("child", 2, "child#2"), ("hukou", 12, "hukou#12")]
)
def test_a_repeated_thing_bears_its_number_and_the_first_none(name: str, number: int, whole: str) -> None:
    assert numbered(name, number) == whole
    assert split_instance(whole) == (name, number)
    assert field_key(name, "person.name", number) == f"{whole}:person.name"


@pytest.mark.parametrize("odd", ["a#", "a#b", "#"])
def test_what_is_no_number_is_part_of_the_name(odd: str) -> None:
    assert split_instance(odd) == (odd, 1)


def test_only_field_keys_have_roles() -> None:
    assert rename_role("child:person.name", {"child": "kid"}) == "kid:person.name"
    assert rename_role("child", {"child": "kid"}) == "child"
    assert rename_role("today", {"child": "kid"}) == "today"


def test_the_browser_is_told_the_same_conditions() -> None:
    told = compiled().plan_for(ONE).browser_rules()
    assert told["answers"] == {
        "answers.marriage": "married",
        "answers.applicant": "mother",
        "answers.children": 1,
        "answers.items": ["insurance"],
    }
    assert told["types"] == {}
    assert len(told["items"]) == 3
    assert ["mother:person.name", None, True] in told["items"][0]
    # What a decision supplies is not asked.
    assert all(key != "child:person.id_number" for lines in told["items"] for key, _shows, _requires in lines)
    assert len(compiled().plan_for(TWINS).browser_rules()["items"]) == 6


def test_the_browser_is_told_the_types_of_what_conditions_read() -> None:
    when = {"==": [var("mother:person.id_kind"), "111"]}
    told = compiled(certificate=with_line(CERTIFICATE, "MHM", condition=when)).plan_for(ONE).browser_rules()
    assert told["types"] == {"mother:person.id_kind": "id_kind"}
    assert ["mother:person.id_number", when, True] in told["items"][0]
