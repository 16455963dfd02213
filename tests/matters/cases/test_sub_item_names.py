"""A sub-item is told from its twin's wherever it is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from matters.models import SubItem
from matters.wording.refusals import StateChanged
from matters.wording.sub_items import sub_item_name
from portal.notices.wording import words

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


@pytest.mark.parametrize(("key", "name"), [("hukou", "户口登记"), ("hukou#2", "户口登记（第 2 位）")])
def test_the_name_says_whose_it_is_where_there_are_several(key: str, name: str) -> None:
    part = SubItem(key=key, name="户口登记", state="queued")
    assert sub_item_name(part) == name
    assert f"“{name}”现在是" in StateChanged(part).sentence


def test_a_message_says_it_as_well() -> None:
    data = {"item": "户口登记", "department": "市公安局"}
    assert words("sub_item_approved", data).title == "户口登记办好了"
    assert words("sub_item_approved", {**data, "of_which": 2}).title == "户口登记（第 2 位）办好了"


def test_no_page_writes_the_bare_name() -> None:
    bare = re.compile(r"\bsub_item\.name\b")
    assert [path.name for path in TEMPLATES.rglob("*.html") if bare.search(path.read_text())] == []
