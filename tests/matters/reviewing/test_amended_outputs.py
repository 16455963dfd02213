"""What a decision took over from the form follows a change that its department agreed to; what it decided otherwise stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.definitions import OutputDefinition, ResultDefinition
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.models import Bundle
from matters.reviewing import review
from matters.reviewing.amending import agree_to_amendment
from tests.matters.reviewing.test_amendments import NAME, NEW, corrected
from tests.worlds.building import publish
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, Town, advance

TAKEN = OutputDefinition("printed", "证上的姓名", "person_name", repeats=(NAME,))


@pytest.fixture
def bundle(town: Town) -> Bundle:
    """An application whose birth certificate shows a name that its department takes over from the form."""
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    face = {"name": "output:printed", "number": "output:number"}
    result = ResultDefinition("birth_certificate", face, holder="child", holder_name="output:printed")
    items = (
        replace(birth, outputs=(*birth.outputs, TAKEN), results=(result,)),
        *(item for item in ITEMS if item != birth),
    )
    town.version = publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS)
    return town.submit()


def names(bundle: Bundle) -> list[tuple[str, str]]:
    """Return the holder and the printed name of the valid birth certificates."""
    number = bundle.sub_items.get(key="birth_cert").number
    valid = Certificate.objects.filter(decision_reference=number, status="valid")
    return [(one.holder_name, *[line.value for line in open_face(one).lines if line.code == "name"]) for one in valid]


def approve(town: Town, bundle: Bundle, outputs: dict[str, str], reasons: dict[str, str]) -> None:
    review.accept(town.zhao, town.part(bundle, "birth_cert"))
    review.decide(town.zhao, town.part(bundle, "birth_cert"), "approved", "", outputs, reasons)
    advance([bundle.pk])


def test_what_was_taken_over_is_printed_anew(town: Town, bundle: Bundle) -> None:
    approve(town, bundle, {"number": "P360000001"}, {})
    assert names(bundle) == [("李小满", "李小满")]
    corrected(town, bundle)
    assert names(bundle) == [("李小满", "李小满")]
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    assert names(bundle) == [(NEW, NEW)]


def test_what_was_decided_otherwise_for_a_reason_stays(town: Town, bundle: Bundle) -> None:
    approve(town, bundle, {"number": "P360000001", "printed": "李满"}, {"printed": "以户口簿为准"})
    corrected(town, bundle)
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    assert {printed for _holder, printed in names(bundle)} == {"李满"}
