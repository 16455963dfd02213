"""What has outlived its term goes, in batches and by class; nothing that is under a hold, and nothing that proves the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from matters.drafts.discarding import discard
from matters.drafts.keeping import UnderHold, held_values
from matters.drafts.prefilling import fill_nothing
from matters.drafts.saving import read_form, save_values
from matters.integrity.checking import check_integrity
from matters.models import Bundle, Draft, HeldValues, SubItem, SubmittedMaterial
from matters.reviewing.withdrawal import withdraw_with_followers
from matters.submitting.submission import submit_bundle
from portal.accounts.models import FileExport, User
from portal.accounts.own_file.exports import ask_for_export
from portal.ledger.models import AccessRecord, Event
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from portal.retention import pruning
from portal.retention.holds import lift_hold, place_hold
from portal.retention.models import LegalHold, PruningRun
from portal.retention.pruning import prune, prune_daily, ripe_counts
from portal.sharing.models import Fetch, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.files import upload_corpus as corpus
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of, url
from tests.worlds.sources import ADAPTERS, Listed, open_source
from tests.worlds.town import advance

LATER = timedelta(days=200)
YEARS = timedelta(days=4000)


@pytest.fixture
def case(db: None, settings: Any) -> Any:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    Listed.records = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}
    case = build_case()
    from catalog.models import Department, Material

    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    Material.objects.get_or_create(code="marriage", defaults={"name": "结婚证"})
    open_source(civil, "marriage", items=("register",))
    yield case
    Listed.forget()


@pytest.fixture
def draft(case: Case) -> Draft:
    """A draft with one paper, and a certificate that a source has found."""
    draft = draft_of(case, **VALUES)
    client = logged_in(case.li)
    upload(client, draft, ("a.jpg", PHOTO))
    client.post(url(draft, "materials"), {"action": "agree-all"})
    process("fetch")
    return draft


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("keeper", password="x")


def concluded(case: Case, draft: Draft) -> Bundle:
    """File it and take it back: the shortest way to an application that is concluded."""
    bundle: Bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    advance([bundle.pk])
    withdraw_with_followers(case.li, bundle, None)
    for _time in range(3):
        process("fan_out")
        process("notify")
    bundle.refresh_from_db()
    assert bundle.concluded_at is not None
    return bundle


class TestDrafts:
    def test_one_that_nobody_touched_goes_with_its_papers(self, case: Case, draft: Draft, commit: Any) -> None:
        paper = SubmittedMaterial.objects.get()
        prune()
        assert Draft.objects.count() == 1
        with commit():
            prune(now=timezone.now() + LATER)
        assert not Draft.objects.exists()
        assert not default_storage.exists(str(paper.file.name))
        assert SharingConsent.objects.get().withdrawn_at is not None

    def test_one_under_a_hold_stays_and_nobody_discards_it(self, case: Case, draft: Draft, admin: User) -> None:
        hold = place_hold(admin, "行政诉讼", person=case.li_person)
        prune(now=timezone.now() + LATER)
        assert Draft.objects.count() == 1
        with pytest.raises(UnderHold):
            discard(draft)
        answer = logged_in(case.li).post(url(draft, "discard"), follow=True)
        assert "依法需要保存，现在不能删除" in answer.content.decode()
        lift_hold(hold, admin, "已结案")
        discard(draft)

    def test_papers_of_no_use_at_submission_stay_until_the_hold_is_lifted(
        self, case: Case, draft: Draft, admin: User
    ) -> None:
        upload(logged_in(case.li), draft, ("b.jpg", corpus.png()), material="marriage")
        Draft.objects.filter(pk=draft.pk).update(answers={**draft.answers, "married": "no", "follows": "mother"})
        hold = place_hold(admin, "行政诉讼", person=case.li_person)
        draft.refresh_from_db()
        submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        left = SubmittedMaterial.objects.get(draft=draft)
        assert (left.material, default_storage.exists(str(left.file.name))) == ("marriage", True)
        prune(now=timezone.now() + LATER)
        assert SubmittedMaterial.objects.filter(pk=left.pk).exists()
        assert "material_left_behind" not in {each.code for each in check_integrity(with_files=False).breaches}
        lift_hold(hold, admin, "已结案")
        prune(now=timezone.now() + LATER)
        assert not SubmittedMaterial.objects.filter(pk=left.pk).exists()

    def test_under_a_hold_nothing_of_it_is_destroyed_bit_by_bit(self, case: Case, draft: Draft, admin: User) -> None:
        hold = place_hold(admin, "行政诉讼", person=case.li_person)
        client, paper = logged_in(case.li), SubmittedMaterial.objects.get()
        file, remove = str(paper.file.name), reverse("matters:material_remove", args=[draft.pk, paper.pk])
        page = client.post(remove, follow=True)
        assert "依法需要保存" in page.content.decode()
        answer = upload(client, draft, ("b.jpg", corpus.png()), material=paper.material, replaces=str(paper.pk))
        assert "依法需要保存" in answer.content.decode()
        assert list(SubmittedMaterial.objects.all()) == [paper]
        assert default_storage.exists(file)
        # What would empty a field stays, the rest of what was sent is saved.
        before = read_form(draft).values
        key, other = [name for name, value in before.items() if value][:2]
        with pytest.raises(UnderHold):
            save_values(draft, {key: "", other: before[other] + "改"}, seen=draft.revision)
        draft.refresh_from_db()
        after = read_form(draft).values
        assert (after[key], after[other]) == (before[key], before[other] + "改")
        # What was written over is kept beside what was written, however often.
        first, revision = before[other], draft.revision
        save_values(draft, {other: first + "再改"}, seen=draft.revision)
        kept = [(revision, {other: first}), (draft.revision, {other: first + "改"})]
        assert held_values(draft) == kept
        assert first.encode() not in bytes(HeldValues.objects.earliest("pk").values_sealed)
        prune(now=timezone.now() + LATER)
        assert held_values(draft) == kept
        with pytest.raises(UnderHold):
            fill_nothing(draft)
        lift_hold(hold, admin, "已结案")
        prune()
        assert held_values(draft) == []
        save_values(draft, {key: ""}, seen=draft.revision)
        assert held_values(draft) == []
        assert not read_form(draft).values[key]
        logged_in(case.li).post(remove)  # the sessions of before were pruned as well
        assert not SubmittedMaterial.objects.exists()


class TestAnswers:
    def test_one_that_nothing_was_filed_on_is_forgotten(self, case: Case, draft: Draft) -> None:
        discard(draft)
        fetch = Fetch.objects.get()
        prune(now=timezone.now() + timedelta(days=31))
        fetch.refresh_from_db()
        assert (fetch.answer_sealed, fetch.found) == (None, fetch.found)
        assert fetch.forgotten_at is not None
        assert fetch.answer == {}

    def test_one_that_something_was_filed_on_stays(self, case: Case, draft: Draft) -> None:
        concluded(case, draft)
        prune(now=timezone.now() + YEARS)
        assert Fetch.objects.get().answer_sealed is not None

    def test_the_database_forgets_none_under_a_consent_in_force(self, case: Case, draft: Draft) -> None:
        for change in ({"answer_sealed": None, "forgotten_at": timezone.now()}, {"milliseconds": 1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Fetch.objects.update(**change)


class TestConcluded:
    def test_its_files_go_and_everything_that_proves_it_stays(self, case: Case, draft: Draft, commit: Any) -> None:
        bundle = concluded(case, draft)
        paper = SubmittedMaterial.objects.get()
        events = Event.objects.count()
        with commit():
            prune(now=timezone.now() + YEARS)
        paper.refresh_from_db()
        assert paper.forgotten_at is not None
        assert not default_storage.exists(str(paper.file.name))
        assert Event.objects.count() == events
        page = logged_in(case.li).get(f"/bundles/{bundle.number}/").content.decode()
        assert "保存期限已满，文件已销毁" in page
        told = logged_in(case.li).get(reverse("matters:bundle_paper", args=[bundle.number, paper.pk]))
        assert (told.status_code, "文件已销毁" in told.content.decode()) == (409, True)
        assert not OutboxMessage.objects.filter(done_at__isnull=False).exists()
        assert check_integrity().breaches == []

    def test_a_hold_on_the_application_keeps_them(self, case: Case, draft: Draft, admin: User) -> None:
        bundle = concluded(case, draft)
        place_hold(admin, "复议", case=(bundle.pk, bundle.number))
        prune(now=timezone.now() + YEARS)
        assert SubmittedMaterial.objects.get().forgotten_at is None

    def test_jobs_of_what_goes_on_stay(self, case: Case, draft: Draft) -> None:
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        process("fan_out")
        prune(now=timezone.now() + YEARS)
        assert bundle.concluded_at is None
        assert OutboxMessage.objects.filter(kind="fan_out", done_at__isnull=False).exists()
        assert SubItem.objects.exclude(state="waiting").exists()
        assert check_integrity(with_files=False).breaches == []


def test_copies_and_sessions_go_and_readings_never(case: Case, draft: Draft) -> None:
    ask_for_export(case.li_person, case.li)
    process("export_file")
    before = AccessRecord.objects.count()
    prune(now=timezone.now() + timedelta(days=30))
    assert FileExport.objects.get().content_sealed is None
    assert not Session.objects.exists()
    assert AccessRecord.objects.count() == before


def test_a_dry_run_counts_and_changes_nothing(case: Case, draft: Draft) -> None:
    Draft.objects.update(saved_at=timezone.now() - LATER)
    out = StringIO()
    call_command("prune", "--dry-run", stdout=out)
    told = {line.split()[0]: line.split()[1] for line in out.getvalue().splitlines() if "legal" not in line}
    assert told["drafts"] == "1"
    assert Draft.objects.count() == 1
    assert not PruningRun.objects.exists()
    call_command("prune", stdout=out)
    assert PruningRun.objects.get().counts["drafts"] == 1
    assert ripe_counts()["drafts"] == 0


def test_it_runs_once_a_day_in_bounded_steps(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 1)
    monkeypatch.setattr(pruning, "BATCHES", 1)
    for _time in range(2):
        draft_of(case, **VALUES)
    Draft.objects.update(saved_at=timezone.now() - LATER)
    for _time in range(2):
        prune_daily()
    assert OutboxMessage.objects.filter(kind="prune").count() == 1
    done, _more = process("prune")
    assert done >= 2
    assert not Draft.objects.exists()
    run = PruningRun.objects.get()
    assert (run.counts["drafts"], run.ended_at is not None) == (2, True)
    prune_daily()
    assert OutboxMessage.objects.filter(kind="prune", done_at=None).count() == 0


class TestHolds:
    def test_only_who_has_the_right_places_and_lifts(self, case: Case, admin: User) -> None:
        with pytest.raises(PermissionDenied):
            place_hold(case.wang, "想留", person=case.li_person)
        hold = place_hold(admin, "诉讼", person=case.li_person)
        with pytest.raises(PermissionDenied):
            lift_hold(hold, case.wang, "不想留")
        lift_hold(hold, admin, "已结案")
        kinds = Event.objects.filter(chain_id=hold.pk).order_by("sequence").values_list("kind", flat=True)
        assert list(kinds) == ["hold_placed", "hold_lifted"]

    def test_the_database_keeps_it_as_it_was(self, case: Case, admin: User) -> None:
        hold = place_hold(admin, "诉讼", person=case.li_person)
        for change in (
            lambda: LegalHold.objects.update(subject="别的"),
            lambda: LegalHold.objects.all().delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        lift_hold(hold, admin, "已结案")
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalHold.objects.update(lifted_at=None, lifted_by=None)

    def test_the_console_places_one_by_number(self, case: Case, admin: User) -> None:
        client = logged_in(admin)
        add = "/admin/retention/legalhold/add/"
        assert "没有这个编号" in client.post(add, {"number": "360103200001010000", "reason": "诉讼"}).content.decode()
        answer = client.post(add, {"number": LI.number, "reason": "诉讼"})
        assert answer.status_code == 302, answer.content.decode()
        hold = LegalHold.objects.get()
        assert (hold.person, hold.reason) == (case.li_person, "诉讼")
        client.post(f"/admin/retention/legalhold/{hold.pk}/change/", {"lifted_why": "已结案"})
        hold.refresh_from_db()
        assert (hold.lifted_by, hold.lifted_why) == (admin, "已结案")


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_is_being_placed_is_waited_for(case: Case, admin: User) -> None:
    """Either the draft went before the hold was there, or it is under it: never half."""
    draft_of(case, **VALUES)
    Draft.objects.update(saved_at=timezone.now() - LATER)
    placed, may_end = threading.Event(), threading.Event()

    def place() -> None:
        with transaction.atomic():
            place_hold(admin, "诉讼", person=case.li_person)
            placed.set()
            may_end.wait(10)
        connection.close()

    def go() -> None:
        placed.wait(10)
        prune()
        connection.close()

    threads = [threading.Thread(target=each) for each in (place, go)]
    for thread in threads:
        thread.start()
    placed.wait(10)
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert Draft.objects.count() == 1


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    return lambda: django_capture_on_commit_callbacks(execute=True)
