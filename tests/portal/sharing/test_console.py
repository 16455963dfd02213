"""Grants in the console: requested by one administrator, decided by another, ended at any time."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Department
from portal.accounts.models import User
from portal.sharing.models import Grant
from tests.pages import page_of
from tests.worlds.sources import open_source


@pytest.fixture
def administrators(db: None) -> tuple[User, User]:
    made = [User(username=name, is_staff=True, is_superuser=True) for name in ("admin", "an")]
    for user in made:
        user.set_unusable_password()
        user.save()
    return made[0], made[1]


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(user: User, action: str, grant: Grant) -> str:
    sent = {"action": action, "_selected_action": [grant.pk]}
    return page_of(logged_in(user).post("/admin/sharing/grant/", sent, follow=True))


def test_a_request_is_decided_by_another_and_ended_by_anybody(administrators: tuple[User, User]) -> None:
    first, second = administrators
    source = open_source(Department.objects.create(code="civil", name="市民政局"), "marriage")
    sent = {"provision": source.provisions.get().pk, "item": "register", "purpose": "核对婚姻关系"}
    logged_in(first).post("/admin/sharing/grant/add/", sent)
    grant = Grant.objects.get()
    assert (grant.state, grant.requested_by) == ("requested", first)
    assert "您自己提出的需求要由另一位管理员答复。" in act(first, "agree", grant)
    grant.refresh_from_db()
    assert grant.state == "requested"
    act(second, "agree", grant)
    grant.refresh_from_db()
    assert (grant.state, grant.decided_by) == ("granted", second)
    act(first, "end", grant)
    grant.refresh_from_db()
    assert (grant.state, grant.ended_by) == ("ended", first)
