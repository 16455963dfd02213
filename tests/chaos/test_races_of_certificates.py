"""Certificates that are issued and revoked at the same moment; see ``test_races``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from pytest_django import Settings

from catalog.staff.memberships import enroll
from certificates.activities.issuing import HolderFacts, issue_certificate
from certificates.activities.status import StatusChangeRefused, change_status
from certificates.core.verification import may_change
from certificates.models import Certificate, CertificateType, StatusChange
from portal.ledger.chain import verify_chain
from tests.certificates.seal.test_key_exchange import seals_while_keys_are_exchanged
from tests.chaos.test_races import ROUNDS
from tests.matters.reviewing.test_review_races import (
    committed_town,
    race,
)
from tests.worlds.town import Town

__all__ = ["committed_town"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def told(act: Callable[[], Any]) -> Callable[[], Any]:
    """Return the act with the refusals of other floors as values, so that a race counts them."""

    def run() -> Any:
        try:
            return act()
        except (StatusChangeRefused, Http404) as refused:
            return refused.__class__.__name__

    return run


def issue(town: Town, reference: str) -> Certificate:
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


def test_one_decision_issues_one_certificate_whoever_asks(committed_town: Town) -> None:
    town = committed_town  # certificates without their decision, which the check of the whole would name
    for number in range(ROUNDS):
        results = race(*(lambda number=number: issue(town, f"decision-{number}") for _ in range(4)))  # type: ignore[misc]
        assert len({one.identifier for one in results}) == 1
        assert Certificate.objects.count() == number + 1


def test_certificates_issued_together_have_numbers_of_their_own(committed_town: Town) -> None:
    town = committed_town
    for number in range(ROUNDS // 8 + 1):
        race(*(lambda place=place, number=number: issue(town, f"{number}-{place}") for place in range(8)))  # type: ignore[misc]
        assert Certificate.objects.values("identifier").distinct().count() == 8 * (number + 1)


def test_of_those_who_change_a_status_at_once_one_does(committed_town: Town) -> None:
    town = committed_town
    lead = town.zhao
    enroll(lead, town.departments["health"], "lead")
    for number in range(ROUNDS):
        made = issue(town, f"decision-{number}")
        copies = [Certificate.objects.select_related("issuer").get(pk=made.pk) for _ in range(3)]
        wanted = [status for status in ("revoked", "rescinded", "recalled") if may_change("valid", status)]
        results = race(
            *(
                told(lambda copy=copy, status=status: change_status(copy, status, "核查发现不实", lead))  # type: ignore[misc]
                for copy, status in zip(copies, wanted, strict=False)
            )
        )
        changes = [each for each in results if isinstance(each, StatusChange)]
        assert len(changes) == 1
        assert Certificate.objects.get(pk=made.pk).status == changes[0].status
        assert StatusChange.objects.filter(certificate=made).count() == 1
        assert verify_chain(made.pk) == []


def test_a_seal_is_of_one_key_and_its_own_certificate(settings: Settings, tmp_path: Path) -> None:
    seals_while_keys_are_exchanged(settings, tmp_path, ROUNDS)
