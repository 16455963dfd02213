"""When two guides mean the same department, paper or matter by two names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.linting.guides.names import (
    department_family,
    likeness,
    longest_common,
    matter_stem,
    pairs,
    paper_core,
    paper_kinds,
    same_paper,
)

TEXTS = st.text("甲乙丙丁", max_size=8)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("《户口本》原件", "居民户口簿"),
        ("居民户口簿（原件及复印件）", "居民户口簿"),
        ("中华人民共和国居民身份证", "居民身份证"),
        ("本人身份证复印件", "居民身份证"),
        ("申请人身份证", "申请人居民身份证"),
        ("南昌市居住情况说明", "居住情况说明"),
        ("南昌市出证情况说明", "出证情况说明"),
        ("居住证市外转入说明", "居住证市外转入说明"),  # begins with a certificate, not with a place
        ("身份证明文件", "身份证明文件"),
        ("登记申请书", "登记申请表"),
        ("相片", "照片"),
        ("（法人）授权书", "法人|授权书"),
        ("", ""),
    ],
)
def test_a_paper_is_the_same_however_it_is_written(name: str, core: str) -> None:
    assert paper_core(name) == core


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("身份证", "居民身份证复印件", True),
        ("营业执照副本", "企业营业执照", True),  # both a licence
        ("决议", "解散清算文件", True),  # both a decision
        ("出生医学证明", "《出生医学证明》原件", True),
        ("场地租用合同", "场地租用合同书", True),  # one within the other
        ("验资报", "某某有限责任公司验资报告书", True),
        ("报告", "资产评估报告书", False),  # too short to say anything
        ("经营场所平面图", "经营场所布局图", True),  # nearly all the same
        ("健康证明", "学历证书", False),
        ("", "居民户口簿", False),
        ("居民户口簿", "", False),
        ("", "", False),
    ],
)
def test_two_names_mean_one_paper(one: str, other: str, same: bool) -> None:
    assert same_paper(one, other) is same_paper(other, one) is same


@given(TEXTS, TEXTS)
def test_likeness_is_between_nothing_and_all(one: str, other: str) -> None:
    alike = likeness(one, other)
    assert alike == likeness(other, one)
    assert 0 <= alike <= 1
    assert (alike > 0) == bool(pairs(one) & pairs(other))
    assert likeness(one, one) == (len(one) > 1)


def test_likeness_counts_shared_neighbours() -> None:
    assert likeness("甲乙丙", "甲乙丁") == 0.5
    assert likeness("甲乙丙丁", "甲乙") == 0.5


@given(TEXTS, TEXTS)
def test_the_longest_common_text_is_found(one: str, other: str) -> None:
    within = {one[start:end] for start in range(len(one)) for end in range(start + 1, len(one) + 1)}
    assert longest_common(one, other) == max((len(each) for each in within if each in other), default=0)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("申领游学证“一件事”", "申领游学证"),
        ("企业变更一件事", "企业变更"),
        ("办退休的“一件事”申请表", "办退休"),
        ("没有那几个字", "没有那几个字"),
    ],
)
def test_a_matter_is_called_by_what_comes_before_one_thing(name: str, stem: str) -> None:
    assert matter_stem(name) == stem


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("卫生健康委员会", "卫健"),
        ("市卫健委", "卫健"),
        ("“公安”局", "公安"),
        ("县税务局", "税务"),
        ("气象主管部门", "气象"),
        ("烟草专卖局", "烟草专卖"),
        ("局", "局"),
    ],
)
def test_a_department_belongs_to_a_family_or_is_called_without_its_ending(name: str, family: str) -> None:
    assert department_family(name) == family


def test_a_paper_may_be_of_several_kinds() -> None:
    assert paper_kinds("身份证或户口簿") == {"identity", "household"}
    assert paper_kinds("承诺书") == set()
