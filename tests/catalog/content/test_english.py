"""Whatever an applicant reads of the catalog is there in English too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from catalog.browse.themes import ALL
from catalog.packages.importing import CONTENT
from tests.catalog.content.folders import Content, Folder

_CHINESE = re.compile("[\u3400-\u9fff]")
# What stands under these keys is not shown to applicants: facts and sources, what reviewers check, rules and codes.
_NOT_SHOWN = re.compile(
    "facts|sources|confidence|review_points|declared_figures|stage|slug|status|exercise_level|division|lead_department"
    "|department|constraints|condition|required_when|violated|is_applicant|count|authority|face"
    "|key|value|code|element|role|section|kind|placement|locked"
)


def test_every_text_of_a_matter_has_english(content: Content) -> None:
    missing: dict[str, list[str]] = {}
    for slug, folder in content.matters.items():
        known = content.shared.english | folder.english | _certificates(content.shared) | _certificates(folder)
        texts = [*_texts(folder.matter), *_texts(list(folder.items.values())), *_texts(folder.materials)]
        gaps = [text for text in dict.fromkeys(texts) if not known.get(text)]
        if gaps:
            missing[slug] = gaps
    assert missing == {}


def test_every_text_of_a_single_item_has_english(content: Content) -> None:
    texts = [*_texts(list(content.shared.items.values())), *_texts(content.shared.materials)]
    assert [text for text in dict.fromkeys(texts) if not content.shared.english.get(text)] == []


def test_names_of_departments_and_themes_have_english(content: Content) -> None:
    names = [row[key] for folder in content.folders for row in folder.departments for key in ("name", "short_name")]
    known = {text for folder in content.folders for text in folder.english}
    assert [name for name in [*names, *ALL] if name not in known] == []


def test_names_of_what_is_applied_for_elsewhere_have_english(content: Content) -> None:
    topics = yaml.safe_load((CONTENT / "search" / "elsewhere.yaml").read_text("utf-8"))
    assert [topic["name"] for topic in topics.values() if topic["name"] not in content.shared.english] == []


def test_units_have_english_and_no_label_repeats_them(content: Content) -> None:
    units = {
        row["code"]: row["unit"] for folder in content.folders for row in folder.others["elements"] if "unit" in row
    }
    assert {unit for unit in units.values() if _CHINESE.search(unit)} <= content.shared.english.keys()
    labels = [
        (line["element"], line.get("label", "")) for _f, item in content.items() for line in item.get("lines", [])
    ]
    labels += [(row["code"], row["name"]) for folder in content.folders for row in folder.others["elements"]]
    assert [label for element, label in labels if f"（{units.get(element)}" in label] == []


def test_english_is_english(content: Content) -> None:
    chinese = [text for folder in content.folders for text in folder.english.values() if _CHINESE.search(text)]
    assert chinese == []


def test_every_folder_speaks_of_what_it_holds(content: Content) -> None:
    """A translation whose Chinese is nowhere in the content is left over from a text that was changed."""
    held = set(_everything([[vars(folder) | {"english": {}} for folder in content.folders], *ALL]))
    held |= {
        "".join(f"《{b['law']}》{b.get('article', '')}" for b in item.get("legal_basis") or [])
        for _f, item in content.items()
    }
    left = [
        (folder.slug, text)
        for folder in content.matters.values()
        for text in folder.english
        if text not in held and not text.startswith("《")
    ]
    assert left == []


def _certificates(folder: Folder) -> dict[str, str]:
    return {row["name"]: row["name_en"] for row in folder.others["certificate_types"] if row.get("name_en")}


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if _CHINESE.search(value):
            yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if not _NOT_SHOWN.fullmatch(name):
                yield from _texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, key)


def _everything(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _everything(each)
    elif isinstance(value, list):
        for each in value:
            yield from _everything(each)
