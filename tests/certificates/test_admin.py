"""Certificates in the staff console."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates.models import Certificate
from portal.accounts.models import User
from portal.ledger.models import AccessRecord
from portal.outbox.models import OutboxMessage
from tests.certificates.conftest import VALUES, Issue, process

pytestmark = pytest.mark.django_db
LIST = "admin:certificates_certificate_changelist"


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, action: str, certificate: Certificate, **more: str) -> Any:
    data = {"action": action, "_selected_action": str(certificate.pk), **more}
    return client.post(reverse(LIST), data, follow=True)


def test_staff_see_their_departments_certificates_alone(
    client: Client, certificate: Certificate, wang: User, sun: User, zhao: User
) -> None:
    for user in (wang, sun):
        client.force_login(user)
        assert certificate.serial in page(client)
    client.force_login(zhao)
    assert certificate.serial not in page(client)
    assert client.get(reverse("admin:certificates_certificate_change", args=[certificate.pk])).status_code in (302, 404)


def test_the_list_masks_names_and_finds_by_number_and_identifier(
    client: Client, certificate: Certificate, issue: Issue, wang: User
) -> None:
    other = issue(decision_reference="2026-1122-0002-01")
    client.force_login(wang)
    assert "李䶮" not in page(client)
    for text in (
        certificate.serial,
        certificate.identifier,
        certificate.decision_reference,
        "-".join(certificate.serial[place : place + 4] for place in range(0, 20, 4)),
        f"证照编号 {certificate.serial[:8]} {certificate.serial[8:]}",
        certificate.identifier.replace(".", "。"),
    ):
        found = page(client, q=text)
        assert str(certificate.pk) in found
        assert str(other.pk) not in found


def test_opening_one_shows_its_face_read_only_and_leaves_a_line(
    client: Client, certificate: Certificate, wang: User
) -> None:
    client.force_login(wang)
    address = reverse("admin:certificates_certificate_change", args=[certificate.pk])
    opened = client.get(address).content.decode()
    assert VALUES["mother_id"] in opened
    assert 'name="_save"' not in opened
    record = AccessRecord.objects.get(subject=certificate.pk)
    assert (record.reader, record.purpose) == (wang, "certificate_console")
    assert client.post(address, {"holder_name": "x"}).status_code == 403


def test_a_reason_is_asked_for_and_the_status_changes(client: Client, certificate: Certificate, wang: User) -> None:
    client.force_login(wang)
    asked = act(client, "change_status_of", certificate).content.decode()
    assert "确认变更" in asked
    refused = act(client, "change_status_of", certificate, apply="1", status="revoked", reason=" ")
    assert "请写明变更状态的理由" in refused.content.decode()
    certificate.refresh_from_db()
    assert certificate.status == "valid"
    act(client, "change_status_of", certificate, apply="1", status="revoked", reason="查明转借")
    certificate.refresh_from_db()
    assert certificate.status == "revoked"
    assert (
        "查明转借"
        in client.get(reverse("admin:certificates_certificate_change", args=[certificate.pk])).content.decode()
    )


def test_those_chosen_together_change_together(
    client: Client, certificate: Certificate, issue: Issue, wang: User
) -> None:
    other = issue(decision_reference="2026-1122-0002-01")
    client.force_login(wang)
    both = {"_selected_action": [str(certificate.pk), str(other.pk)], "action": "change_status_of"}
    assert "就一张也不变更" in client.post(reverse(LIST), both).content.decode()
    asked = {**both, "apply": "1", "reason": "企业注销", "document_number": "销〔2026〕1号", "status": "deregistered"}
    act(client, "change_status_of", other, apply="1", status="deregistered", reason="先前已注销")
    refused = client.post(reverse(LIST), {**asked, "together": "on"}, follow=True).content.decode()
    assert "一张也没有变更" in refused
    certificate.refresh_from_db()
    assert certificate.status == "valid"
    client.post(reverse(LIST), asked)
    certificate.refresh_from_db()
    assert certificate.status == "deregistered"


def test_a_clerk_without_the_right_to_issue_is_not_offered_it(
    client: Client, certificate: Certificate, sun: User
) -> None:
    client.force_login(sun)
    assert "change_status_of" not in page(client)
    act(client, "change_status_of", certificate, apply="1", status="revoked", reason="理由")
    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_what_waits_for_a_person_is_listed_with_its_reason_and_tried_again(
    client: Client, issue: Issue, wang: User
) -> None:
    certificate = issue(face={**VALUES, "child_name": "李\U000323b1"})
    process()
    client.force_login(wang)
    listed = page(client, making="quarantined")
    assert certificate.serial in listed
    assert "含生僻字" in listed
    assert "\U000323b1（U+323B1）" in listed
    act(client, "retry_making", certificate)
    certificate.refresh_from_db()
    assert certificate.set_aside_at is None
    assert OutboxMessage.objects.get(kind="render_certificate").done_at is None


def test_the_list_costs_the_same_however_long(client: Client, issue: Issue, wang: User) -> None:
    client.force_login(wang)
    issue()
    page(client)
    with CaptureQueriesContext(connection) as short:
        page(client)
    for number in range(2, 12):
        issue(decision_reference=f"2026-1122-{number:04d}-01")
    with CaptureQueriesContext(connection) as long:
        page(client)
    assert len(long) == len(short)
