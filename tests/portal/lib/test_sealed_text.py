"""Sealed texts are texts in Python and nothing but bytes in the database, bound to their row."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from portal.accounts.models import Person, User
from portal.lib.sealed_text import SealedValue
from portal.lib.vault import SealBroken
from tests.worlds.cast import LI, STRANGER, person_of

pytestmark = pytest.mark.django_db


def stored(table: str, column: str, pk: object) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_it_reads_as_it_was_written_and_lies_sealed() -> None:
    li = person_of(LI)
    assert Person.objects.get(pk=li.pk).name == LI.name
    assert LI.name.encode() not in stored("accounts_person", "name_sealed", li.pk)


def test_it_is_found_by_the_whole_text_however_it_is_written() -> None:
    li = person_of(LI)
    index = Person._meta.get_field("phone_index")
    assert Person.objects.get(phone_index=index.index_of(" 138 0013 8000 ")) == li


def test_a_value_copied_into_another_row_does_not_open() -> None:
    li, stranger = person_of(LI), person_of(STRANGER)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_person SET name_sealed = (SELECT name_sealed FROM accounts_person WHERE id = %s) WHERE id = %s",
            [li.pk, stranger.pk],
        )
    with pytest.raises(SealBroken):
        _ = Person.objects.get(pk=stranger.pk).name


def test_a_row_saved_unread_keeps_its_value() -> None:
    user = User.objects.create_user("li", name="李明慧")
    again = User.objects.get(pk=user.pk)
    again.username = "li-minghui"
    again.save()
    assert User.objects.get(pk=user.pk).name == "李明慧"


def test_what_knows_no_row_is_refused() -> None:
    li = person_of(LI)
    assert str(Person.objects.filter(pk=li.pk).values_list("name", flat=True)[0]) == "***"
    for ask in (
        lambda: Person.objects.filter(name="李明慧").exists(),
        lambda: Person.objects.filter(name__contains="李").exists(),
        lambda: Person.objects.update(name="李明慧"),
    ):
        with pytest.raises(FieldError):
            ask()


def test_the_empty_text_stays_empty() -> None:
    user = User.objects.create_user("nobody")
    assert User.objects.get(pk=user.pk).name == ""
    assert stored("accounts_user", "name_sealed", user.pk) == b""
    assert User.objects.filter(name="").exists()


def test_a_column_that_was_not_fetched_is_fetched_when_it_is_asked_for() -> None:
    li = person_of(LI)
    assert Person.objects.defer("name").get(pk=li.pk).name == LI.name
    assert isinstance(Person.objects.get(pk=li.pk).__dict__["name"], SealedValue)
