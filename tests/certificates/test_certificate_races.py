"""A certificate is verified as it is revoked: one was first, and who asks after it is told of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.models import CertificateType
from catalog.staff.memberships import enroll
from catalog.versions.matters import compiled
from certificates.activities.issuing import HolderFacts, issue_certificate
from certificates.activities.lookup import find_by_token
from certificates.activities.status import change_status
from certificates.models import Certificate
from tests.matters.reviewing.test_review_races import race
from tests.worlds.town import Town, build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 6


@pytest.fixture
def town(transactional_db: None) -> Iterator[Town]:
    """A town whose rows other connections see."""
    compiled.cache_clear()
    yield build_town()
    compiled.cache_clear()


def issued(town: Town, reference: str) -> Certificate:
    """Issue as a decision does."""
    kind = CertificateType.objects.select_related("department").get(slug="birth_certificate")
    with transaction.atomic():
        return issue_certificate(
            certificate_type=kind,
            applicant=town.li_person,
            holders=[HolderFacts("李小满")],
            expires_on=None,
            face={"number": "P360000001", "name": "李小满", "hospital": "市妇幼保健院"},
            issuer=kind.department,
            decision_reference=reference,
            issued_at=timezone.now(),
            issued_by=town.zhao,
        )


def test_whoever_verifies_after_a_revocation_is_told_of_it(town: Town) -> None:
    enroll(town.zhao, town.departments["health"], "lead")

    def verified(certificate: Certificate) -> str:
        found = find_by_token(certificate.verification_token)
        assert found is not None
        return found.verdict(timezone.localdate())

    for number in range(ROUNDS):
        certificate = Certificate.objects.select_related("issuer").get(pk=issued(town, f"verified-{number}").pk)

        def revoke_and_verify(certificate: Certificate = certificate) -> str:
            change_status(certificate, "revoked", "核查发现不实", town.zhao)
            return verified(certificate)

        after, *told = race(
            revoke_and_verify,
            *(lambda certificate=certificate: [verified(certificate) for _ in range(5)] for _ in range(2)),  # type: ignore[misc]
        )
        assert after == "revoked"
        for answers in told:
            assert set(answers) <= {"valid", "revoked"}
            assert answers == sorted(answers, reverse=True)  # once revoked, never valid again
