"""Li lets Chen act for her; an intermediary has Zhao as its legal representative."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mandates.activities import accept, offer, scope
from portal.accounts.models import Handler, Mandate, Organisation, Person, User
from portal.accounts.organisations.activities import Evidence, register_organisation
from portal.accounts.people import register_person

Give = Callable[..., Mandate]


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def person(username: str, name: str, number: str) -> Person:
    user = User.objects.create_user(username, name=name)
    return register_person(name=name, document_kind="111", number=number, user=user, method="demo")


@pytest.fixture
def chen(db: None) -> Person:
    return person("chen", "陈思远", "360104199402189971")


@pytest.fixture
def zhao(db: None) -> Person:
    return person("zhao", "赵代理", "360102199003079991")


@pytest.fixture
def agency(zhao: Person) -> Organisation:
    return register_organisation(
        name="顺手代办有限公司", code="91360102MA9999013M", legal_representative=zhao, evidence=Evidence("demo")
    )


@pytest.fixture
def give(li: Person, chen: Person) -> Give:
    """Let Chen act for Li, online."""

    def given(matters: list[str] | None = None, days: int = 30) -> Mandate:
        code = offer(li, scope(matters, in_days(days)), agent_name=chen.name)[1]
        return accept(chen, code)

    return given


def handler_of(organisation: Organisation) -> Handler:
    return Handler.objects.get(organisation=organisation)


def client_of(someone: Person, acting: Mandate | Organisation | None = None) -> Client:
    client = Client()
    assert someone.user is not None
    client.force_login(someone.user)
    if acting is not None:
        assert client.post(reverse("accounts:act_for"), {"principal": str(acting.pk)}).status_code == 302
    return client
