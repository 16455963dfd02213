"""What readers and reckoning found in the project's own guides is found by the lints as well."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from catalog.definitions import Finding
from catalog.inspecting.files import read_guides
from catalog.linting.guides import lint_guide
from catalog.packages.format.problems import Problems
from catalog.packages.importing import CONTENT
from tests.catalog.linting.contradictions import GUIDES, IN_WORDS, ITEMS


@cache
def packaged() -> dict[str, Any]:
    """Return the facts of every guide of the content, by its key; do not change them."""
    problems = Problems()
    folders = [CONTENT / "guides", *sorted(CONTENT.glob("*/guides"))]
    guides = {guide.key: guide.facts for folder in folders for guide in read_guides(folder, problems)}
    assert not problems
    return guides


@pytest.mark.parametrize("key", GUIDES)
def test_it_finds_every_contradiction_that_was_computed(key: str) -> None:
    found = [
        (each.code, each.params["declared"], each.params["found"]) for each in lint_guide(packaged()[key], packaged())
    ]
    assert [each for each in GUIDES[key] if each not in found] == []


@pytest.mark.parametrize("key", IN_WORDS)
def test_it_finds_what_a_reader_saw_in_the_words(key: str) -> None:
    assert IN_WORDS[key] - {each.code for each in lint_guide(packaged()[key], packaged())} == set()


@pytest.mark.parametrize("key", ITEMS)
def test_it_finds_every_contradiction_of_a_single_item(key: str) -> None:
    found = []
    for each in lint_guide(packaged()[key]):
        found_there = each.params["found"]
        branches = found_there.values() if isinstance(found_there, dict) else None
        named = " / ".join("、".join(names) for names in branches) if branches else "、".join(found_there or [])
        found.append((each.code, named))
    assert [each for each in ITEMS[key] if each not in found] == []


@pytest.mark.parametrize("key", [*GUIDES, *ITEMS])
def test_the_package_states_facts_not_findings(key: str) -> None:
    assert {"contradictions", "remarks"} & set(packaged()[key]) == set()


def test_a_guide_reads_the_same_from_json_as_from_yaml(tmp_path: Path) -> None:
    guide = packaged()["g_dereg_lk"]
    (tmp_path / "one.json").write_text(json.dumps(guide, ensure_ascii=True), encoding="utf-8")
    (tmp_path / "many.json").write_text(json.dumps({"guides": [guide], "meta": {}}), encoding="utf-8")
    problems = Problems()
    read = [*read_guides(tmp_path / "one.json", problems), *read_guides(tmp_path / "many.json", problems)]
    assert not problems
    wanted: list[Finding] = lint_guide(guide)
    assert [lint_guide(each.facts) for each in read] == [wanted, wanted]
