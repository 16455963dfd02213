"""A person is registered once and found by their document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from portal.accounts.models import Person, User
from portal.accounts.people import PersonConflict, document_number, find_person, person_of, register_person
from portal.identifiers.normalising import InvalidIdentifier


def test_a_person_is_found_however_the_number_is_written(li: Person) -> None:
    assert find_person("111", "36010319850615908x") == li
    assert find_person("111", "３６０１０３１９８５０６１５９０８Ｘ") == li
    assert find_person("414", "36010319850615908X") is None
    assert document_number(li) == "36010319850615908X"


def test_the_number_is_nowhere_in_the_database(li: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM accounts_person p")
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM accounts_person WHERE position('36010319850615908X'::bytea in document_sealed) > 0"
        )
        assert cursor.fetchone() == (0,)
    assert all("36010319850615908X" not in row[0] for row in rows)


def test_registering_again_gives_the_same_person(li: Person) -> None:
    again = register_person(name=" 李 芳", document_kind="111", number="36010319850615908x", user=li.user)
    assert again == li
    assert Person.objects.count() == 1


def test_it_refuses_the_document_of_somebody_else(li: Person, wang: User) -> None:
    with pytest.raises(PersonConflict) as refusal:
        register_person(name="王芳", document_kind="111", number="36010319850615908X")
    assert refusal.value.code == "name_differs"
    with pytest.raises(PersonConflict) as refusal:
        register_person(name="李芳", document_kind="111", number="36010319850615908X", user=wang)
    assert refusal.value.code == "already_registered"


def test_it_does_not_hand_a_person_known_from_the_counter_to_an_account(wang: User) -> None:
    register_person(name="陈·䶮", document_kind="111", number="360102199003079991")
    with pytest.raises(PersonConflict):
        register_person(name="陈·䶮", document_kind="111", number="360102199003079991", user=wang)


def test_it_refuses_an_account_that_belongs_to_another_person(li: Person) -> None:
    with pytest.raises(PersonConflict) as refusal:
        register_person(name="陈明", document_kind="111", number="360102199003079991", user=li.user)
    assert refusal.value.code == "already_registered"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"name": "李1"}, "digit"), ({"number": "36010319850615908"}, "wrong_length"), ({"phone": "123"}, "wrong_length")],
)
def test_it_refuses_what_cannot_be_right(db: None, fields: dict[str, str], code: str) -> None:
    entry: dict[str, Any] = {"name": "李芳", "document_kind": "111", "number": "36010319850615908X", **fields}
    with pytest.raises(InvalidIdentifier) as refusal:
        register_person(**entry)
    assert refusal.value.code == code
    assert not Person.objects.exists()


def test_an_account_leads_to_its_person(li: Person, wang: User, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(1):
        assert person_of(li.user) == li
    assert person_of(wang) is None
    with django_assert_num_queries(0):
        assert person_of(AnonymousUser()) is None


def test_the_database_keeps_documents_and_account_names_apart(li: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(
            name="x", document_kind="111", document_sealed=li.document_sealed, document_index=li.document_index
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("LI")
