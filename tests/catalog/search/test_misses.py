"""What was not found is remembered; who looked for it is not."""

from __future__ import annotations

import pytest

from catalog.models import SearchMiss
from catalog.search.misses import record_miss, without_person


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("给风筝上牌照", "给风筝上牌照"),
        ("第2次补贴", "第#次补贴"),
        ("36010219900101123X 身份证", ""),
        ("13800138000", ""),
        ("张伟", ""),
        ("欧阳娜娜", ""),
        ("zhangwei 风筝", ""),
        ("a@example.org 怎么办", ""),
        ("红谷滩区会展路88号3栋", ""),
        ("我叫李四家住东湖区想问问为什么我的补贴到现在还没有发", ""),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_it_keeps_words_and_drops_persons(query: str, kept: str) -> None:
    assert without_person(query) == kept


@pytest.mark.django_db
def test_it_counts_the_same_words_once() -> None:
    record_miss("给风筝上牌照")
    record_miss("给风筝上牌照？")
    record_miss("李四")
    assert list(SearchMiss.objects.values_list("text", "count")) == [("给风筝上牌照", 2)]
