"""The counter's one box: a name and the serial in the middle of a number find what the window reaches."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Department, Membership
from catalog.staff.memberships import enroll
from portal.accounts.models import Level, Person, User
from portal.ledger.models import AccessRecord
from tests.worlds.cast import LI, logged_in
from tests.worlds.town import Town


@pytest.fixture
def clerk(town: Town) -> Client:
    """Window clerk Sun, logged in."""
    client = Client()
    client.force_login(town.sun)
    return client


def found(clerk: Client, text: str) -> str:
    return clerk.post("/admin/counter/", {"q": text}).content.decode()


def test_the_serial_of_a_case_leads_to_it(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    serial = str(int(bundle.number.split("-")[2]))
    answer = clerk.post("/admin/counter/", {"q": f" {serial} "})
    assert answer.headers["Location"] == reverse("admin:counter_bundle", args=[bundle.number])
    assert "没有编号中间是“9999999”的办件" in found(clerk, "9999999")
    assert "没有编号中间是“12345678”" not in found(clerk, "12345678")  # a document's number may be so long


def test_a_number_is_read_however_it_is_typed(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    here = reverse("admin:counter_bundle", args=[bundle.number])
    for typed in (bundle.number.replace("-", ""), bundle.number.replace("-", " — "), f"编号：{bundle.number}"):
        assert clerk.post("/admin/counter/", {"q": typed}).headers["Location"] == here


def test_a_name_finds_the_cases_of_everybody_so_called(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    page = found(clerk, f" {LI.name} ")
    assert reverse("admin:counter_bundle", args=[bundle.number]) in page
    assert LI.number not in page
    assert AccessRecord.objects.filter(subject=town.li_person.pk, reader=town.sun, purpose="counter").exists()
    assert "没有“王无此”的办件" in found(clerk, "王无此")


def test_nothing_is_found_beyond_the_window(town: Town) -> None:
    bundle = town.submit()
    elsewhere = Department.objects.create(
        code="elsewhere", name="别的镇便民服务中心", short_name="别的镇", credit_code="12360121MB9999998X"
    )
    other = User.objects.create_user("other", name="何平", is_staff=True)
    enroll(other, elsewhere, Membership.Role.WINDOW_CLERK)
    page = found(logged_in(other), LI.name)
    assert "没有“" in page
    assert bundle.number not in page
    assert bundle.number not in found(logged_in(other), str(int(bundle.number.split("-")[2])))


def test_an_account_that_only_says_to_be_somebody_is_not_found_by_name(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    Person.objects.filter(pk=bundle.applicant_id).update(level=Level.CLAIMED)
    assert bundle.number not in found(clerk, LI.name)


def test_what_is_not_recognised_says_what_would_be(clerk: Client) -> None:
    page = found(clerk, "G12X")
    assert "20261121-360100-0000042-7" in page
    assert "居民身份证 18 位" in page
