"""The matters and single items that the portal knows, and how far each is open."""

from __future__ import annotations

import re
from collections import Counter

from tests.catalog.content.folders import Content


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# The national matters that are known by name, by how far this portal has come with them.
OPEN = _words(
    "newborn ent_change restaurant transport utilities dereg school retire med_claim public_rent veteran marriage"
)
GUIDE = _words(
    "credit ss_card bankrupt ipo_check relocate oversize fund_house startup ge2qi invest car_plate car_tradein"
    " after_death disability site_start"
)
COMING = _words(
    "data_report tech_transfer foreigner appliance credit_report tax_credit innov_policy ip_protect sport_event"
    " child_subsidy flex_ins elder_subsidy"
)
SINGLE_ITEMS = _words(
    "idcard residence hukou_move rename passport divorce marriage_reissue hukou_book driver car_inspect car_transfer"
    " house_transfer fund_withdraw social_transfer unemployment dibao no_crime birth_allow biz_new hygiene teacher injury"
    " archive pension_cert medical_reg no_house"
)
NAMES = {
    "newborn": "新生儿出生",
    "after_death": "个人身后",
    "disability": "残疾人服务",
    "site_start": "建设项目开工",
    "appliance": "家电以旧换新和手机等购新补贴申请",
    "tax_credit": "纳税信用级别依授权查询",
    "elder_subsidy": "老年人福利补贴申请",
}


def test_all_thirty_nine_matters_have_a_folder_with_their_status(content: Content) -> None:
    wanted = dict.fromkeys(OPEN, "open") | dict.fromkeys(GUIDE, "guide") | dict.fromkeys(COMING, "coming")
    assert len(wanted) == 39
    statuses = {slug: (folder.matter or {}).get("status", "open") for slug, folder in content.matters.items()}
    assert {slug: statuses.get(slug) for slug in wanted} == wanted


def test_matters_bear_the_names_of_the_national_lists(content: Content) -> None:
    assert {slug: (content.matters[slug].matter or {})["name"] for slug in NAMES} == NAMES


def test_all_single_items_are_there_and_belong_to_no_matter(content: Content) -> None:
    assert len(SINGLE_ITEMS) == 26
    assert set(SINGLE_ITEMS) <= set(content.shared.items)


def test_every_matter_says_who_leads_and_what_it_is(content: Content) -> None:
    for slug, folder in content.matters.items():
        matter = folder.matter or {}
        assert matter.get("lead_department"), slug
        assert matter.get("summary"), slug
        assert "name" in matter["facts"], f"{slug}: on which national list?"


def test_no_two_matters_or_items_bear_one_name(content: Content) -> None:
    names = Counter((folder.matter or {})["name"] for folder in content.matters.values())
    names.update(item["name"] for _folder, item in content.items())
    assert [name for name, count in names.items() if count > 1] == []


def test_no_slug_is_used_twice(content: Content) -> None:
    slugs = Counter(item["slug"] for _folder, item in content.items())
    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_every_position_in_the_lists_is_a_number(content: Content) -> None:
    assert all(isinstance((folder.matter or {}).get("position"), int) for folder in content.matters.values())


def test_jiangxi_has_its_divisions_and_each_has_its_parent(content: Content) -> None:
    divisions = {division["code"]: division for division in content.shared.divisions}
    levels = Counter(division["level"] for division in divisions.values())
    assert levels == {"province": 1, "prefecture": 11, "county": 100}
    for code, division in divisions.items():
        assert code.startswith("36")
        if division["level"] != "province":
            parent = divisions[division["parent"]]
            assert code.startswith(parent["code"].rstrip("0")), code
            assert (parent["level"], division["level"]) in {("province", "prefecture"), ("prefecture", "county")}


def test_departments_form_a_tree_from_the_province_down(content: Content) -> None:
    departments = {row["code"]: row for folder in content.folders for row in folder.departments}
    order = ["province", "prefecture", "county", "township"]
    for row in departments.values():
        if row.get("parent"):
            above = departments[row["parent"]]
            assert order.index(above["level"]) <= order.index(row["level"]), row["code"]
    assert departments["dh_police"]["parent"] == "police"
    assert departments["police"]["parent"] == "jx_police"
    assert "parent" not in departments["jx_police"]


def test_department_codes_are_those_of_invented_bodies(content: Content) -> None:
    for folder in content.folders:
        for row in folder.departments:
            assert str(row.get("credit_code", "113601009999"))[8:12] == "9999", row["code"]
