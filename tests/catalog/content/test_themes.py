"""Every matter and item has its place under one of the portal's themes."""

from __future__ import annotations

from catalog.browse.themes import ALL, ORGANISATION, PERSON
from catalog.browse.zone import STAGES
from tests.catalog.content.folders import Content


def test_every_matter_bears_a_theme_of_those_it_is_for(content: Content) -> None:
    themes = {"person": PERSON, "organisation": ORGANISATION}
    for slug, folder in content.matters.items():
        matter = folder.matter or {}
        assert matter.get("theme") in themes[matter["subject"]], slug


def test_every_item_bears_a_theme(content: Content) -> None:
    assert [item["slug"] for _folder, item in content.items() if item.get("theme") not in ALL] == []


def test_every_matter_stands_in_a_stage_of_life_or_business(content: Content) -> None:
    for slug, folder in content.matters.items():
        matter = folder.matter or {}
        assert matter["stage"] in STAGES[matter["subject"]], slug
