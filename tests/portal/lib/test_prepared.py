"""Queries that are built once answer as the query sets do that they were built from."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections, transaction
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Person, User
from portal.lib.prepared import Among, BuiltOnce, Param, PreparedStatement, Slot

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


def prepared_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def test_the_server_plans_it_once_also_where_its_first_transaction_was_rolled_back() -> None:
    an, bao = people()
    by_key = BuiltOnce(lambda: User.objects.filter(pk=Slot("pk", BigIntegerField())))
    before = prepared_names()
    with transaction.atomic():
        assert by_key(pk=an.pk) == [an]
        transaction.set_rollback(True)
    assert by_key(pk=bao.pk) == [bao]
    assert len(prepared_names() - before) == 1


def test_what_is_the_same_at_each_call_stands_in_its_text_so_that_a_partial_index_fits() -> None:
    people()
    statement = PreparedStatement(
        "percent",
        "SELECT username FROM accounts_user WHERE username LIKE 'a%%' AND is_active = %s AND id > %s",
        [True, Param("id", "bigint")],
    )
    with connection.cursor() as cursor:
        statement.execute(cursor, {"id": 0})
        assert cursor.fetchall() == [("an",)]
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE 'percent%%'")
        [(text,)] = cursor.fetchall()
    assert text.endswith("LIKE 'a%' AND is_active = true AND id > $1")


def test_behind_a_pooler_nothing_is_left_in_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    an, _bao = people()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    before = prepared_names()
    by_key = BuiltOnce(lambda: User.objects.filter(pk=Slot("pk", BigIntegerField())))
    assert by_key(pk=an.pk) == [an]
    assert prepared_names() == before


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
