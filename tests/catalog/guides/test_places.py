"""The place chosen on a guide goes along to the checklist and its document, and can be left again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from catalog.packages.importing import import_package
from tests.catalog.versions.test_implementations import regional

__all__ = ["regional"]

pytestmark = pytest.mark.django_db

LIST = "/matters/opening/checklist/"


def test_the_checklist_says_for_which_place_it_is_and_keeps_it(regional: Path, client: Client) -> None:
    import_package(regional)
    page = client.get(LIST, {"division": "360102", "invoices": "no"}).content.decode()
    assert "按东湖区的办事指南列出" in page
    for part in ("checklist.pdf?", "/apply/opening/?", "/situation/?"):
        assert "division=360102" in page.split(part)[1].split('"')[0]
    assert "按东湖区" not in client.get(LIST, {"invoices": "no"}).content.decode()


def test_the_standard_can_be_chosen_again(regional: Path, client: Client) -> None:
    import_package(regional)
    page = client.get("/matters/opening/", {"division": "360102", "invoices": "no"}).content.decode()
    back = page.split("其他地方（按标准）")[0].rsplit('href="', 1)[1].split('"')[0]
    assert back.startswith("?")
    assert "division" not in back


def test_each_place_has_a_document_of_its_own(regional: Path, client: Client) -> None:
    import_package(regional)
    numbers = {
        client.get("/matters/opening/checklist.pdf", {"invoices": "no", **place}).headers["Content-Disposition"]
        for place in ({}, {"division": "360102"})
    }
    assert len(numbers) == 2
