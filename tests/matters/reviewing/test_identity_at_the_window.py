"""Whose account it is, is proved at the window: by a clerk, with the document on the counter."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from matters.models import Channel
from matters.views.brakes import IDENTITIES
from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import claim_person, find_person, register_person
from portal.ledger.models import AccessRecord
from tests.worlds.cast import LI, logged_in
from tests.worlds.town import Town

NUMBER = "440524188001010014"
PAGE = "/admin/counter/identity/"
TYPED = {"username": "xiaohua", "name": "王小花", "document_kind": "111", "number": NUMBER, "seen": "1"}


@pytest.fixture
def clerk(town: Town) -> Client:
    return logged_in(town.sun)


@pytest.fixture
def xiaohua(town: Town) -> User:
    user = User.objects.create_user("xiaohua", name="王小花")
    claim_person(name="王小花", document_kind="111", number=NUMBER, phone="13900139000", user=user)
    return user


def test_an_account_becomes_the_persons(town: Town, clerk: Client, xiaohua: User) -> None:
    assert "已核验" in clerk.post(PAGE, TYPED, follow=True).content.decode()
    check = IdentityCheck.objects.get(person__user=xiaohua)
    assert (check.method, check.officer, check.person.level) == ("counter", town.sun, 2)
    assert find_person("111", NUMBER) == xiaohua.person
    assert "已实名" in logged_in(xiaohua).get("/accounts/profile/").content.decode()


def test_what_the_window_did_for_the_person_before_is_the_accounts(town: Town, clerk: Client, xiaohua: User) -> None:
    known = register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
    bundle = town.submit(channel=Channel.COUNTER, applicant=known)
    assert logged_in(xiaohua).get(f"/bundles/{bundle.number}/").status_code == 404
    clerk.post(PAGE, TYPED)
    assert logged_in(xiaohua).get(f"/bundles/{bundle.number}/").status_code == 200
    known.refresh_from_db()
    assert (known.user, known.phone) == (xiaohua, "13900139000")
    assert Person.objects.filter(user=xiaohua).count() == 1


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"username": "nobody"}, "username"),
        ({"username": "li"}, "username"),
        ({"name": "王大花"}, "number"),
        ({"number": "110101194912310021"}, "number"),
        ({"number": LI.number}, "number"),
        ({"document_kind": "414"}, "number"),
        ({"document_kind": "x"}, "document_kind"),
        ({"seen": ""}, "seen"),
    ],
)
def test_what_does_not_agree_is_not_proved(clerk: Client, xiaohua: User, typed: dict[str, str], place: str) -> None:
    sent = {name: value for name, value in {**TYPED, **typed}.items() if value}
    page = clerk.post(PAGE, sent)
    assert (page.status_code, set(page.context["problems"])) == (422, {place})
    assert not IdentityCheck.objects.filter(person__user=xiaohua).exists()


def test_the_squatter_is_not_proved_by_the_owners_document(town: Town, clerk: Client, xiaohua: User) -> None:
    owner = User.objects.create_user("owner")
    register_person(name="王小花", document_kind="111", number=NUMBER, user=owner, method="demo")
    page = clerk.post(PAGE, TYPED)
    assert "已经有一个核验过的账号" in page.content.decode()
    assert find_person("111", NUMBER) == owner.person


def test_two_histories_are_not_joined_by_a_window(town: Town, clerk: Client, xiaohua: User) -> None:
    known = register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
    town.submit(applicant=xiaohua.person)
    assert "不能在这里合并" in clerk.post(PAGE, TYPED).content.decode()
    known.refresh_from_db()
    assert known.user is None


@pytest.mark.parametrize("case", ["has_account", "differs", "has_cases"])
def test_to_be_told_that_a_number_is_registered_leaves_a_line(
    town: Town, clerk: Client, xiaohua: User, case: str
) -> None:
    owner = User.objects.create_user("owner") if case == "has_account" else None
    name = "王大花" if case == "differs" else "王小花"
    known = register_person(name=name, document_kind="111", number=NUMBER, user=owner, method="demo")
    if case == "has_cases":
        town.submit(applicant=xiaohua.person)
    assert clerk.post(PAGE, TYPED).status_code == 422
    line = AccessRecord.objects.get(subject=known.pk, reader=town.sun)
    assert (line.purpose, line.fields, line.department) == ("counter", ["document"], "health")


def test_numbers_cannot_be_tried_one_after_the_other(clerk: Client, xiaohua: User, settings: Any) -> None:
    cache.clear()
    settings.YIJIAN_LIMITS_FACTOR = 1
    for _ in range(IDENTITIES.by_person):
        clerk.post(PAGE, {**TYPED, "name": "王大花"})
    assert "核验得太快了" in clerk.post(PAGE, TYPED).content.decode()
    cache.clear()
    assert not IdentityCheck.objects.filter(person__user=xiaohua).exists()


def test_it_is_the_windows_alone(town: Town, xiaohua: User) -> None:
    assert logged_in(town.zhao).post(PAGE, TYPED).status_code == 404
    assert logged_in(town.li).post(PAGE, TYPED).status_code == 302
    assert not IdentityCheck.objects.filter(person__user=xiaohua).exists()
