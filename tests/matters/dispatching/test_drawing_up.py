"""Official documents: one for each event that calls for one, numbered without gaps, worded from what happened, sealed or refused."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates.activities.signer import judge
from certificates.models import Certificate
from certificates.seal.signing import seal_provider
from certificates.seal.wire import SealRequest
from matters.cases.official import letters_of
from matters.core.letters import KIND_OF_EVENT, Letter, LetterKind
from matters.core.states import TRANSITIONS
from matters.dispatching.drawing_up import draw_up
from matters.dispatching.rendering_letters import letter_html, request_file
from matters.models import Bundle, CorrectionNotice, CorrectionRequest, DocumentSeries, OfficialDocument
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.extending import ask_extension, settle_extension
from matters.reviewing.gathering import close_due, take_back_marks
from matters.tracking.opening import open_letter
from matters.wording.letters import basis
from portal.ledger.models import Event
from portal.lib.documents import Passage
from portal.lib.printing import print_page
from portal.outbox.processing import process
from tests.matters.reviewing.notice_town import NAME, build_notice_town
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, advance

pytestmark = pytest.mark.django_db
Kind = LetterKind


def drawn(bundle: Bundle) -> list[OfficialDocument]:
    """Do what workers do and return the bundle's documents in the order of what happened."""
    process("notify")
    process("draw_up")
    with transaction.atomic():  # what the world does without workers calls for documents all the same
        draw_up([bundle.pk])
    return list(OfficialDocument.objects.filter(bundle=bundle).order_by("event_id"))


def words(document: OfficialDocument) -> str:
    return document.letter.document.text


