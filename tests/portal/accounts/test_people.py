"""A person is registered once and found by their document."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from portal.accounts.models import IdentityCheck, Level, Person, User
from portal.accounts.people import (
    PersonConflict,
    claim_person,
    document_number,
    everybody_with,
    find_person,
    person_of,
    prove,
    register_person,
)
from portal.identifiers.normalising import InvalidIdentifier


def proved(*, name: str, number: str, **more: Any) -> Person:
    return register_person(name=name, document_kind="111", number=number, method="demo", **more)


def claimed(user: User, number: str = "36010319850615908X", name: str = "李芳") -> Person:
    return claim_person(name=name, document_kind="111", number=number, user=user)


def test_what_an_account_says_of_itself_is_found_by_nobody(wang: User) -> None:
    squatter = claimed(wang)
    assert (squatter.level, squatter.is_proved) == (Level.CLAIMED, False)
    assert find_person("111", "36010319850615908X") is None
    real = proved(name="李方", number="36010319850615908X")
    assert (real != squatter, real.is_proved, real.user) == (True, True, None)
    assert find_person("111", "36010319850615908X") == real


def test_any_number_of_accounts_may_claim_one_document(li: Person, wang: User) -> None:
    chen = User.objects.create_user("chen")
    assert len({claimed(wang).pk, claimed(chen, name="别人").pk, li.pk}) == 3
    assert find_person("111", "36010319850615908X") == li
    assert set(everybody_with("36010319850615908x")) == {li, wang.person, chen.person}


def test_a_level_rests_on_a_row_that_says_who_saw_it(wang: User) -> None:
    chen = claimed(User.objects.create_user("chen"))
    prove(chen, "counter", wang)
    check = IdentityCheck.objects.get(person=chen)
    assert (chen.level, check.method, check.level, check.officer) == (Level.COUNTER, "counter", Level.COUNTER, wang)
    assert find_person("111", "36010319850615908X") == chen


def test_only_one_of_those_who_claim_a_document_is_proved(wang: User) -> None:
    first, second = claimed(User.objects.create_user("first")), claimed(User.objects.create_user("second"))
    prove(first, "counter", wang)
    with pytest.raises(PersonConflict):
        prove(second, "counter", wang)
    second.refresh_from_db()
    assert not second.is_proved
    assert not IdentityCheck.objects.filter(person=second).exists()


def test_of_two_windows_that_register_one_person_at_once_both_get_the_same(transactional_db: None) -> None:
    gate, found = Barrier(2), []

    def register() -> None:
        try:
            gate.wait()
            found.append(proved(name="李芳", number="36010319850615908X").pk)
        finally:
            connection.close()

    threads = [Thread(target=register) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert IdentityCheck.objects.count() == 1


def test_the_database_refuses_a_level_without_its_row(wang: User) -> None:
    chen = claimed(User.objects.create_user("chen"))
    with pytest.raises(IntegrityError, match="rests on no check"), transaction.atomic():
        say_that_they_are_proved(chen)
    with pytest.raises(IntegrityError, match="identity_check_by_somebody"), transaction.atomic():
        prove_at_the_counter_by_nobody(chen)
    prove(chen, "counter", wang)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        IdentityCheck.objects.update(officer=None)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        IdentityCheck.objects.all().delete()
    with pytest.raises(IntegrityError, match="person_claimed_by_an_account"), transaction.atomic():
        Person.objects.create(name="x", document_sealed=b"", document_index=bytes(32))


def say_that_they_are_proved(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(level=Level.COUNTER)
    connection.check_constraints()


def prove_at_the_counter_by_nobody(person: Person) -> None:
    IdentityCheck.objects.create(person=person, method="counter", level=Level.COUNTER, document_kind="111")


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
    again = proved(name=" 李 芳", number="36010319850615908x", user=li.user)
    assert again == li
    assert Person.objects.count() == 1


def test_it_refuses_the_document_of_somebody_else(li: Person, wang: User) -> None:
    with pytest.raises(PersonConflict) as refusal:
        proved(name="王芳", number="36010319850615908X")
    assert refusal.value.code == "name_differs"
    with pytest.raises(PersonConflict) as refusal:
        proved(name="李芳", number="36010319850615908X", user=wang)
    assert refusal.value.code == "already_registered"


def test_it_does_not_hand_a_person_known_from_the_counter_to_an_account(wang: User) -> None:
    proved(name="陈·䶮", number="360102199003079991")
    with pytest.raises(PersonConflict):
        proved(name="陈·䶮", number="360102199003079991", user=wang)


def test_it_refuses_an_account_that_belongs_to_another_person(li: Person) -> None:
    with pytest.raises(PersonConflict) as refusal:
        proved(name="陈明", number="360102199003079991", user=li.user)
    assert refusal.value.code == "already_registered"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"name": "李1"}, "digit"), ({"number": "36010319850615908"}, "wrong_length"), ({"phone": "123"}, "wrong_length")],
)
def test_it_refuses_what_cannot_be_right(db: None, fields: dict[str, str], code: str) -> None:
    entry: dict[str, Any] = {"name": "李芳", "number": "36010319850615908X", **fields}
    with pytest.raises(InvalidIdentifier) as refusal:
        proved(**entry)
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
            name="x",
            document_kind="111",
            document_sealed=li.document_sealed,
            document_index=li.document_index,
            level=Level.COUNTER,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("LI")
