"""Queries that are built once answer as the query sets do that they were built from."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Person, User
from portal.lib.prepared import Among, BuiltOnce, Slot

pytestmark = pytest.mark.django_db


def people() -> list[User]:
    made = [User.objects.create_user(name, name=name) for name in ("an", "bao")]
    Person.objects.create(user=made[0], name="安", document_sealed=b"", document_index=b"1")
    return made


def test_it_returns_the_same_rows_with_their_related_rows_at_hand() -> None:
    an, bao = people()
    of_name = BuiltOnce(
        lambda: User.objects.filter(username=Slot("name", CharField())).select_related("person").order_by("pk")
    )
    with CaptureQueriesContext(connection) as queries:
        [found] = of_name(name="an")
        assert (found, found.person.name, found._state.db) == (an, "安", "default")
    assert len(queries) == 1
    [other] = of_name(name="bao")
    assert other == bao
    assert getattr(other, "person", None) is None
    assert of_name(name="nobody") == []


def test_each_call_brings_its_own_values_beside_those_that_are_always_the_same() -> None:
    an, bao = people()
    now = timezone.now()
    since = BuiltOnce(
        lambda: (
            User.objects.filter(
                is_active=True, pk__gte=Slot("pk", BigIntegerField()), date_joined__lte=Slot("until", DateTimeField())
            )
            .defer("password")
            .order_by("pk")[:1]
        )
    )
    assert since(pk=an.pk, until=now + timedelta(hours=1)) == [an]
    assert since(pk=bao.pk, until=now + timedelta(hours=1)) == [bao]
    assert since(pk=an.pk, until=now - timedelta(hours=1)) == []
    [found] = since(pk=an.pk, until=now + timedelta(hours=1))
    assert found.get_deferred_fields() == {"password"}


def test_a_list_of_values_is_given_as_one() -> None:
    an, bao = people()
    named = BuiltOnce(
        lambda: User.objects.filter(Among("username", Slot("names", ArrayField(CharField()))), is_active=True).order_by(
            "pk"
        )
    )
    assert named(names=["an", "bao", "nobody"]) == [an, bao]
    assert named(names=["bao"]) == [bao]
    assert named(names=[]) == []


@pytest.mark.django_db(transaction=True)
def test_it_asks_over_the_connection_of_whoever_asks() -> None:
    an, bao = people()
    by_key = BuiltOnce(lambda: User.objects.filter(pk=Slot("pk", BigIntegerField())))
    found: list[User] = by_key(pk=an.pk)

    def ask() -> None:
        try:
            found.extend(by_key(pk=bao.pk))
        finally:
            connections["default"].close()

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert found == [an, bao]
