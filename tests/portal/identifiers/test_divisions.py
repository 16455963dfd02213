"""A division is understood as people write it, and called by its whole name; what is not certain is asked, never guessed."""

from __future__ import annotations

import csv

import pytest

from portal.identifiers.divisions import TABLE, ended, full_name, is_answer, read_division, suggest_divisions
from portal.identifiers.invalid import InvalidIdentifier


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("江西省南昌市西湖区", "360103"),
        ("南昌市西湖区", "360103"),
        ("南昌西湖区", "360103"),
        ("江西南昌西湖", "360103"),
        (" 江西省　南昌市-西湖区 ", "360103"),
        ("江西省/南昌市/西湖区", "360103"),
        ("中国江西省南昌市西湖区", "360103"),
        ("江西西湖区", "360103"),
        ("360103", "360103"),
        ("３６０１０３", "360103"),
        ("北京朝阳", "110105"),
        ("浦东", "310115"),
        ("延边州延吉市", "222401"),
        ("吉林省延边朝鲜族自治州延吉市", "222401"),
        ("海南琼中县", "469030"),
        ("龙胜", "450328"),
        ("鄂温克旗", "150724"),
        ("湖北仙桃", "429004"),
        ("广东东莞", "441900"),
        ("香港", "810000"),
        ("香港九龙", "810000"),
        ("台湾省台北市", "710000"),
        ("江西省南昌市西湖区朝阳洲街道", "360103"),
        ("广东省东莞市长安镇", "441900"),
        ("大理市", "532901"),
        ("杭州临平区", "330113"),
        # A county that is one no more keeps its code; renamed, or of the same name under another code, it is what it is today.
        ("湾里区", "360105"),
        ("南昌市新建县", "360122"),
        ("南昌市郊区", "360111"),
        ("赣州地区信丰县", "360722"),
        ("四川省万县地区万县", "512221"),
        ("通县", "110223"),
    ],
)
def test_it_reads_a_name_as_people_write_it(text: str, code: str) -> None:
    assert read_division(text) == code


@pytest.mark.parametrize(
    ("text", "problem", "candidates"),
    [
        ("西湖区", "division_ambiguous", "浙江省杭州市西湖区、江西省南昌市西湖区"),
        ("西湖", "division_ambiguous", "浙江省杭州市西湖区、江西省南昌市西湖区"),
        ("江北区", "division_ambiguous", "浙江省宁波市江北区、重庆市江北区"),
        ("南昌", "division_too_wide", "江西省南昌市南昌县、江西省南昌市东湖区、"),
        ("江西省", "division_too_wide", "江西省南昌市东湖区、"),
        ("海南", "division_too_wide", "内蒙古自治区乌海市海南区、海南省海口市秀英区、"),
        ("朝阳", "division_too_wide", "北京市朝阳区、"),
        ("火星", "not_a_division", ""),
        ("西湖区朝阳街道", "not_a_division", ""),
        ("南昌市九江县", "not_a_division", ""),
        ("36010", "not_a_division", ""),
        ("县" * 500, "not_a_division", ""),
        (" ，", "empty", ""),
    ],
)
def test_it_says_what_is_not_certain(text: str, problem: str, candidates: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        read_division(text)
    assert refused.value.code == problem
    assert str(refused.value.params.get("candidates", "")).startswith(candidates)


@pytest.mark.parametrize(
    ("code", "name", "until"),
    [
        ("360103", "江西省南昌市西湖区", None),
        ("469030", "海南省琼中黎族苗族自治县", None),
        ("110101", "北京市东城区", None),
        ("210203", "辽宁省大连市西岗区", None),
        ("360105", "江西省南昌市湾里区", 2019),
        ("362125", "江西省赣州地区上犹县", 1998),
        ("360199", "", None),
    ],
)
def test_a_code_is_called_by_its_whole_name(code: str, name: str, until: int | None) -> None:
    assert (full_name(code), ended(code)) == (name, until)


def test_every_county_of_today_is_an_answer_and_is_read_back_from_its_whole_name() -> None:
    rows = csv.reader(line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    today = [code for code, _name, _since, until in rows if not until]
    answers = [code for code in today if is_answer(code)]
    assert len(answers) > 2800
    assert {code for code in answers if code.endswith("00")} == {
        *("441900", "442000", "460400", "620200", "710000", "810000", "820000")
    }
    assert [code for code in answers if read_division(full_name(code)) != code] == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("西湖", ["浙江省杭州市西湖区", "江西省南昌市西湖区", "湖北省武汉市东西湖区"]),
        ("南昌市西", ["江西省南昌市西湖区"]),
        ("江西西", ["江西省南昌市西湖区"]),
        ("湾里", ["江西省南昌市湾里区"]),
        ("360103", ["江西省南昌市西湖区"]),
        ("", []),
        ("没有这里", []),
    ],
)
def test_it_suggests_what_may_be_meant(typed: str, first: list[str]) -> None:
    assert [full_name(code) for code in suggest_divisions(typed)] == first


def test_it_suggests_no_more_than_a_screen_holds() -> None:
    assert len(suggest_divisions("西")) == 10
    assert len(suggest_divisions("36")) == 10
