"""亮证: a code of a few minutes lets whoever has it read a certificate; each look is counted and its holder sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalog.models import CertificateType
from certificates.activities.issuing import HolderFacts, issue_certificate
from certificates.activities.showing import TERM
from certificates.models import Certificate, Showing
from portal.accounts.mandates.activities import end
from portal.accounts.models import Person, User
from portal.accounts.organisations.activities import remove
from portal.ledger.models import AccessRecord
from tests.matters.apply.test_standing_in import issue
from tests.matters.cases.test_mandates import mandate_of, zhang_for
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
from tests.worlds.companies import Companies, build_companies
from tests.worlds.settling import Case, build_case


@pytest.fixture
def case(db: None) -> Case:
    cache.clear()
    return build_case()


@pytest.fixture
def certificate(case: Case) -> Certificate:
    return issue(case, case.li_person)


def shown_code(case: Case, certificate: Certificate) -> str:
    page = page_of(logged_in(case.li).post(f"/certificates/{certificate.pk}/show/"))
    found = re.search(r"<b>(\d{4}) (\d{4})</b>", page)
    assert found is not None
    return found[1] + found[2]


def test_whoever_has_the_code_reads_the_face_while_it_is_good(case: Case, certificate: Certificate) -> None:
    code = shown_code(case, certificate)
    assert code.encode() not in bytes(Showing.objects.get().code_index)
    for response in (Client().get(f"/shown/{code}/"), Client().post("/shown/", {"code": f"{code[:4]} {code[4:]}"})):
        assert LI.name in page_of(response)
        assert "no-store" in response["Cache-Control"]
    logged_in(case.sun).get(f"/shown/{code}/")
    assert Showing.objects.get().looks == 3
    assert AccessRecord.objects.get(subject=certificate.pk, purpose="certificate_shown").reader == case.sun
    assert "被看 3 次" in page_of(logged_in(case.li).get(f"/certificates/{certificate.pk}/"))
    with time_machine.travel(timezone.now() + TERM + timedelta(seconds=1)):
        response = Client().get(f"/shown/{code}/")
        assert response.status_code == 404
        assert LI.name not in page_of(response)
    assert Showing.objects.get().looks == 3


def test_a_wrong_code_says_nothing_and_a_wrong_form_is_told(case: Case, certificate: Certificate) -> None:
    code = shown_code(case, certificate)
    other = f"{(int(code) + 1) % 10**8:08}"
    assert Client().get(f"/shown/{other}/").status_code == 404
    response = Client().post("/shown/", {"code": "12"})
    assert response.status_code == 422
    assert "8 位数字" in page_of(response)


def test_nobody_shows_what_is_not_in_their_library(case: Case, certificate: Certificate) -> None:
    assert logged_in(case.stranger).post(f"/certificates/{certificate.pk}/show/").status_code == 404
    assert not Showing.objects.exists()


class TestWhoeverShowsItMayOpenItNoMore:
    """The code is asked anew at each use: five minutes are long for who was just shut out."""

    @pytest.fixture
    def world(self, db: None) -> Companies:
        cache.clear()
        return build_companies()

    def shown_by_zhang(self, certificate: Certificate, client: Client) -> str:
        found = re.search(r"<b>(\d{4}) (\d{4})</b>", page_of(client.post(f"/certificates/{certificate.pk}/show/")))
        assert found is not None
        code = found[1] + found[2]
        assert Client().get(f"/shown/{code}/").status_code == 200
        return code

    def is_shut(self, code: str) -> bool:
        looks = Showing.objects.get().looks
        return Client().get(f"/shown/{code}/").status_code == 404 and Showing.objects.get().looks == looks

    def test_an_agent_whose_mandate_ended(self, world: Companies) -> None:
        mandate = mandate_of(world, world.li_person, sees_certificates=True)
        with transaction.atomic():
            certificate = issued(world.li_person, mandate=mandate)
        code = self.shown_by_zhang(certificate, zhang_for(world, mandate))
        end(mandate.pk, by=world.li_person)
        assert self.is_shut(code)

    def test_a_handler_who_was_removed(self, world: Companies) -> None:
        with transaction.atomic():
            certificate = issued(world.li_person, organisation=world.noodles)
        code = self.shown_by_zhang(certificate, world.client(world.zhang, world.noodles))
        gone = world.handler(world.zhang_person, world.noodles)
        remove(world.handler(world.li_person, world.noodles), gone.pk)
        assert self.is_shut(code)

    def test_an_account_that_was_switched_off(self, world: Companies) -> None:
        with transaction.atomic():
            certificate = issued(world.zhang_person)
        code = self.shown_by_zhang(certificate, logged_in(world.zhang))
        User.objects.filter(pk=world.zhang.pk).update(is_active=False)
        assert self.is_shut(code)


def issued(applicant: Person, **whose: Any) -> Certificate:
    """Issue a certificate as a decision does."""
    kind = CertificateType.objects.select_related("department").first()
    assert kind is not None
    return issue_certificate(
        certificate_type=kind,
        applicant=applicant,
        holders=[HolderFacts("面馆")],
        face={one["code"]: "面馆" for one in kind.face},
        expires_on=None,
        issuer=kind.department,
        decision_reference="2020-1",
        issued_at=timezone.now(),
        issued_by=None,
        **whose,
    )
