"""What a type of certificate says is published with the item that grants it: a case is issued with what its own version says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from catalog.compiling import CompileRefused
from catalog.models import CertificateType, MatterVersion
from catalog.versions.defining import certificate_type_definition
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.core.states import State
from matters.models import SubItem
from matters.wording.refusals import CannotIssue
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.building import publish
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, Town

FACE = [{"code": code, "label": code, "label_en": code.title()} for code in ("number", "name", "hospital")]


def types() -> Any:
    return CertificateType.objects.filter(slug="birth_certificate")


def published(**face: str) -> MatterVersion:
    """Publish the town's matter with what the type of the birth certificate says now."""
    types().update(face=FACE, valid_years=5, subject="person")
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    issued_as = certificate_type_definition(types().get())
    results = tuple(replace(each, issued_as=issued_as, face={**each.face, **face}) for each in birth.results)
    items = (replace(birth, results=results), *(item for item in ITEMS if item != birth))
    return publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS)


@pytest.fixture
def filed(town: Town) -> SubItem:
    town.version = published()
    return town.part(town.submit(), "birth_cert")


def approved(town: Town, sub_item: SubItem) -> Certificate:
    approve_birth(town, sub_item)
    return Certificate.objects.get(decision_reference=sub_item.number)


def labels(certificate: Certificate) -> list[tuple[str, str, str]]:
    return [(line.code, line.label, line.label_en) for line in open_face(certificate).lines]


def test_a_case_keeps_the_term_it_was_filed_under(town: Town, filed: SubItem) -> None:
    types().update(valid_years=1)
    certificate = approved(town, filed)
    assert certificate.expires_on is not None
    assert certificate.expires_on.year - timezone.localdate().year in (4, 5)


def test_a_case_keeps_its_face_subject_and_code(town: Town, filed: SubItem) -> None:
    code = types().get().code
    types().update(face=[{"code": "other", "label": "别的"}], subject="organisation", code="X")
    certificate = approved(town, filed)
    assert labels(certificate) == [(line["code"], line["label"], line["label_en"]) for line in FACE]
    assert (certificate.holder_kind, certificate.identifier.split(".")[-5]) == ("person", code)
    filed.refresh_from_db()
    assert filed.state == State.APPROVED


def test_a_version_from_before_takes_the_row_and_still_prints_a_line_it_lost(town: Town) -> None:
    types().update(face=FACE)
    sub_item = town.part(town.submit(), "birth_cert")
    types().update(face=FACE[:1], valid_years=1)
    certificate = approved(town, sub_item)
    filled = next(item for item in ITEMS if item.slug == "birth_cert").results[0].face
    assert [code for code, _label, _english in labels(certificate)] == [
        "number",
        *(code for code in filled if code != "number"),
    ]
    assert certificate.expires_on is not None
    assert certificate.expires_on.year - timezone.localdate().year in (0, 1)


def test_a_line_that_the_type_never_had_is_told(town: Town) -> None:
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    results = tuple(replace(each, face={"weight": "const:3200"}) for each in birth.results)
    items = (replace(birth, results=results), *(item for item in ITEMS if item != birth))
    town.version = publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS)
    with pytest.raises(CannotIssue, match="照面上没有“weight”这一项"):
        approve_birth(town, town.part(town.submit(), "birth_cert"))


def test_what_the_type_does_not_print_is_not_published(town: Town) -> None:
    with pytest.raises(CompileRefused) as refused:
        published(weight="const:3200")
    assert [(each.code, each.params["name"]) for each in refused.value.findings] == [("unknown_reference", "weight")]
