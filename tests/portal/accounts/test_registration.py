"""A citizen opens an account, and is told exactly what to mend."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import document_number, register_person
from tests.portal.accounts.conftest import PASSWORD

REGISTER = "/accounts/register/"
RIGHT = {
    "name": "陈 䶮",
    "document_kind": "111",
    "number": "360102199003079991",
    "phone": "139 1234 5678",
    "username": "chen",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def test_it_opens_an_account_and_logs_in(client: Client, db: None) -> None:
    answer = client.post(f"{REGISTER}?next=/bundles/", RIGHT)
    assert answer["Location"] == "/bundles/"
    person = Person.objects.get()
    assert (person.name, person.phone, document_number(person)) == ("陈䶮", "13912345678", "360102199003079991")
    assert not person.is_proved
    assert person.user is not None
    assert (person.user.username, person.user.name, person.user.is_staff) == ("chen", "陈䶮", False)
    assert client.session["_auth_user_id"] == str(person.user.pk)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "陈1", "姓名里不能有数字“1”，请核对。"),
        ("name", "", "请填写姓名。"),
        ("number", "36010219900307999", "身份证号应为 18 位，您填了 17 位，请核对。"),
        ("number", "360102209912319995", "身份证号里的出生日期 2099-12-31 还没有到，请核对第 7 至 14 位。"),
        ("phone", "1391234567", "手机号应为 11 位，您填了 10 位，请核对。"),
        ("username", "chen!", "账号名只能用字母、汉字、数字和 @ . + - _ 这几个符号。"),
        ("username", "LI", "这个账号名已有人使用，请换一个。"),
        ("password2", "other", "两次填写的密码不一样，请重新填写。"),
        ("document_kind", "999", "请从列表里选择证件类型。"),
    ],
)
def test_it_says_what_to_mend_and_keeps_the_rest(client: Client, li: Person, field: str, value: str, said: str) -> None:
    answer = client.post(REGISTER, {**RIGHT, field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page.replace("&quot;", '"')
    assert "error-summary" in page
    for name in {"phone", "username", "number"} - {field}:
        assert f'value="{RIGHT[name]}"' in page
    assert PASSWORD not in page
    assert User.objects.count() == Person.objects.count() == 1


@pytest.mark.parametrize("password", ["password", "12345678", "short", "chenchen"])
def test_it_refuses_passwords_that_are_easily_guessed(client: Client, db: None, password: str) -> None:
    answer = client.post(REGISTER, {**RIGHT, "username": "chenchen", "password1": password, "password2": password})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_long_password_of_any_characters_is_kept_whole(client: Client, db: None) -> None:
    password = "一二三 " * 40
    assert client.post(REGISTER, {**RIGHT, "password1": password, "password2": password}).status_code == 302
    assert User.objects.get().check_password(password)


def test_it_answers_alike_whether_a_document_is_known_or_not(li: Person) -> None:
    register_person(name="周舟", document_kind="111", number="360113202402299987", method="demo")
    pages = []
    for turn, number in enumerate(("36010319850615908X", "360113202402299987", "360102199003079991")):
        browser = Client()
        answer = browser.post(REGISTER, {**RIGHT, "number": number, "username": f"new{turn}"})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        pages.append(browser.get("/accounts/profile/").content.decode())
    assert all("未核验" in page for page in pages)
    assert not any("李芳" in page or "周舟" in page for page in pages)


def test_an_account_that_says_to_be_somebody_sees_nothing_of_them(client: Client, li: Person) -> None:
    client.post(REGISTER, {**RIGHT, "name": "李芳", "number": "36010319850615908X"})
    squatter = User.objects.get(username="chen").person
    assert (squatter.level, squatter != li) == (0, True)
    page = client.get("/accounts/profile/").content.decode()
    assert "13800138000" not in page
    assert "实名" not in page
    assert not IdentityCheck.objects.filter(person=squatter).exists()


def test_whoever_is_logged_in_needs_no_second_account(client: Client, li: Person) -> None:
    assert li.user is not None
    client.force_login(li.user)
    assert client.get(REGISTER)["Location"] == reverse("home")


def test_the_page_shows_its_fields_in_order(client: Client, db: None) -> None:
    page = client.get(f"{REGISTER}?next=/bundles/").content.decode()
    places = [page.index(f'name="{name}"') for name in RIGHT]
    assert places == sorted(places)
    assert "?next=/bundles/" in page