class TestWhichDocument:
    def test_every_step_of_a_case_has_its_own(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        town, bundle = turn_of_the_police
        review.accept(town.wang, town.part(bundle, "hukou"))
        ask_extension(town.wang, town.part(bundle, "hukou"), "3", "需要向外省核实登记情况")
        settle_extension(town.zhou, town.part(bundle, "hukou"), granted=True)
        request_correction(town.wang, town.part(bundle, "hukou"), [Gap("material", "household_book", "缺户主页")])
        found = drawn(bundle)
        assert [Kind(one.kind) for one in found] == [
            *(Kind.RECEIPT, Kind.ACCEPTANCE, Kind.GRANT),
            *(Kind.ACCEPTANCE, Kind.EXTENSION, Kind.CORRECTION),
        ]
        extended, asked = found[4], found[5]
        assert "需要向外省核实登记情况" in words(extended)
        assert "办理期限延长3个工作日" in words(extended)
        assert "缺户主页" in words(asked)
        assert "一次告知" in words(asked)

    def test_a_correction_says_what_was_told_not_what_was_taken_back(self, settings: Any) -> None:
        settings.YIJIAN_GATHERING_HOURS = 24
        town = build_notice_town()
        bundle = town.submit()
        for reason in ("先说的", "收回的"):
            request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", NAME, reason)])
        take_back_marks(town.wang, town.part(bundle, "hukou"))
        for reason in ("改口前", "第一次告知"):
            request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", NAME, reason)])
        self._tell(bundle)
        answer_correction(town.li, CorrectionRequest.objects.open().get(), {NAME: "李小滿"}, {})
        for reason in ("又改口前", "第二次告知"):
            request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", NAME, reason)])
        self._tell(bundle)
        asked = [words(one) for one in drawn(bundle) if one.kind == Kind.CORRECTION]
        said = ("先说的", "收回的", "改口前", "第一次告知", "又改口前", "第二次告知")
        assert [[one for one in said if one in text] for text in asked] == [["第一次告知"], ["第二次告知"]]

    def test_what_several_departments_ask_is_one_document(self, settings: Any) -> None:
        settings.YIJIAN_GATHERING_HOURS = 24
        town = build_notice_town()
        bundle = town.submit()
        request_correction(town.zhao, town.part(bundle, "birth_cert"), [Gap("field", NAME, "与分娩记录不一致")])
        request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", NAME, "用字不合规")])
        request_correction(town.qian, town.part(bundle, "medical_ins"), [Gap("field", NAME, "与户口登记不一致")])
        [asked] = [one for one in drawn(bundle) if one.kind == Kind.CORRECTION]
        assert asked.sub_item is None
        for said in ("市卫生健康委员会：与分娩记录不一致", "市公安局：用字不合规", "市医疗保障局：与户口登记不一致"):
            assert words(asked).count(said) == 1
        page = page_of(logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])))
        assert reverse("matters:bundle_letter", args=[bundle.number, asked.pk]) in page
        # A department has before it what it asked itself, and not what others did.
        page = page_of(logged_in(town.wang).get(reverse("matters:case", args=[town.part(bundle, "hukou").number])))
        assert "用字不合规" in page
        assert "与分娩记录不一致" not in page

    def _tell(self, bundle: Bundle) -> None:
        CorrectionNotice.objects.filter(bundle=bundle, sent_at=None).update(closes_at=timezone.now())
        assert close_due() == 1

    def test_a_refusal_states_grounds_and_remedies(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        town, bundle = turn_of_the_police
        review.refuse_acceptance(town.wang, town.part(bundle, "hukou"), "不属于本机关职权范围")
        refused = drawn(bundle)[-1]
        assert Kind(refused.kind) == Kind.ACCEPTANCE_REFUSED
        assert "不属于本机关职权范围" in words(refused)
        assert "六十日内" in words(refused)
        assert "六个月内" in words(refused)
        assert "人民政府申请行政复议" in words(refused)
        assert refused.letter.issuer == town.part(bundle, "hukou").office.name

    def test_a_grant_in_part_says_what_is_granted_and_what_is_not(
        self, turn_of_the_police: tuple[Town, Bundle]
    ) -> None:
        town, bundle = turn_of_the_police
        review.accept(town.wang, town.part(bundle, "hukou"))
        review.decide(town.wang, town.part(bundle, "hukou"), "approved", "只登记户口，不立户", OUTPUTS, in_part=True)
        granted = drawn(bundle)[-1]
        assert Kind(granted.kind) == Kind.GRANT_IN_PART
        assert granted.is_decision  # opening it is its delivery
        assert granted.letter.title == "部分准予办理决定书"
        for said in ("准予的部分", OUTPUTS["id_number"], "只登记户口，不立户", "六十日内", "人民政府申请行政复议"):
            assert said in words(granted)

    def test_it_is_drawn_up_once_however_often_it_is_looked_for(self, town: Town) -> None:
        bundle = town.submit()
        assert len(drawn(bundle)) == 1
        with transaction.atomic():
            assert draw_up([bundle.pk]) == []

    def test_whoever_is_to_act_by_the_table_of_transitions_has_one(self) -> None:
        told = {one.event for one in TRANSITIONS.values()}
        decided = {"accepted", "rejected", "approved", "approved_in_part", "acceptance_refused", "correction_requested"}
        assert decided <= told & set(KIND_OF_EVENT)


class TestWhatItSays:
    @pytest.mark.parametrize("event", ["correction_requested", "extended", "deemed_accepted"])
    def test_on_the_way_an_items_own_basis_is_not_cited(self, event: str) -> None:
        """The law by which a birth is certified says nothing of how a case is handled; that of licences does, for licences."""
        own = "《中华人民共和国母婴保健法》第二十三条"
        assert basis(event, own, is_licence=False) == ""
        told = basis(event, own, is_licence=True)
        assert "行政许可法" in told
        assert own not in told
        assert own in basis("approved", own, is_licence=False)

    def test_a_grant_says_for_whom_it_was_asked(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        _town, bundle = turn_of_the_police
        (granted,) = [one for one in drawn(bundle) if one.kind == Kind.GRANT]
        assert granted.sub_item is not None
        (issued,) = Certificate.objects.filter(decision_reference=granted.sub_item.number)
        assert issued.holder_name != bundle.applicant.name
        assert f"为{issued.holder_name}提出的" in words(granted)

    def test_a_proof_of_delivery_says_who_opened_it_and_waits_for_nobody(
        self, turn_of_the_police: tuple[Town, Bundle]
    ) -> None:
        _town, bundle = turn_of_the_police
        (granted,) = [one for one in drawn(bundle) if one.kind == Kind.GRANT]
        parent = bundle.applicant.user
        assert parent is not None
        open_letter(parent, bundle, granted)
        proof = drawn(bundle)[-1]
        assert Kind(proof.kind) == Kind.DELIVERY
        assert "，本人打开" in words(proof)
        assert "办事人员" not in words(proof)
        assert [line.is_proof for line in letters_of(bundle)] == [False, False, False, True]
        client = Client()
        client.force_login(parent)
        page = page_of(client.get(reverse("matters:bundle", args=[bundle.number])))
        (line,) = [each for each in page.split("<li>") if proof.number in each]
        assert "还没有打开" not in line.partition("</li>")[0]

    def test_a_receipt_with_many_lines_stays_on_one_page(self) -> None:
        told = "您于2026年12月1日通过网上提出“新生儿出生”申请，本次申请的表单和材料已经收到。"
        letter = Letter(
            title="收件凭证",
            number="卫健收〔2026〕8号",
            issuer="南昌市卫生健康委员会",
            addressee="李婉清",
            parts=(
                Passage(paragraphs=(told, told), facts=(("办件编号", "20261201-360100-0000008-9"), ("收件时间", "2026-12-01"))),
                Passage("分送承办的事项", facts=tuple((f"出生户口登记（国内出生、一岁以下）{n}", "南昌市公安局") for n in range(6))),
                Passage("收到的材料", facts=tuple((f"产检和住院分娩医疗费用发票{n}", "1 个文件") for n in range(5))),
            ),
            written_on="2026年12月1日",
        )  # fmt: skip
        html = letter_html(letter, digest="0" * 64, bundle_number="20261201-360100-0000008-9", is_sealed=True)
        reader = PdfFileReader(BytesIO(print_page(html, pdf_variant="pdf/ua-1", pdf_tags=True)))
        assert reader.root["/Pages"]["/Count"] == 1


class TestNumbers:
    def test_they_count_by_department_kind_and_year(self, town: Town) -> None:
        bundles = [town.submit() for _each in range(3)]
        for bundle in bundles:
            drawn(bundle)
        receipts = OfficialDocument.objects.filter(kind=Kind.RECEIPT).order_by("event_id")
        assert [one.serial for one in receipts] == [1, 2, 3]
        year = receipts[0].year
        assert receipts[2].number.endswith(f"收〔{year}〕3号")
        assert DocumentSeries.objects.get(kind=Kind.RECEIPT).last == 3

    def test_a_number_that_was_not_used_is_not_lost(self, town: Town) -> None:
        first, second = town.submit(), town.submit()
        with transaction.atomic():
            draw_up([first.pk])
            transaction.set_rollback(True)
        assert [one.serial for one in drawn(second)] == [1]


class TestWhatStays:
    def test_nothing_of_it_can_be_changed(self, town: Town) -> None:
        document = drawn(town.submit())[0]
        for change in ({"number": "别的号"}, {"sha256": "0" * 64}, {"serial": 9}):
            with pytest.raises(IntegrityError), transaction.atomic():
                OfficialDocument.objects.filter(pk=document.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            OfficialDocument.objects.filter(pk=document.pk).delete()

    def test_a_series_never_counts_back(self, town: Town) -> None:
        drawn(town.submit())
        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentSeries.objects.update(last=0)


class TestTheFile:
    def test_it_is_tagged_whole_and_sealed(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        _town, bundle = turn_of_the_police
        assert drawn(bundle)
        document = OfficialDocument.objects.get(bundle=bundle, kind=Kind.GRANT)
        request_file(document)
        process("render_document")
        document.refresh_from_db()
        with default_storage.open(document.file, "rb") as file:
            content = file.read()
        assert hashlib.sha256(content).hexdigest() == document.file_sha256
        reader = PdfFileReader(BytesIO(content))
        assert reader.root["/MarkInfo"]["/Marked"]
        (signature,) = reader.embedded_signatures
        context = ValidationContext(trust_roots=seal_provider().trusted(), allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        assert status.intact
        assert status.valid
        assert status.coverage.name == "ENTIRE_FILE"

    def test_the_signer_refuses_what_rests_on_nothing(self, town: Town) -> None:
        document = drawn(town.submit())[0]
        own = hashlib.sha256(document.content_sealed).digest()
        asked = [SealRequest(document.pk, words, bytes(32)) for words in (own, bytes(32))]
        assert judge(asked) == ["", "face_changed"]
        event = Event.objects.filter(chain_id=document.bundle_id, kind="submitted").exclude(sub_item="").first()
        forged = OfficialDocument(
            bundle=document.bundle, department=document.department, kind=Kind.GRANT, event=event, year=2026, serial=99,
            number="假号", drawn_at=document.drawn_at,
        )  # fmt: skip
        forged.seal_letter(document.letter)
        forged.save()
        assert judge([SealRequest(forged.pk, hashlib.sha256(forged.content_sealed).digest(), bytes(32))]) == [
            "no_event"
        ]


def test_everybody_who_decides_is_heard(town: Town) -> None:
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    review.accept(town.wang, town.part(bundle, "hukou"))
    review.decide(town.wang, town.part(bundle, "hukou"), "approved", "", OUTPUTS)
    advance([bundle.pk])
    grants = [one for one in drawn(bundle) if one.kind == Kind.GRANT]
    assert [one.department.code for one in grants] == ["health", "police"]
