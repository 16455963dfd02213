"""Whatever people agree to, take back and change, and however sources fail: nothing is asked, spared or read without its row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department
from catalog.wording.translating import translator_for
from matters.cases.department_view import read_case
from matters.drafts.inquiring import SheetLine, agree, have_asked, sheet_of, withdraw
from matters.drafts.late_asking import ask_again
from matters.drafts.satisfying import substitutes_for
from matters.drafts.saving import plan_of, read_form
from matters.models import Bundle, Draft, MaterialSatisfaction
from matters.submitting.submission import MaterialsMissing, submit_bundle
from matters.views.apply_steps import today
from portal.outbox.enqueueing import Job, enqueue_again
from portal.outbox.processing import process
from portal.sharing.models import DataSource, Fetch, Grant, SharingConsent
from tests.matters.apply.test_apply_materials import upload
from tests.matters.apply.test_earlier_uploads import OWN, begin, file_one, grant, older, press, publish_serving
from tests.matters.files import upload_corpus as corpus
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of
from tests.worlds.sources import ADAPTERS, Listed, allow_by_law, open_source

HELD = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}
STEPS = st.sampled_from(
    [
        "agree",
        "withdraw",
        "ask",
        "found",
        "not_found",
        "away",
        "refused",
        "unreadable",
        "close",
        "open",
        "by law",
        "end",
    ]
)


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    open_source(civil, "marriage", items=("register",))
    yield case
    Listed.forget()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=9))
def test_no_row_no_exemption(case: Case, steps: list[str]) -> None:
    with transaction.atomic():
        draft = draft_of(case, **VALUES)
        upload(logged_in(case.li), draft, ("a.jpg", corpus.jpeg()))
        Listed.forget()
        is_agreed = False
        for step in steps:
            is_agreed = _do(step, case, draft, is_agreed)
            _check(draft)
        _submit(case, draft)
        transaction.set_rollback(True)


CHOICES = st.sampled_from(["take", "give back", "expire", "renew", "overturn", "grant", "infect", "clean"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(CHOICES, min_size=1, max_size=8))
def test_no_earlier_upload_serves_without_its_row(serving: tuple[Case, Bundle, Draft], steps: list[str]) -> None:
    case, earlier, draft = serving
    with transaction.atomic():
        draft = Draft.objects.get(pk=draft.pk)
        held = {"in time": True, "granted": True, "clean": True, "taken": False}
        for step in steps:
            _choose(step, case, earlier, draft, held)
            plan, document = plan_of(draft), read_form(draft)
            papers = plan.materials_for(document.values)
            found = substitutes_for(
                draft.submission_key, draft.applicant, plan, papers, document, document.values, today()
            )
            assert list(found) == ([OWN] if all(held.values()) else [])
        try:
            bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        except MaterialsMissing:
            assert not all(held.values())
        else:
            assert all(held.values())
            row = MaterialSatisfaction.objects.get(bundle=bundle)
            assert (row.earlier_part.bundle, row.material) == (earlier, OWN)  # type: ignore[union-attr]
        transaction.set_rollback(True)


@pytest.fixture
def serving(db: None) -> tuple[Case, Bundle, Draft]:
    case = build_case()
    case.version = publish_serving()
    return case, file_one(case), begin(case)


def _choose(step: str, case: Case, earlier: Bundle, draft: Draft, held: dict[str, bool]) -> None:
    """Do one step, and note what it makes of what an earlier upload must have to serve."""
    if step == "take":
        held["taken"] = (
            "免交" in press(case, draft, f"reuse:{earlier.sub_items.get(key='register').number}") or held["taken"]
        )
    elif step == "give back":
        press(case, draft, "reuse")
        held["taken"] = False
    elif step in ("expire", "renew"):
        older(earlier, 0 if step == "renew" else 181)
        held["in time"] = step == "renew"
    elif step in ("overturn", "grant"):
        grant(earlier, state="approved" if step == "grant" else "rejected")
        held["granted"] = step == "grant"
    else:
        earlier.materials.update(scan="clean" if step == "clean" else "infected")
        held["clean"] = step == "clean"
    draft.refresh_from_db()


@pytest.mark.parametrize(
    ("records", "said", "is_otherwise"),
    [(HELD, "市民政局也查到了这份材料", False), ({}, "市民政局没有查到这份材料", True)],
)
def test_what_a_source_says_late_is_laid_beside_the_upload(
    case: Case, records: dict[str, Any], said: str, is_otherwise: bool
) -> None:
    draft = draft_of(case, **VALUES)
    for paper in ("birth_record", "marriage"):
        upload(logged_in(case.li), draft, ("a.jpg", corpus.jpeg()), material=paper)
    Listed.records = records
    agree(draft, _sheet(draft), case.li)
    have_asked(draft, _sheet(draft))
    process("fetch")
    draft.refresh_from_db()
    bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    assert not MaterialSatisfaction.objects.filter(bundle=bundle).exists()
    part = bundle.sub_items.get(key="register")
    paper = next(each for each in read_case(part).papers if each.key == "marriage")
    assert paper.files
    assert paper.beside is not None
    assert (said in paper.beside.sentence, paper.beside.is_otherwise) == (True, is_otherwise)
    process("fan_out")
    assert said in page_of(logged_in(case.wang).get(f"/review/cases/{part.number}/"))
    withdraw(draft, _sheet(draft))
    assert [each.beside for each in read_case(part).papers if each.beside] == []


class TestAfterSubmission:
    """Who had not answered when it was submitted is asked about what was handed in, as long as consent holds and nothing is decided."""

    @pytest.fixture
    def bundle(self, case: Case) -> tuple[Draft, Bundle]:
        draft = draft_of(case, **VALUES)
        for paper in ("birth_record", "marriage"):
            upload(logged_in(case.li), draft, ("a.jpg", corpus.jpeg()), material=paper)
        agree(draft, _sheet(draft), case.li)
        draft.refresh_from_db()
        return draft, submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])

    def sentences(self, bundle: Bundle) -> list[str]:
        part = bundle.sub_items.get(key="register")
        return [each.beside.sentence for each in read_case(part).papers if each.beside]

    def test_what_was_waited_for_is_laid_beside_the_upload(self, case: Case, bundle: tuple[Draft, Bundle]) -> None:
        Listed.records = HELD
        process("fetch")
        assert Fetch.objects.get().asked == ["material:marriage"]
        assert "市民政局也查到了这份材料" in self.sentences(bundle[1])[0]
        process("fetch")
        assert len(Listed.asked) == 1

    def test_nothing_is_asked_after_a_withdrawal_or_a_decision(self, case: Case, bundle: tuple[Draft, Bundle]) -> None:
        draft, filed = bundle
        filed.sub_items.filter(key="register").update(state="rejected", concluded_at=timezone.now())
        process("fetch")
        assert not Listed.asked
        filed.sub_items.filter(key="register").update(state="queued", concluded_at=None)
        SharingConsent.objects.update(withdrawn_at=timezone.now())
        enqueue_again([Job("fetch", f"{draft.pk}:{DataSource.objects.get().code}", {"draft": str(draft.pk)})])
        process("fetch")
        assert not Listed.asked
        assert self.sentences(filed) == []

    def test_who_did_not_answer_is_asked_again_for_a_day(self, case: Case, bundle: tuple[Draft, Bundle]) -> None:
        Listed.says = "away"
        process("fetch")
        assert ask_again() == 0
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            assert ask_again() == 1
            Listed.says, Listed.records = "", HELD
            process("fetch")
            assert "也查到了" in self.sentences(bundle[1])[0]
        with time_machine.travel(timezone.now() + timedelta(hours=4)):
            assert ask_again() == 0


def _do(step: str, case: Case, draft: Draft, is_agreed: bool) -> bool:
    """Do one step and return whether a consent is in force."""
    lines = _sheet(draft)
    if step == "agree":
        return bool(agree(draft, [line for line in lines if line.consent is None], case.li)) or is_agreed
    if step == "withdraw":
        withdraw(draft, lines)
        return False
    if step == "ask":
        have_asked(draft, lines)
        before = len(Listed.asked)
        process("fetch")
        # With neither consent nor a ground nobody is asked.
        assert is_agreed or Grant.objects.exclude(legal_ground="").exists() or len(Listed.asked) == before
    elif step == "by law":
        allow_by_law(DataSource.objects.get())
    elif step == "end":  # the owner's desk; and gives it anew, with consent only
        Grant.objects.update(legal_ground="", decided_by=None, decided_at=timezone.now())
    elif step in ("close", "open"):
        DataSource.objects.update(is_open=step == "open")
    else:
        Listed.says, Listed.records = ("", HELD) if step == "found" else (step, {})
    return is_agreed and SharingConsent.objects.filter(withdrawn_at=None).exists()


def _check(draft: Draft) -> None:
    plan, document = plan_of(draft), read_form(draft)
    papers = plan.materials_for(document.values)
    found = substitutes_for(draft.submission_key, draft.applicant, plan, papers, document, document.values, today())
    for key, substitute in found.items():
        fetch = substitute.fetch
        assert fetch is not None
        assert fetch.is_in_force
        assert (fetch.consent is None) is bool(fetch.ground)
        assert fetch.consent is None or fetch.consent.withdrawn_at is None
        assert fetch.grant is None or fetch.grant.legal_ground == fetch.ground
        assert f"material:{key}" in fetch.found
        assert Fetch.objects.filter(pk=fetch.pk, case=draft.submission_key).exists()
    assert len(Listed.asked) == Fetch.objects.count()  # every question left its row


def _submit(case: Case, draft: Draft) -> None:
    try:
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    except MaterialsMissing:
        return
    rows = MaterialSatisfaction.objects.filter(bundle=bundle)
    assert [row.material for row in rows] == ["marriage"]
    for part in bundle.sub_items.all():
        told = [paper.key for paper in read_case(part).papers if paper.told or paper.exemption]
        assert told == (
            ["marriage"] if part.key == "register" else []
        )  # what an item does not ask for, it does not read


def _sheet(draft: Draft) -> list[SheetLine]:
    return sheet_of(draft, plan_of(draft), read_form(draft), translator_for(draft.matter_version_id))
