"""A person sees who has read their bundles, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import MatterVersion
from catalog.versions.matters import compiled
from matters.cases.dossier import readings_of_bundles
from matters.models import Bundle
from portal.accounts.models import Person, User
from portal.accounts.people import register_person
from portal.ledger.access import record_access
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER


@pytest.fixture
def li(db: None) -> Person:
    user = User.objects.create_user("li", name="李芳")
    return register_person(name="李芳", document_kind="111", number="36010319850615908X", user=user, method="demo")


def bundle_of(person: Person, number: str) -> Bundle:
    version = MatterVersion.objects.first() or publish(MATTER, *ITEMS, elements=ELEMENTS, materials=MATERIALS)
    id = uuid7()
    return Bundle.objects.create(
        id=id,
        number=number,
        matter_version=version,
        applicant=person,
        entered_by=person.user,
        idempotency_key=uuid7(),
        form_sealed=seal({}, f"bundle.form:{id}"),
        submitted_at=timezone.now(),
    )


def test_it_names_office_purpose_and_bundle(
    li: Person, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    wang = User.objects.create_user("wang", name="王审之")
    stranger = register_person(
        name="陈明",
        document_kind="111",
        number="360102199003079991",
        user=User.objects.create_user("chen"),
        method="demo",
    )
    mine, other = bundle_of(li, "360100202603020001"), bundle_of(stranger, "360100202603020002")
    assert li.user is not None
    for reader in (wang, li.user):
        record_access(reader, mine.pk, "review", ["child:person.name", "mother:person.name"], department="police")
    record_access(wang, other.pk, "review", ["child:person.name"], department="police")
    compiled(mine.matter_version_id)  # once in a process
    with django_assert_num_queries(2):
        (reading,) = readings_of_bundles(li, None, 50)
    assert (reading.department, reading.reader, reading.purpose, reading.fields) == (
        "市公安局",
        "王*之",
        "审查办理",
        2,
    )
    assert reading.about == "新生儿出生 360100202603020001"
    assert readings_of_bundles(li, reading.id, 50) == []
    client.force_login(li.user)
    assert f'href="{reading.link}readings/"' in page_of(client.get("/accounts/readings/"))


def test_it_asks_nothing_more_for_whoever_has_no_bundle(
    li: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(1):
        assert readings_of_bundles(li, None, 50) == []


def test_many_readings_of_windows_ask_no_more_than_one(
    li: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    sun = User.objects.create_user("sun", name="孙丽")
    mine = bundle_of(li, "360100202603020001")
    compiled(mine.matter_version_id)
    for _ in range(5):
        record_access(sun, mine.pk, "counter", ["name"], department="hall")
    readings_of_bundles(li, None, 50)  # what is published is read once in a process
    with django_assert_num_queries(4):
        assert len(readings_of_bundles(li, None, 50)) == 5
