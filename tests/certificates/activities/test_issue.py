"""Issuing in the transaction of the decision."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from catalog.models import CertificateType, Department
from certificates.activities.issuing import HolderFacts, issue_certificate, last_day
from certificates.activities.library import open_face
from certificates.core.face import FaceInvalid
from certificates.core.identifier import IdentifierInvalid, parse_identifier
from certificates.models import Certificate
from portal.accounts.models import Person
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.certificates.conftest import ISSUED_AT, VALUES, Issue

pytestmark = pytest.mark.django_db


def test_it_commits_a_row_with_number_face_event_and_promise(certificate: Certificate) -> None:
    assert str(parse_identifier(certificate.identifier)) == certificate.identifier
    assert certificate.serial.startswith("20261122")
    assert len(certificate.serial) == 20
    face = open_face(Certificate.objects.get(pk=certificate.pk))
    assert {line.code: line.value for line in face.lines} == {**VALUES, "father_name": ""}
    assert (face.type_name, face.issuer_name, face.issued_on) == ("出生医学证明", "南昌市卫生健康委员会", "2026-11-22")
    assert list(Event.objects.filter(chain_id=certificate.pk).values_list("kind", flat=True)) == ["certificate_issued"]
    assert verify_chain(certificate.pk) == []
    assert OutboxMessage.objects.filter(kind="render_certificate", subject=str(certificate.pk)).count() == 1
    assert not certificate.is_rendered


def test_the_face_does_not_lie_open_in_the_row(certificate: Certificate) -> None:
    sealed = bytes(Certificate.objects.get(pk=certificate.pk).face_sealed)
    assert "王晓梅".encode() not in sealed
    assert b"360102199203141225" not in sealed


def test_asked_again_it_returns_the_same_certificate(issue: Issue) -> None:
    first, second = issue(), issue()
    assert first.pk == second.pk
    assert first.verification_token == second.verification_token
    assert Certificate.objects.count() == 1
    assert Event.objects.filter(chain_id=first.pk).count() == 1


def test_another_decision_gets_another_number(issue: Issue) -> None:
    first, second = issue(), issue(decision_reference="2026-1122-0002-01")
    assert first.serial != second.serial
    assert first.identifier != second.identifier
    assert first.verification_token != second.verification_token


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_issue_outside_a_transaction(
    birth_certificate: CertificateType, li_person: Person, health: Department
) -> None:
    with pytest.raises(TransactionManagementError):
        issue_certificate(
            certificate_type=birth_certificate,
            applicant=li_person,
            holders=[HolderFacts("李䶮")],
            expires_on=None,
            face=VALUES,
            issuer=health,
            decision_reference="x",
            issued_at=ISSUED_AT,
            issued_by=None,
        )


def test_it_refuses_an_issuer_without_a_conforming_code(issue: Issue, health: Department) -> None:
    health.credit_code = "360100"
    with pytest.raises(IdentifierInvalid):
        issue(issuer=health)


@pytest.mark.parametrize(
    ("face", "code"),
    [
        ({"salary": "1"}, "unknown_code"),
        ({"sex": "女\x07男"}, "control_character"),
        ({"sex": "\u202e女"}, "control_character"),
    ],
)
def test_it_refuses_face_data_that_may_not_be_printed(issue: Issue, face: dict[str, str], code: str) -> None:
    with pytest.raises(FaceInvalid) as refusal:
        issue(face=face)
    assert refusal.value.code == code


def test_its_cost_does_not_grow(issue: Issue, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(9):  # type: ignore[operator]  # two of them the savepoint of the test
        issue()


def test_the_last_day_of_a_term_is_the_day_before_the_anniversary() -> None:
    assert last_day(date(2026, 11, 22), None) is None
    assert last_day(date(2026, 11, 22), 5) == date(2031, 11, 21)
    assert last_day(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert last_day(date(2026, 3, 1), 2) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE certificates_certificate SET holder_name_sealed = 'x'",
        "UPDATE certificates_certificate SET identifier = 'x'",
        "UPDATE certificates_certificate SET expires_on = '2099-01-01'",
        "UPDATE certificates_certificate SET verification_token = 'x'",
        "UPDATE certificates_certificate SET rendered_at = now()",
        "UPDATE certificates_certificate SET set_aside_at = now()",
        "DELETE FROM certificates_certificate",
    ],
)
def test_the_database_refuses_to_rewrite_it(certificate: Certificate, change: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
