"""What was not found is remembered; who looked for it is not."""

from __future__ import annotations

from itertools import pairwise

import pytest

from catalog.models import SearchMiss, SearchPhrase, SearchTarget
from catalog.search.content import load_search_content
from catalog.search.engine import ENGINE, known_pairs
from catalog.search.misses import record_miss, without_person

KNOWN = frozenset(
    "".join(pair)
    for text in ("上牌照", "补贴", "身份证怎么办", "给孩子", "户口", "出生证明")
    for pair in pairwise(text)
)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("给风筝上牌照", "〇上牌照"),
        ("第2次补贴", "〇#〇补贴"),
        ("36010219900101123X 身份证", ""),
        ("13800138000", ""),
        ("zhangwei 牌照", ""),
        ("a@example.org 怎么办", ""),
        ("红谷滩区会展路88号3栋", ""),
        ("我叫李四家住东湖区想问问为什么我的补贴到现在还没有发", ""),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_it_keeps_words_of_matters(query: str, kept: str) -> None:
    assert without_person(query, KNOWN) == kept


@pytest.mark.parametrize(
    "name",
    [
        *(
            "张伟",
            "欧阳娜娜",
            "李明慧",
            "我叫李四",
            "䶮",
            "阿依古丽",
            "买买提·吐尔逊",
            "木塔里甫",
            "古丽米热·艾合买提",
            "扎西多吉",
            "才让卓玛",
        ),
        *(
            "次仁顿珠",
            "巴特尔",
            "娜仁花",
            "乌云其其格",
            "苏日娜",
            "金敏贞",
            "ئايگۈل",
            "བཀྲ་ཤིས",
            "ᠪᠠᠭᠠᠲᠤᠷ",
            "Батболд",
            "김민정",
            "Aygül",
        ),
    ],
)
def test_it_keeps_no_name_of_any_people(name: str) -> None:
    for query in (name, f"给{name}补贴", f"{name}身份证", f"{name} 户口", f"出生证明{name}"):
        kept = without_person(query, KNOWN)
        assert not {"".join(pair) for pair in pairwise(name)} & {"".join(pair) for pair in pairwise(kept)}
        assert name not in kept


def test_what_the_shipped_search_knows_holds_no_common_name(db: None) -> None:
    load_search_content()
    ENGINE.forget()
    known = known_pairs()
    common = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "买提", "古丽", "扎西", "卓玛", "特尔", "仁花")
    assert [name for name in common if name in known] == []


@pytest.mark.django_db
def test_it_counts_every_miss_and_the_same_words_once() -> None:
    target = SearchTarget.objects.create(slug="kite", kind="item", name="上牌照")
    SearchPhrase.objects.create(target=target, text="上牌照")
    ENGINE.forget()
    record_miss("给风筝上牌照")
    record_miss("给风筝上牌照？")
    record_miss("李四")
    record_miss("讨薪")
    assert dict(SearchMiss.objects.values_list("text", "count")) == {"〇上牌照": 2, "〇": 2}
