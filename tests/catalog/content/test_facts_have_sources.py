"""Each fact says where it was read and how sure it is; what is not known is open, never filled up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from catalog.linting.items import PROMISES
from tests.catalog.content.folders import Content

# Elements of an implementation list that are either known or marked open.
ELEMENTS = (
    "item_type",
    "catalog_code",
    "exercise_level",
    "statutory_limit_days",
    "promised_limit_days",
    "legal_basis",
    "conditions",
    "fees",
    "cross_region",
    "online_depth",
)
_PLACEHOLDER = re.compile(
    r"待定|待补充|暂无|占位|示例文字|\bx{3,}\b|\bTODO\b|\bTBD\b|\bFIXME\b|\blorem\b|\?{2}|？{2}", re.IGNORECASE
)


def test_every_seen_fact_cites_a_source(content: Content) -> None:
    bare = [
        path
        for folder in content.folders
        for path, record in folder.records()
        if record.get("confidence") == "seen" and not record.get("sources")
    ]
    assert bare == []


def test_every_cited_source_is_in_the_list(content: Content) -> None:
    known = {key for folder in content.folders for key in folder.sources}
    missing = [
        (path, key)
        for folder in content.folders
        for path, record in folder.records()
        for key in record.get("sources", [])
        if key not in known
    ]
    assert missing == []


def test_no_source_is_listed_in_two_folders(content: Content) -> None:
    keys = [key for folder in content.folders for key in folder.sources]
    assert sorted(keys) == sorted(set(keys))


def test_every_element_of_every_item_is_known_or_open(content: Content) -> None:
    silent = [
        (item["slug"], element)
        for _folder, item in content.items()
        for element in ELEMENTS
        if item.get(element) in (None, [], "") and element not in item.get("facts", {})
    ]
    assert silent == []


def test_what_is_open_is_empty(content: Content) -> None:
    """What nobody read is not promised, not even as a working value. What an application needs (a department) may be one, if a note says why."""
    filled = [
        (item["slug"], element)
        for _folder, item in content.items()
        for element, fact in item.get("facts", {}).items()
        if fact.get("confidence") == "open"
        and item.get(element) not in (None, [], "")
        and (element in PROMISES or not fact.get("note"))
    ]
    assert filled == []


def test_no_limit_fee_or_visit_is_published_without_a_basis(content: Content) -> None:
    """Every number that is promised says what it rests on; a number that somebody filled in for want of one rests on nothing."""
    invented = [
        (item["slug"], element)
        for _folder, item in content.items()
        for element in PROMISES
        if item.get(element) is not None
        and (item.get("facts", {}).get(element) or {"confidence": "open"}).get("confidence", "general") == "open"
    ]
    assert invented == []
    guesses = [
        (item["slug"], text)
        for _folder, item in content.items()
        for text in [item.get("limit_note", ""), *(fact.get("note", "") for fact in item.get("facts", {}).values())]
        if re.search("暂按|按即办件计|参照.*计|未读到.*按 ?\\d", text)
    ]
    assert guesses == []


def test_no_limit_of_another_place_is_seen_here(content: Content) -> None:
    """A limit, fee or visit read in another place's guide is inferred for this town; only what the law itself says holds everywhere."""
    law = {key for folder in content.folders for key, cited in folder.sources.items() if re.search("法|条例", cited)}
    here = {
        key for folder in content.folders for key, cited in folder.sources.items() if re.search("南昌|国办|国发", cited)
    }
    elsewhere = [
        (item["slug"], element)
        for _folder, item in content.items()
        for element in PROMISES
        for fact in [item.get("facts", {}).get(element) or {}]
        if fact.get("confidence") == "seen" and not set(fact["sources"]) <= law | here
    ]
    assert elsewhere == []


def test_facts_of_another_province_say_so(content: Content) -> None:
    """What a guide of Hunan says is inferred for Jiangxi: the note must name the place."""
    silent = [
        (item["slug"], element)
        for item in content.shared.items.values()
        for element, fact in item["facts"].items()
        if any(key.startswith("HN_") for key in fact.get("sources", []))
        and not re.search("湖南|国家基本目录|同一主项|保费", fact.get("note", ""))
    ]
    assert silent == []


def test_visits_have_a_reason_and_no_visit_has_none(content: Content) -> None:
    for _folder, item in content.items():
        visits = (item.get("visits") or 0) + (item.get("visits_together") or 0)
        assert bool(visits) == bool(item.get("visit_reason")), item["slug"]


def test_a_promise_is_not_longer_than_the_statute(content: Content) -> None:
    for _folder, item in content.items():
        if item.get("statutory_limit_days") and item.get("promised_limit_days"):
            assert item["promised_limit_days"] <= item["statutory_limit_days"], item["slug"]


def test_basic_codes_agree_with_the_type_of_the_item(content: Content) -> None:
    for _folder, item in content.items():
        code = item.get("catalog_code")
        if code:
            assert code[:2] in ("00", "36"), f"{item['slug']}: the code of another province"
            assert code[2:4] == item["item_type"], item["slug"]


def test_no_text_holds_the_place_of_another(content: Content) -> None:
    found = [
        (folder.slug, text)
        for folder in content.folders
        for text in [*_texts([folder.matter, list(folder.items.values()), folder.materials]), *folder.english.values()]
        if _PLACEHOLDER.search(text)
    ]
    assert found == []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
