"""Official documents on the pages: opened by the applicant, which delivers them; read by the department; hidden from everybody else."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from matters.core.letters import LetterKind
from matters.dispatching.drawing_up import draw_up
from matters.dispatching.rendering_letters import request_file
from matters.models import Bundle, OfficialDocument
from matters.reviewing import review
from portal.ledger.models import AccessRecord, Event
from portal.outbox.processing import process
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(turn_of_the_police: tuple[Town, Bundle]) -> tuple[Town, OfficialDocument]:
    """The police have refused to accept Li's application; their document is drawn up."""
    town, bundle = turn_of_the_police
    review.refuse_acceptance(town.wang, town.part(bundle, "hukou"), "不属于本机关职权范围")
    with transaction.atomic():
        draw_up([bundle.pk])
    return town, OfficialDocument.objects.get(bundle=bundle, kind=LetterKind.ACCEPTANCE_REFUSED)


def own(document: OfficialDocument) -> str:
    return reverse("matters:bundle_letter", args=[document.bundle.number, document.pk])


def of_the_police(document: OfficialDocument) -> str:
    assert document.sub_item is not None
    return reverse("matters:case_letter", args=[document.sub_item.number, document.pk])


def test_the_applicant_finds_it_and_opening_it_delivers_it_once(refused: tuple[Town, OfficialDocument]) -> None:
    town, document = refused
    client = logged_in(town.li)
    page = client.get(reverse("matters:bundle", args=[document.bundle.number])).content.decode()
    assert own(document) in page
    assert document.number in page
    assert "还没有打开" in page
    page = client.get(own(document)).content.decode()
    assert "不属于本机关职权范围" in page
    client.get(own(document))
    document.refresh_from_db()
    assert document.delivered_to == town.li
    assert Event.objects.filter(chain_id=document.bundle_id, kind="document_delivered").count() == 1
    process("draw_up")
    proof = OfficialDocument.objects.get(bundle=document.bundle, kind=LetterKind.DELIVERY)
    assert document.number in proof.letter.document.text
    assert document.sha256 in proof.letter.document.text


def test_its_file_is_made_once_somebody_opens_it(refused: tuple[Town, OfficialDocument]) -> None:
    town, document = refused
    client = logged_in(town.li)
    process("render_document")
    document.refresh_from_db()
    assert document.rendered_at is None
    answered = client.get(own(document), {"as": "pdf"})
    assert answered.status_code == 409
    assert "正在盖章" in answered.content.decode()
    assert answered["Refresh"] == "3"
    process("render_document")
    answered = client.get(own(document), {"as": "pdf"})
    assert answered.status_code == 200
    assert b"".join(answered.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_a_file_that_is_not_what_was_sealed_is_never_handed_out(
    refused: tuple[Town, OfficialDocument], damage: str
) -> None:
    town, document = refused
    request_file(document)
    process("render_document")
    document.refresh_from_db()
    default_storage.delete(document.file)
    if damage == "changed":
        default_storage.save(document.file, ContentFile(b"%PDF-1.7 something else"))
    answer = logged_in(town.li).get(own(document), {"as": "pdf"})
    assert answer.status_code == 409
    assert ("找不到" if damage == "lost" else "与登记的不一致") in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_the_department_reads_it_on_the_case_and_delivers_nothing(refused: tuple[Town, OfficialDocument]) -> None:
    town, document = refused
    assert document.sub_item is not None
    client = logged_in(town.wang)
    page = client.get(reverse("matters:case", args=[document.sub_item.number])).content.decode()
    assert of_the_police(document) in page
    assert "申请人还没有打开" in page
    assert client.get(of_the_police(document)).status_code == 200
    document.refresh_from_db()
    assert document.delivered_at is None
    assert AccessRecord.objects.filter(subject=document.bundle_id, reader=town.wang, fields=["letters"]).exists()


def test_nobody_else_finds_it(refused: tuple[Town, OfficialDocument]) -> None:
    town, document = refused
    assert logged_in(town.stranger).get(own(document)).status_code == 404
    assert logged_in(town.zhao).get(of_the_police(document)).status_code == 404
    receipt = OfficialDocument.objects.get(bundle=document.bundle, kind=LetterKind.RECEIPT)
    assert document.sub_item is not None
    address = reverse("matters:case_letter", args=[document.sub_item.number, receipt.pk])
    assert logged_in(town.wang).get(address).status_code == 404
