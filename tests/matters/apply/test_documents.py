"""What is agreed to can be read before, in full, and is kept word for word with its digest."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalog.definitions import Exemption, MaterialNeed
from matters.models import Draft, FiledDocument, SubItem
from matters.submitting.submission import submit_bundle
from portal.ledger.models import AccessRecord
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import INSURE, REGISTER, VALUES, Case, build_case, draft_of, publish_settling, url

CONSENTS = ["register.check", "insure.share"]
GENERATED = "generated:register:photo"


@pytest.fixture
def case(db: None) -> Case:
    """The photo is made from the form, and a commitment may stand in for the marriage certificate."""
    case = build_case()
    materials = (
        MaterialNeed("birth_record"),
        MaterialNeed("photo", exemptions=(Exemption("generated"),)),
        MaterialNeed("marriage", reason="证明已婚", exemptions=(Exemption("commitment"),)),
    )
    case.version = publish_settling(replace(REGISTER, materials=materials), INSURE)
    return case


@pytest.fixture
def draft(case: Case) -> Draft:
    draft = draft_of(case, **VALUES)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    return draft


def document_url(draft: Draft, name: str) -> str:
    return reverse("matters:draft_document", args=[draft.pk, name])


def text_of(case: Case, address: str) -> str:
    response = logged_in(case.li).get(address, {"as": "txt"})
    assert response.status_code == 200, address
    return response.content.decode()


def commit(case: Case, draft: Draft) -> None:
    sent = {"action": "commit", "material": "marriage", "agreed": "1"}
    logged_in(case.li).post(url(draft, "materials"), sent)


class TestBefore:
    def test_the_list_names_every_document(self, case: Case, draft: Draft) -> None:
        page = page_of(logged_in(case.li).get(reverse("matters:draft_documents", args=[draft.pk])))
        for title in ("申请表", "照片", "告知承诺书：结婚证", "同意书：户口登记", "同意书：医保参保"):
            assert title in page

    def test_the_form_is_read_as_it_will_be_sent(self, case: Case, draft: Draft) -> None:
        text = text_of(case, document_url(draft, "form"))
        for said in ("孩子姓名：李小满", "您是孩子的：父亲或母亲", "a.jpg", "我确认以上填写的内容和上传的材料真实"):
            assert said in text
        assert "“户口登记”办结后填入" in text

    def test_a_paper_made_from_the_form_holds_its_own_departments_form_and_nothing_else(
        self, case: Case, draft: Draft
    ) -> None:
        text = text_of(case, document_url(draft, GENERATED))
        assert "李小满" in text
        assert "参保年度" not in text

    def test_a_commitment_is_read_in_full_before_it_is_made(self, case: Case, draft: Draft) -> None:
        page = page_of(logged_in(case.li).get(url(draft, "materials")))
        assert document_url(draft, "commitment:marriage") in page
        text = text_of(case, document_url(draft, "commitment:marriage"))
        for said in ("户口登记", "市公安局", "证明已婚", "国办发〔2020〕42号", "我承诺：“结婚证”所证明的情况属实"):
            assert said in text

    def test_it_is_a_pdf_too(self, case: Case, draft: Draft) -> None:
        response = logged_in(case.li).get(document_url(draft, "form"), {"as": "pdf"})
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")

    def test_a_name_that_it_does_not_have_is_not_found(self, case: Case, draft: Draft) -> None:
        for name in ("form:x", "generated:insure:photo", "sharing:nobody"):
            assert logged_in(case.li).get(document_url(draft, name)).status_code == 404


class TestAfter:
    def filed(self, case: Case, draft: Draft) -> dict[str, FiledDocument]:
        draft.refresh_from_db()
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        return {row.name: row for row in FiledDocument.objects.filter(bundle=bundle)}

    def test_what_was_read_before_is_what_is_kept(self, case: Case, draft: Draft) -> None:
        commit(case, draft)
        names = ("form", GENERATED, "commitment:marriage", "consent:register.check", "consent:insure.share")
        before = {name: text_of(case, document_url(draft, name)) for name in names}
        rows = self.filed(case, draft)
        assert set(rows) == set(names)  # not the consent that was left out
        for name, row in rows.items():
            assert row.document.text == before[name], name
            assert row.sha256 == hashlib.sha256(before[name].encode()).hexdigest()

    def test_a_later_wording_leaves_a_commitment_as_it_was_made(
        self, case: Case, draft: Draft, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        commit(case, draft)
        monkeypatch.setattr("matters.drafts.documents.COMMITMENT_TOLD", ("别的话",))
        assert "别的话" not in self.filed(case, draft)["commitment:marriage"].document.text

    def test_its_owner_reads_it_from_the_row(self, case: Case, draft: Draft) -> None:
        commit(case, draft)
        row = self.filed(case, draft)["form"]
        client = logged_in(case.li)
        listed = reverse("matters:bundle_documents", args=[row.bundle.number])
        address = reverse("matters:bundle_document", args=[row.bundle.number, row.pk])
        assert address in page_of(client.get(listed))
        assert row.sha256 in page_of(client.get(address))
        assert hashlib.sha256(client.get(address, {"as": "txt"}).content).hexdigest() == row.sha256
        assert client.get(address, {"as": "pdf"}).content.startswith(b"%PDF-")
        assert logged_in(case.stranger).get(address).status_code == 404

    def test_a_reviewer_reads_the_same_and_no_other_departments(self, case: Case, draft: Draft) -> None:
        commit(case, draft)
        rows = self.filed(case, draft)
        number = SubItem.objects.get(bundle=rows["form"].bundle, key="register").number
        SubItem.objects.filter(number=number).update(state="accepted")
        client = logged_in(case.wang)
        for name, status in (
            (GENERATED, 200),
            ("commitment:marriage", 200),
            ("consent:register.check", 200),
            ("consent:insure.share", 404),
            ("form", 404),
        ):
            address = reverse("matters:case_document", args=[number, rows[name].pk])
            response = client.get(address, {"as": "txt"})
            assert response.status_code == status, name
            if status == 200:
                assert response.content.decode() == rows[name].document.text
        read = AccessRecord.objects.filter(subject=rows["form"].bundle_id, reader=case.wang)
        assert [record.fields for record in read] == [["documents"]] * 3

    @pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"content_sealed": b"x"}])
    def test_the_row_stays(self, case: Case, draft: Draft, change: dict[str, Any]) -> None:
        commit(case, draft)
        row = self.filed(case, draft)["form"]
        with pytest.raises(IntegrityError), transaction.atomic():
            FiledDocument.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            FiledDocument.objects.filter(pk=row.pk).delete()
