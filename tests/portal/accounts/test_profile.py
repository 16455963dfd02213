"""One's own page: the entry, the telephone, and who has read about it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Person, User
from portal.ledger.access import record_access
from tests.portal.accounts.conftest import PASSWORD

PROFILE = "/accounts/profile/"


@pytest.fixture
def li_client(client: Client, li: Person) -> Client:
    assert li.user is not None
    client.force_login(li.user)
    return client


def test_it_shows_the_entry_with_the_document_masked(li_client: Client) -> None:
    page = li_client.get(PROFILE).content.decode()
    assert "李芳" in page
    assert "360103********908X" in page
    assert "36010319850615908X" not in page
    assert "还没有人看过您的信息" in page


def test_the_telephone_is_changed(li_client: Client, li: Person) -> None:
    assert li_client.post(PROFILE, {"phone": "139 1234 5678"})["Location"] == PROFILE
    li.refresh_from_db()
    assert li.phone == "13912345678"


def test_a_wrong_telephone_is_explained_and_stays_in_the_field(li_client: Client, li: Person) -> None:
    page = li_client.post(PROFILE, {"phone": "1391234567"}).content.decode()
    assert "手机号应为 11 位，您填了 10 位，请核对。" in page
    assert 'value="1391234567"' in page
    li.refresh_from_db()
    assert li.phone == "13800138000"


def test_a_telephone_typed_before_the_login_is_not_lost(client: Client, li: Person) -> None:
    login = {"username": "li", "password": PASSWORD, "next": PROFILE}
    client.post("/accounts/login/", login)
    client.cookies.pop("sessionid")
    client.post(PROFILE, {"phone": "13912345678"})
    client.post("/accounts/login/", login)
    assert 'value="13912345678"' in client.get(PROFILE).content.decode()


def test_staff_without_an_entry_see_their_account(client: Client, wang: User) -> None:
    client.force_login(wang)
    page = client.get(PROFILE).content.decode()
    assert "没有个人登记信息" in page
    assert client.get("/accounts/readings/").status_code == 200


def test_it_lists_who_has_read_the_entry_but_not_oneself(li_client: Client, li: Person, wang: User) -> None:
    assert li.user is not None
    record_access(wang, li.pk, "console", ["name", "phone"])
    record_access(li.user, li.pk, "console", ["name"])
    for page in (PROFILE, "/accounts/readings/"):
        text = li_client.get(page).content.decode()
        assert text.count("后台核对登记信息") == 1
        assert "*审" in text


def test_one_reader_on_one_day_is_one_line(li_client: Client, li: Person, wang: User) -> None:
    for _ in range(60):
        record_access(wang, li.pk, "console", ["name"])
    page = li_client.get("/accounts/readings/")
    assert page.content.decode().count("后台核对登记信息") == 1
    assert "60 次" in page.content.decode()
    assert page.context["older"] is None
    assert li_client.get("/accounts/readings/?before=x").status_code == 200


def test_strangers_see_nothing_of_it(client: Client, li: Person, wang: User) -> None:
    record_access(wang, li.pk, "console", ["name"])
    stranger = User.objects.create_user("stranger")
    client.force_login(stranger)
    assert "后台核对登记信息" not in client.get("/accounts/readings/").content.decode()


def test_changing_the_password_ends_the_other_sessions(li_client: Client, li: Person) -> None:
    assert li.user is not None
    elsewhere = Client()
    elsewhere.force_login(li.user)
    new = "新的 password 很长"
    wrong = li_client.post("/accounts/password/", {"old_password": "x", "new_password1": new, "new_password2": new})
    assert "当前密码不对" in wrong.content.decode()
    right = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert li_client.post("/accounts/password/", right)["Location"] == PROFILE
    assert li_client.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302


def test_the_pages_are_not_stored_by_browsers(li_client: Client) -> None:
    for page in (PROFILE, "/accounts/readings/", "/accounts/notices/"):
        assert "no-store" in li_client.get(page)["Cache-Control"]


class TestTwoWindows:
    """The telephone number, changed in two windows at once."""

    def shown(self, response: Any) -> str:
        found = re.search(r'<input type="hidden" name="shown" value="([^"]+)">', response.content.decode())
        assert found
        return found[1]

    def test_the_second_is_told_and_may_insist(self, li_client: Client, li: Person) -> None:
        shown = self.shown(li_client.get(PROFILE))
        li_client.post(PROFILE, {"phone": "13912345678", "shown": shown})
        refused = li_client.post(PROFILE, {"phone": "13712345678", "shown": shown})
        assert "手机号刚才在另一个窗口改成了" in refused.content.decode()
        assert 'value="13712345678"' in refused.content.decode()
        assert Person.objects.get(pk=li.pk).phone == "13912345678"
        li_client.post(PROFILE, {"phone": "13712345678", "shown": self.shown(refused)})
        assert Person.objects.get(pk=li.pk).phone == "13712345678"

    def test_an_untouched_window_changes_nothing(self, li_client: Client, li: Person) -> None:
        before, shown = li.phone, self.shown(li_client.get(PROFILE))
        li_client.post(PROFILE, {"phone": "13912345678", "shown": shown})
        answer = li_client.post(PROFILE, {"phone": before, "shown": shown}, follow=True)
        assert "已保留改过的号码" in answer.content.decode()
        assert Person.objects.get(pk=li.pk).phone == "13912345678"
