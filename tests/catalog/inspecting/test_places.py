"""The place chosen on a guide stays chosen, up to the application."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from catalog.packages.importing import import_package
from matters.models import Draft
from portal.accounts.models import User
from tests.catalog.versions.test_implementations import applicant, regional

__all__ = ["applicant", "regional"]

pytestmark = pytest.mark.django_db


def test_the_guide_offers_the_places_and_shows_the_one_chosen(regional: Path, client: Client) -> None:
    import_package(regional)
    page = client.get(_guide()).content.decode()
    assert "东湖区" in page
    assert "东湖区政务服务大厅" not in page
    local = client.get(f"{_guide()}?division=360102").content.decode()
    assert 'aria-current="true">东湖区' in local
    assert "东湖市监" in local or "东湖区市场监督管理局" in local
    assert "division=360102" in local.split("在线办理")[0].rsplit("<a ", 1)[1]


def test_a_place_that_is_none_shows_the_standard(regional: Path, client: Client) -> None:
    import_package(regional)
    for strange in ("990000", "x", "３６０１０２", "360102' OR 1=1", "\x07", "3" * 5000):
        response = client.get(_guide(), {"division": strange})
        assert response.status_code == 200
        assert "东湖市监" not in response.content.decode()


def test_the_questions_stay_in_the_place(regional: Path, client: Client) -> None:
    import_package(regional)
    asked = client.get(_situation(), {"division": "360102"}).content.decode()
    assert '<input type="hidden" name="division" value="360102">' in asked
    done = client.get(_situation(), {"division": "360102", "invoices": "no"})
    assert done.status_code == 302
    assert "division=360102" in done["Location"]


def test_an_application_begun_there_is_by_that_places_version(regional: Path, client: Client, applicant: User) -> None:
    import_package(regional)
    client.force_login(applicant)
    response = client.post(f"{reverse('matters:start', args=['opening'])}?division=360102", {"invoices": "no"})
    assert response.status_code == 302
    assert Draft.objects.get().matter_version.division_id == "360102"


def _guide() -> str:
    return reverse("catalog:matter", args=["opening"])


def _situation() -> str:
    return reverse("catalog:situation", args=["opening"])
