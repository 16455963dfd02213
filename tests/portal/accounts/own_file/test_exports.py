"""A copy of one's file: made by a worker, for its owner alone, sealed at rest and forgotten after its term."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts.models import FileExport, Person, User
from portal.accounts.own_file.exports import SCHEMA, ask_for_export, forget_exports
from portal.ledger.access import record_access
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process

PAGE = "/dossier/exports/"


@pytest.fixture
def li_client(client: Client, li: Person) -> Client:
    assert li.user is not None
    client.force_login(li.user)
    return client


@pytest.fixture
def export(li_client: Client, li: Person, wang: User) -> FileExport:
    record_access(wang, li.pk, "console", ["name"])
    li_client.post(PAGE)
    process("export_file")
    return FileExport.objects.get()


def test_it_holds_the_file_with_sources_and_days(li_client: Client, li: Person, export: FileExport) -> None:
    answer = li_client.get(f"{PAGE}{export.pk}/json/")
    told = json.loads(answer.content)
    assert told["schema"] == SCHEMA
    registered = next(part for part in told["parts"] if part["key"] == "registered")
    name = registered["lines"][0]
    assert name["value"] == li.name
    assert name["source"]
    assert name["row"]
    assert name["at"]
    assert told["readings"][0]["times"] == 1
    assert "no-store" in answer["Cache-Control"]


def test_it_is_a_pdf_too(li_client: Client, export: FileExport) -> None:
    assert li_client.get(f"{PAGE}{export.pk}/pdf/").content.startswith(b"%PDF-")
    assert li_client.get(f"{PAGE}{export.pk}/exe/").status_code == 404


def test_its_owner_hears_and_every_step_is_an_event(li_client: Client, li: Person, export: FileExport) -> None:
    assert Message.objects.filter(recipient=li.user, kind="export_made").exists()
    li_client.get(f"{PAGE}{export.pk}/pdf/")
    kinds = Event.objects.filter(chain_id=export.pk).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["export_asked", "export_made", "export_taken"]


def test_nobody_else_gets_it(client: Client, export: FileExport) -> None:
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(f"{PAGE}{export.pk}/json/").status_code == 404


def test_it_is_sealed(li: Person, export: FileExport) -> None:
    assert li.name.encode() not in bytes(export.content_sealed or b"")


def test_it_is_forgotten_after_its_term(li_client: Client, export: FileExport) -> None:
    assert forget_exports() == 0
    export.refresh_from_db()
    assert export.is_there
    FileExport.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert li_client.get(f"{PAGE}{export.pk}/json/").status_code == 404
    forget_exports()
    export.refresh_from_db()
    assert export.content_sealed is None
    assert "已到期删除" in li_client.get(PAGE).content.decode()


def test_one_at_a_time_and_not_too_often(li_client: Client, li: Person, limits_of_one_minute: None) -> None:
    for _time in range(3):
        li_client.post(PAGE)
    assert FileExport.objects.count() == 1
    said = [li_client.post(PAGE, follow=True).content.decode() for _time in range(6)]
    assert "要得太多了" in said[-1]


@pytest.mark.django_db(transaction=True)
def test_two_that_ask_at_once_have_one_made(li: Person) -> None:
    assert li.user is not None
    user, made, together = li.user, [], threading.Barrier(2)

    def ask() -> None:
        together.wait(10)
        made.append(ask_for_export(li, user).pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(set(made)) == 1
    assert len(made) == 2
    assert FileExport.objects.count() == 1
