"""亮证: a code of a few minutes lets whoever has it read a certificate; each look is counted and its holder sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from certificates.activities.showing import TERM
from certificates.models import Certificate, Showing
from portal.ledger.models import AccessRecord
from tests.matters.apply.test_standing_in import issue
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
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
