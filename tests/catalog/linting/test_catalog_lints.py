"""What is wrong across the dictionaries and codes of the catalog."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.linting.dictionaries import CatalogFacts, CodeRow, ElementRow, MaterialRow, lint_catalog, near
from catalog.linting.items import ItemRow

MARKET = "11360100999991056A"


def found(**facts: Any) -> list[tuple[str, str, str, Any, Any]]:
    return [
        (each.severity, each.code, each.sources[0].item, each.params.get("declared"), each.params.get("found"))
        for each in lint_catalog(CatalogFacts(**facts))
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("手机号", "手机号码", True),
        ("手机号码", "联系电话", True),
        ("公民身份号码", "身份证号", True),
        ("现居住地址", "家庭住址", True),
        ("企业名称", "单位名称", True),
        ("统一社会信用代码", "社会信用代码", True),
        ("户籍地址", "现居住地址", False),
        ("父亲姓名", "母亲姓名", False),
        ("出生日期", "登记日期", False),
    ],
)
def test_names_are_near_when_they_mean_the_same(one: str, other: str, same: bool) -> None:
    assert near(one, other) is near(other, one) is same


def test_two_elements_of_one_meaning_and_type_are_told_together() -> None:
    rows = [
        ElementRow(1, "person.phone", "手机号码", "phone"),
        ElementRow(2, "person.mobile", "联系电话", "phone"),
        ElementRow(3, "person.phone_note", "联系电话", "text"),
        ElementRow(4, "company.phone", "联系电话", "phone"),
        ElementRow(5, "person.other", "别的", "text", is_used=False),
    ]
    assert found(elements=rows) == [
        ("warning", "near_duplicate_elements", "person.phone", "手机号码", ["person.mobile", "联系电话"]),
        ("note", "element_unused", "person.other", "别的", None),
    ]


def test_materials_are_unused_or_under_two_codes_or_share_a_standard_code() -> None:
    rows = [
        MaterialRow(1, "household", "居民户口簿", "L2000017"),
        MaterialRow(2, "hukou_book", "《户口本》原件"),
        MaterialRow(3, "id_card", "居民身份证", "L2000017"),
        MaterialRow(4, "nobody", "没人要的证明", is_used=False),
        MaterialRow(5, "bad", "写错的", "2000"),
    ]
    assert found(materials=rows) == [
        ("error", "code_malformed", "bad", "2000", None),
        ("error", "standard_code_reused", "household", "L2000017", ["居民户口簿", "居民身份证"]),
        ("warning", "material_two_codes", "household", "居民户口簿", ["household", "hukou_book"]),
        ("warning", "material_unused", "nobody", "没人要的证明", None),
    ]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"catalog_code": "000131003000", "item_type": "01"}, []),
        ({"catalog_code": "000131003000", "item_type": "20"}, ["item_type_vs_code"]),
        ({"catalog_code": "00013100300"}, ["code_malformed"]),
        ({"catalog_code": "009931003000"}, ["code_malformed"]),
        ({"catalog_code": "990131003000"}, ["code_malformed"]),
        (
            {
                **{"task_code": f"{MARKET}3000131003000", "catalog_code": "000131003000"},
                **{"exercise_level": "3", "credit_code": MARKET},
            },
            [],
        ),
        ({"task_code": f"{MARKET[:-1]}B3000131003000"}, ["code_malformed"]),
        ({"task_code": f"{MARKET}9000131003000"}, ["code_malformed"]),
        ({"task_code": f"{MARKET}3000131003000", "exercise_level": "4"}, ["task_code_vs_item"]),
        ({"task_code": f"{MARKET}3000131003000", "catalog_code": "000131003001"}, ["task_code_vs_item"]),
        ({"promised_limit_days": 6, "statutory_limit_days": 5}, ["promise_beyond_statute"]),
        ({"promised_limit_days": None}, ["limit_missing"]),
        ({"promised_limit_days": None, "handling": "immediate"}, []),
        ({"legal_basis": False}, ["legal_basis_missing"]),
        ({"legal_basis": False, "promised_limit_days": None, "in_matter": True}, []),
        ({"visits": 1}, ["visit_reason_missing"]),
        ({"open_facts": ("catalog_code",)}, ["open_facts"]),
    ],
)
def test_it_reads_the_codes_and_limits_of_an_item(values: dict[str, Any], codes: list[str]) -> None:
    row = ItemRow(1, "one", "某事项", **{"promised_limit_days": 5, **values})
    assert [code for _severity, code, *_rest in found(items=[row])] == codes


def test_one_code_that_names_two_things_is_told() -> None:
    task = f"{MARKET}3000131003000"
    items = [
        ItemRow(1, "one", "社会保障卡申领", promised_limit_days=30, task_code=task, local_code="002014010001"),
        ItemRow(2, "two", "社会保障卡申领", promised_limit_days=5, task_code=task, local_code="002014010001"),
    ]
    assert found(items=items) == [
        ("error", "code_repeated", "one", task, ["one", "two"]),
        ("warning", "two_promises", "one", 30, {"one": 30, "two": 5}),
    ]
    departments = [CodeRow(1, "market", "市监", MARKET), CodeRow(2, "tax", "税务", MARKET)]
    assert found(departments=departments) == [("error", "code_repeated", "market", MARKET, ["market", "tax"])]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (CodeRow(1, "360102", "东湖区", "360102", "360100", "county"), []),
        (CodeRow(1, "360100", "南昌市", "360100", "360000", "prefecture"), []),
        (CodeRow(1, "360000", "江西省", "360000", "", "province"), []),
        (CodeRow(1, "360102", "东湖区", "360102", "360200", "county"), ["division_vs_parent"]),
        (CodeRow(1, "360100", "南昌市", "360100", "360000", "county"), ["division_vs_parent"]),
        (CodeRow(1, "36010", "东湖区", "36010", "360100", "county"), ["code_malformed"]),
        (CodeRow(1, "990102", "某区", "990102", "990100", "county"), ["code_malformed"]),
    ],
)
def test_a_division_belongs_to_its_parent_and_level(row: CodeRow, codes: list[str]) -> None:
    assert [code for _severity, code, *_rest in found(divisions=[row])] == codes


def test_a_certificate_type_is_coded_by_a_body_that_can_be() -> None:
    rows = [
        CodeRow(1, "a", "甲证", f"{MARKET}001"),
        CodeRow(2, "b", "乙证", f"{MARKET[:-1]}B002"),
        CodeRow(3, "c", "丙证", MARKET),
    ]
    assert [(code, name) for _severity, code, name, *_rest in found(certificate_types=rows)] == [
        ("code_malformed", "b"),
        ("code_malformed", "c"),
    ]


def test_a_source_that_is_cited_is_there() -> None:
    assert found(cited={"S1": "matter", "S2": "serviceitem"}, sources=frozenset({"S1"})) == [
        ("error", "source_missing", "S2", "S2", None)
    ]
