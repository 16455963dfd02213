"""A department finds its own cases by what people know of them, and no other's; nothing of it stands in an address."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from matters.models import Channel, SubItem
from matters.reviewing.queueing import finding
from matters.reviewing.queueing.finding import find_cases
from portal.accounts.models import DocumentKind, IdentityCheck, User
from portal.accounts.people import document_number, register_person
from portal.front.demo.people import with_check_digit
from portal.ledger.models import AccessRecord
from tests.matters.reviewing.test_queue import fill
from tests.worlds.cast import LI, logged_in
from tests.worlds.companies import build_companies
from tests.worlds.town import Town


@pytest.fixture
def case(town: Town) -> SubItem:
    return town.part(town.submit(), "birth_cert")


def found(town: Town, typed: str, department: str = "health", by: User | None = None) -> list[SubItem]:
    return find_cases(by or town.zhao, town.departments[department], typed).sub_items


def test_a_number_is_found_in_whole_and_by_its_last_digits(town: Town, case: SubItem) -> None:
    _day, _division, serial, check, position = case.number.split("-")
    for typed in (
        case.number,
        case.bundle.number,
        f"办件 {case.number}",
        f"{serial}-{check}",
        f"{serial[-3:]}{check}",
        f"{serial[-3:]}-{check}-{position}",
        str(int(serial)),
    ):
        assert found(town, typed) == [case], typed
    assert found(town, "9999999") == []


def test_a_person_is_found_by_name_and_by_number_and_the_reading_is_recorded(town: Town, case: SubItem) -> None:
    for typed in (LI.name, f" {LI.name} ", LI.number, LI.number.lower()):
        assert found(town, typed) == [case], typed
    read = AccessRecord.objects.filter(subject=case.bundle_id, reader=town.zhao)
    assert [set(record.fields) for record in read] == [{"name", "bundles"}] * 4
    assert found(town, LI.name[:1]) == []


def test_a_document_whose_number_is_digits_alone_is_found_as_well(town: Town) -> None:
    visitor = register_person(
        name="林若溪",
        document_kind=DocumentKind.TAIWAN_PERMIT,
        number="12345678",
        method=IdentityCheck.Method.COUNTER,
        officer=town.sun,
    )
    case = town.part(town.submit(channel=Channel.COUNTER, applicant=visitor), "birth_cert")
    assert found(town, "12345678") == [case]
    assert found(town, "87654321") == []


def test_who_came_to_the_counter_without_an_account_is_found_by_number_and_name(town: Town) -> None:
    visitor = register_person(
        name="林若溪",
        document_kind=DocumentKind.RESIDENT_ID,
        number=with_check_digit("36010319930211998"),
        method=IdentityCheck.Method.COUNTER,
        officer=town.sun,
    )
    case = town.part(town.submit(channel=Channel.COUNTER, applicant=visitor), "birth_cert")
    for typed in (document_number(visitor), f" {document_number(visitor)} ", "林若溪"):
        assert found(town, typed) == [case], typed


def test_words_of_an_item_find_what_is_open(town: Town, case: SubItem, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(town, "医学证明") == [case]
    assert found(town, "户口") == []
    fill(town, 3)
    monkeypatch.setattr(finding, "ITEM_LIMIT", 2)
    assert "最早的 2 件" in find_cases(town.zhao, town.departments["health"], "医学证明").sentence


def test_another_departments_case_is_not_found(town: Town, case: SubItem) -> None:
    SubItem.objects.filter(bundle=case.bundle).exclude(pk=case.pk).update(department=town.departments["insurance"])
    for typed in (case.number, case.bundle.number, LI.name, LI.number, "医学证明"):
        assert found(town, typed, "police", town.wang) == [], typed


def test_more_than_is_shown_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(town, 4)
    monkeypatch.setattr(finding, "FOUND_LIMIT", 3)
    result = find_cases(town.zhao, town.departments["health"], LI.name)
    assert len(result.sub_items) == 3
    assert "只列出最近的 3 件" in result.sentence


def test_the_one_that_was_found_is_opened_and_what_was_typed_stays_in_its_box(town: Town, case: SubItem) -> None:
    zhao, address = logged_in(town.zhao), reverse("matters:queue_find", args=["health"])
    assert zhao.post(address, {"q": LI.number})["Location"] == f"/review/cases/{case.number}/"
    page = zhao.post(address, {"q": "没有这个人"}).content.decode()
    assert "本部门没有这样的办件" in page
    assert 'value="没有这个人"' in page
    town.submit()
    several = zhao.post(address, {"q": LI.name}).content.decode()
    assert case.number in several
    assert LI.number not in several
    assert zhao.get(address)["Location"] == reverse("matters:queue", args=["health"])
    for odd in ("%", "_", "'", "-" * 300, "１２３", "𬱖"):
        assert zhao.post(address, {"q": odd}).status_code == 200


def test_short_numbers_are_read_from_an_index(town: Town) -> None:
    fill(town, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matters_subitem")
        rows = SubItem.objects.filter(department=town.departments["health"]).alias(tail=finding.NumberTail("number"))
        sql, params = rows.filter(finding._ends_in("42427")).values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "sub_item_number_tail" in plan
    assert "Seq Scan" not in plan


def test_a_company_is_found_by_its_credit_code_at_the_desk_and_at_the_window(db: None) -> None:
    companies = build_companies()
    bundle = companies.submit(companies.li_person, companies.noodles, "只给公安看的字")
    [part] = bundle.sub_items.all()
    code = companies.noodles.credit_code
    police = companies.departments["police"]
    for typed in (code, code.lower(), f" {code} "):
        assert find_cases(companies.wang, police, typed).sub_items == [part]
    assert find_cases(companies.wang, police, companies.trucks.credit_code).sub_items == []
    sun = logged_in(companies.sun)
    assert bundle.number in sun.post(reverse("admin:counter"), {"q": code}).content.decode()
    assert (
        "没有这个单位的办件" in sun.post(reverse("admin:counter"), {"q": companies.trucks.credit_code}).content.decode()
    )
