"""Definitions as JSON: what a version froze is read for ever."""

from __future__ import annotations

from catalog.definitions import ElementDefinition, SectionDefinition
from catalog.definitions.codec import from_json, to_json


def test_what_was_frozen_under_an_earlier_name_is_still_read() -> None:
    section = {"key": "child", "title": "孩子", "help": ""}
    assert from_json(SectionDefinition, section) == SectionDefinition("child", "孩子")
    element = {"code": "person.name", "name": "姓名", "sources": ["profile"]}
    assert from_json(ElementDefinition, element) == ElementDefinition("person.name", "姓名", known_from=("profile",))


def test_what_is_written_is_read_back() -> None:
    for value in (
        SectionDefinition("child", "孩子", "说明"),
        ElementDefinition("a.b", "甲", known_from=("shared:tax",)),
    ):
        assert from_json(type(value), to_json(value)) == value
