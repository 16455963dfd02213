"""A division that a department decides is chosen by its name, and read by its name wherever it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from catalog.definitions import OutputDefinition, ResultDefinition
from catalog.models import Division
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.models import SubItem
from matters.reviewing import review
from tests.worlds.building import publish
from tests.worlds.reading import reading
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, Town

PLACE = OutputDefinition("place", "签发县区", "division")


@pytest.fixture
def birth_cert(town: Town) -> SubItem:
    """A sub-item whose decision names a division that is printed."""
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    result = ResultDefinition("birth_certificate", {"hospital": "output:place"}, holder="child")
    items = (
        replace(birth, outputs=(*birth.outputs, PLACE), results=(result,)),
        *(item for item in ITEMS if item != birth),
    )
    town.version = publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS)
    city = Division.objects.create(code="360100", name="南昌市", level="prefecture")
    Division.objects.create(code="360103", name="西湖区", level="county", parent=city)
    return review.accept(town.zhao, town.part(town.submit(), "birth_cert"))


def test_it_is_chosen_from_a_list_and_printed_by_its_name(town: Town, birth_cert: SubItem) -> None:
    client = Client()
    client.force_login(town.zhao)
    page = client.get(reverse("matters:case", args=[birth_cert.number])).content.decode()
    assert '<option value="360103"' in page
    sent = {"output.number": "P360000001", "output.place": "360103"}
    client.post(reverse("matters:case_action", args=[birth_cert.number, "approve"]), {**sent, **reading(birth_cert)})
    certificate = Certificate.objects.get(decision_reference=birth_cert.number)
    assert [line.value for line in open_face(certificate).lines if line.code == "hospital"] == ["南昌市西湖区"]
