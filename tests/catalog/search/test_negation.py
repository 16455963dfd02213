"""What a query denies, and what it wants instead."""

from __future__ import annotations

import pytest

from catalog.search.core.lexicon import Lexicon
from catalog.search.core.negation import Denial, read_denial
from catalog.search.core.text import normalise

LEXICON = Lexicon.build([["注销"], ["离婚"], ["报销"], ["不动产", "房子"], ["死亡", "不在了"], ["丢失", "不见了"]], [])


@pytest.mark.parametrize(
    ("query", "wanted", "denied"),
    [
        ("不想注销只想改地址", "改地址", "注销"),
        ("我不离婚，我要补结婚证", "我要补结婚证", "离婚"),
        ("不是上学是刚生的孩子办医保", "刚生的孩子办医保", "上学"),
        ("改地址不注销", "改地址", "注销"),
        ("不注销只变更法人", "变更法人", "注销"),
        ("not closing, just changing the address", "changing the address", "closing"),
        ("不开公司了", "公司 关门 注销", ""),
        ("饭店不想做了", "饭店 关门 注销", ""),
    ],
)
def test_it_reads_what_is_wanted(query: str, wanted: str, denied: str) -> None:
    reading = read_denial(normalise(query), LEXICON)
    assert reading is not None
    assert (reading.wanted.strip(), reading.denied.strip()) == (wanted, denied)


@pytest.mark.parametrize(
    "query",
    [
        "不动产过户", "身份证不见了", "爷爷不在了", "要不要健康证", "报不报销", "能不能晚几年", "社保卡用不了了", "公司不交社保",
        "行动不便怎么办卡", "不知道怎么办退休", "不想退休", "孩子不满一岁", "特别困难", "notary", "",
    ],
)  # fmt: skip
def test_it_reads_no_denial_into_what_denies_nothing(query: str) -> None:
    assert read_denial(normalise(query), LEXICON) is None


def test_a_reading_denies_nothing_by_itself() -> None:
    assert Denial("改地址").denied == ""
