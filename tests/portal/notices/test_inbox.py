"""People are told things once, and can read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.notices.inbox import mark_all_read, send_message, send_messages, unread_count
from portal.notices.models import Message
from portal.notices.wording import KINDS, words

INBOX = "/accounts/notices/"
DATA = {
    "department": "公安局",
    "item": "出生户口登记",
    "count": 2,
    "matter": "新生儿出生",
    "number": "360100202603020001",
    "certificate": "出生医学证明",
}


@pytest.fixture
def li(db: None) -> User:
    return User.objects.create_user("li", name="李芳")


@pytest.fixture
def zhao(db: None) -> User:
    return User.objects.create_user("zhao", name="赵审")


def test_the_same_fact_is_told_once(li: User, zhao: User, django_assert_num_queries: Callable[..., Any]) -> None:
    for _ in range(3):
        with django_assert_num_queries(1):
            send_message(li.pk, "approved:1", "sub_item_approved", DATA, "/bundles/1/")
    send_message(zhao.pk, "approved:1", "sub_item_approved", DATA)
    send_messages(Message(recipient=li, key=f"approved:{n}", kind="sub_item_approved", data=DATA) for n in range(3))
    assert (unread_count(li), unread_count(zhao)) == (3, 1)


def test_the_inbox_lists_the_newest_first_and_only_ones_own(client: Client, li: User, zhao: User) -> None:
    send_message(li.pk, "a", "sub_item_approved", DATA, "/bundles/360100202603020001/")
    send_message(li.pk, "b", "correction_requested", DATA, "/bundles/360100202603020001/corrections/1/")
    send_message(zhao.pk, "c", "bundle_concluded", DATA)
    client.force_login(li)
    page = client.get(INBOX).content.decode()
    assert page.index("公安局请您补正") < page.index("出生户口登记办好了")
    assert 'href="/bundles/360100202603020001/corrections/1/"' in page
    assert "全部办结" not in page
    assert "2 条未读" in page


def test_reading_changes_nothing_until_one_says_so(client: Client, li: User, zhao: User) -> None:
    send_message(li.pk, "a", "bundle_concluded", DATA)
    send_message(zhao.pk, "a", "bundle_concluded", DATA)
    client.force_login(li)
    client.get(INBOX)
    assert unread_count(li) == 1
    assert client.post(INBOX)["Location"] == INBOX
    assert (unread_count(li), unread_count(zhao)) == (0, 1)
    assert mark_all_read(li) == 0
    assert "条未读" not in client.get(INBOX).content.decode()


def test_it_goes_on_page_by_page_with_the_same_few_queries(
    client: Client, li: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    send_messages(Message(recipient=li, key=str(n), kind="bundle_concluded", data=DATA) for n in range(70))
    client.force_login(li)
    with django_assert_max_num_queries(4):
        first = client.get(INBOX)
    second = client.get(INBOX, {"before": first.context["older"]})
    third = client.get(INBOX, {"before": second.context["older"]})
    assert [len(page.context["lines"]) for page in (first, second, third)] == [30, 30, 10]
    assert third.context["older"] is None


def test_an_empty_inbox_says_what_will_come(client: Client, li: User) -> None:
    client.force_login(li)
    assert "还没有消息" in client.get(INBOX).content.decode()


def test_it_asks_strangers_to_log_in(client: Client, db: None) -> None:
    assert client.get(INBOX)["Location"] == f"/accounts/login/?next={INBOX}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_words(kind: str) -> None:
    said = words(kind, DATA)
    assert said.title
    assert said.text
    assert said.action
    assert "%" not in said.title + str(said.text)
    assert "None" not in str(words(kind, {}).text)


def test_a_kind_without_words_is_still_a_message() -> None:
    assert words("something_new", {}).title == "您有一条新消息"
