"""待查毒: a paper that came in while the scanner was away is opened by nobody, and looked at when it is back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django import Settings as SettingsWrapper

from matters.dispatching.scanning import KIND, enqueue_pending_scans
from matters.models import Scan, SubmittedMaterial
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.files.clamd import MARK, address, clamd
from tests.matters.files.test_scanning import closed_port
from tests.matters.reviewing.test_review import approve_birth
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import Case, build_case, draft_of, url
from tests.worlds.town import Town


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Case:
    settings.YIJIAN_CLAMAV_URL = closed_port()
    return build_case()


def held(case: Case) -> tuple[Any, Any, SubmittedMaterial]:
    """A draft with a paper that the scanner has not seen."""
    draft, client = draft_of(case), logged_in(case.li)
    page = page_of(client.post(url(draft, "materials"), {"material": "birth_record", "files": _file()}, follow=True))
    assert "正在等待查毒" in page
    return draft, client, SubmittedMaterial.objects.get(draft=draft)


def _file() -> Any:
    file = ContentFile(PHOTO)
    file.name = "a.jpg"
    return file


def address_of(draft: Any, paper: SubmittedMaterial) -> str:
    return reverse("matters:material_file", args=[draft.pk, paper.pk])


class TestWhileTheScannerIsAway:
    def test_the_paper_counts_and_nobody_opens_it(self, case: Case) -> None:
        draft, client, paper = held(case)
        page = page_of(client.get(url(draft, "materials")))
        assert "待查毒，暂时打不开" in page
        assert f'"{address_of(draft, paper)}"' not in page
        refused = client.get(address_of(draft, paper))
        assert refused.status_code == 409
        assert PHOTO[:3] not in refused.content
        client.post(url(draft, "materials"), {"material": "marriage", "files": _file()})
        assert client.post(url(draft, "materials"), {"action": "next"})["Location"] == url(draft, "check")
        assert "待查毒" in page_of(client.get(url(draft, "check")))

    def test_nothing_is_enqueued(self, case: Case) -> None:
        held(case)
        assert enqueue_pending_scans() == 0

    def test_it_may_be_opened_where_the_site_is_told_so(self, case: Case, settings: SettingsWrapper) -> None:
        settings.YIJIAN_CLAMAV_FAIL_CLOSED = False
        draft, client = draft_of(case), logged_in(case.li)
        assert upload(client, draft, ("a.jpg", PHOTO)).status_code == 302
        paper = SubmittedMaterial.objects.get(draft=draft)
        assert paper.scan == Scan.PENDING
        assert client.get(address_of(draft, paper)).status_code == 200


class TestWhenTheScannerIsBack:
    def test_a_clean_paper_opens(self, case: Case, settings: SettingsWrapper) -> None:
        draft, client, paper = held(case)
        with clamd() as daemon:
            settings.YIJIAN_CLAMAV_URL = address(daemon)
            assert enqueue_pending_scans() == 1
            assert enqueue_pending_scans() == 0  # it is on its way
            process(KIND)
        paper.refresh_from_db()
        assert paper.scan == Scan.CLEAN
        assert client.get(address_of(draft, paper)).status_code == 200

    def test_a_paper_with_a_virus_counts_as_not_handed_in(self, case: Case, settings: SettingsWrapper) -> None:
        draft, client, paper = held(case)
        paper.file.storage.delete(paper.file.name)
        paper.file.storage.save(paper.file.name, ContentFile(PHOTO + MARK))
        with clamd() as daemon:
            settings.YIJIAN_CLAMAV_URL = address(daemon)
            enqueue_pending_scans()
            process(KIND)
        paper.refresh_from_db()
        assert paper.scan == Scan.INFECTED
        assert client.get(address_of(draft, paper)).status_code == 409
        refused = client.post(url(draft, "materials"), {"action": "next"})
        assert refused.status_code == 422
        page = page_of(refused)
        assert "查出病毒，已封存" in page
        assert "还没有上传这项材料" in page

    def test_one_that_goes_away_again_leaves_the_paper_waiting(self, case: Case, settings: SettingsWrapper) -> None:
        _draft, _client, paper = held(case)
        with clamd() as daemon:
            settings.YIJIAN_CLAMAV_URL = address(daemon)
            enqueue_pending_scans()
        process(KIND)
        paper.refresh_from_db()
        assert paper.scan == Scan.PENDING
        assert not OutboxMessage.objects.filter(kind=KIND, done_at=None).exists()
        with clamd() as daemon:
            settings.YIJIAN_CLAMAV_URL = address(daemon)
            assert enqueue_pending_scans() == 1


def test_officers_read_what_is_so_and_the_history_keeps_it(town: Town, settings: SettingsWrapper) -> None:
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    case, officer = f"/review/cases/{town.part(bundle, 'hukou').number}/", logged_in(town.wang)
    paper = SubmittedMaterial.objects.get(bundle=bundle, material="household_book")
    file = f"{case}materials/{paper.pk}/"
    assert officer.get(file).status_code == 200
    SubmittedMaterial.objects.filter(pk=paper.pk).update(scan=Scan.PENDING)
    page = page_of(officer.get(case))
    assert "待查毒，暂时打不开" in page
    assert file not in page
    assert officer.get(file).status_code == 409
    paper.file.storage.delete(paper.file.name)
    paper.file.storage.save(paper.file.name, ContentFile(PHOTO + MARK))
    with clamd() as daemon:
        settings.YIJIAN_CLAMAV_URL = address(daemon)
        enqueue_pending_scans()
        process(KIND)
    assert "查出病毒，已封存，打不开" in page_of(officer.get(case))
    assert officer.get(file).status_code == 409
    event = Event.objects.filter(chain_id=bundle.pk, kind="virus_found").get()
    assert event.data["material"] == "household_book"
