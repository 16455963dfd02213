"""Submitting: everything at once, once, or nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matters.calendars import official_calendar
from matters.cases.sealed_form import open_bundle_form
from matters.core.clocks import add_working_days, official_date
from matters.core.numbering import is_number
from matters.drafts.saving import AlreadySubmitted, DraftGone, save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Bundle, Draft, SubItem, SubmittedMaterial
from matters.submitting.submission import DraftChanged, MaterialsMissing, SubmissionInvalid, submit_bundle
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.worlds.town import VALUES, Town, build_town, picture


def _draft(town: Town, *, with_paper: bool = True, **values: object) -> Draft:
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    save_values(draft, {**VALUES, **values}, seen=draft.revision)  # type: ignore[arg-type]
    if with_paper:
        take_upload(draft, "household_book", picture(), accept=("image/png",))
    return draft


@pytest.mark.django_db
class TestOnce:
    def test_it_writes_the_bundle_with_everything_that_belongs_to_it(self, town: Town) -> None:
        draft = _draft(town)
        bundle = submit_bundle(draft=draft, by=town.li)
        assert is_number(bundle.number)
        parts = list(bundle.sub_items.order_by("number"))
        assert [part.key for part in parts] == ["birth_cert", "hukou", "medical_ins"]
        assert all(is_number(part.number) and part.number.startswith(bundle.number) for part in parts)
        assert {part.state for part in parts} == {"waiting"}
        assert [part.after for part in parts] == [[], ["birth_cert"], ["hukou"]]
        assert [part.department.code for part in parts] == ["health", "police", "insurance"]
        assert OutboxMessage.objects.get(kind="fan_out", subject=str(bundle.pk)).payload == {"bundle": str(bundle.pk)}
        assert bundle.materials.get().material == "household_book"
        draft.refresh_from_db()
        assert draft.submitted_at is not None
        assert draft.form_sealed is None

    def test_the_bundle_it_returns_is_the_one_in_the_database(self, town: Town) -> None:
        bundle = submit_bundle(draft=_draft(town), by=town.li)
        stored = Bundle.objects.get(pk=bundle.pk)
        for name in [field.attname for field in Bundle._meta.concrete_fields if field.name != "form_sealed"]:
            assert getattr(stored, name) == getattr(bundle, name), name
        assert open_bundle_form(stored).values["child:person.name"] == "李小满"

    def test_it_begins_the_history(self, town: Town) -> None:
        bundle = submit_bundle(draft=_draft(town), by=town.li)
        events = Event.objects.filter(chain_id=bundle.pk).order_by("sequence")
        assert [(event.kind, event.sub_item) for event in events] == [
            ("submitted", ""),
            ("submitted", "birth_cert"),
            ("submitted", "hukou"),
            ("submitted", "medical_ins"),
        ]
        assert verify_chain(bundle.pk) == []

    def test_the_promised_day_is_the_longest_path_in_working_days(self, town: Town) -> None:
        bundle = submit_bundle(draft=_draft(town), by=town.li)
        due = add_working_days(official_date(bundle.submitted_at), 1 + 5 + 3, official_calendar())
        assert bundle.promised_on == due.date

    def test_the_same_draft_again_gives_the_same_bundle(self, town: Town) -> None:
        draft = _draft(town)
        first = submit_bundle(draft=draft, by=town.li)
        assert submit_bundle(draft=draft, by=town.li) == first
        assert submit_bundle(draft=Draft.objects.get(pk=draft.pk), by=town.li) == first
        assert Bundle.objects.count() == 1
        assert OutboxMessage.objects.filter(kind="fan_out").count() == 1

    def test_it_takes_one_transaction_of_few_statements(self, town: Town) -> None:
        draft = _draft(town)
        submit_bundle(draft=_draft(town), by=town.li)  # plan compiled
        with CaptureQueriesContext(connection) as queries:
            submit_bundle(draft=draft, by=town.li)
        statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(statements) == 3

    def test_two_drafts_are_two_bundles_with_numbers_of_their_own(self, town: Town) -> None:
        first = submit_bundle(draft=_draft(town), by=town.li)
        second = submit_bundle(draft=_draft(town), by=town.li)
        assert first.number < second.number


@pytest.mark.django_db
class TestRefusals:
    def _nothing_happened(self) -> None:
        assert not Bundle.objects.exists()
        assert not SubItem.objects.exists()
        assert not OutboxMessage.objects.exists()
        assert not Event.objects.filter(kind="submitted").exists()
        assert not Draft.objects.filter(submitted_at__isnull=False).exists()
        assert not SubmittedMaterial.objects.filter(bundle__isnull=False).exists()

    def test_it_names_every_field_that_is_missing_or_wrong(self, town: Town) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        draft = _draft(town, **{"child:person.name": "", "child:person.birth_date": tomorrow.isoformat()})
        with pytest.raises(SubmissionInvalid) as refusal:
            submit_bundle(draft=draft, by=town.li)
        assert {problem.field for problem in refusal.value.problems} == {"child:person.name", "child:person.birth_date"}
        self._nothing_happened()

    def test_it_names_the_papers_that_are_missing(self, town: Town) -> None:
        with pytest.raises(MaterialsMissing) as refusal:
            submit_bundle(draft=_draft(town, with_paper=False), by=town.li)
        assert refusal.value.codes == ["household_book"]
        assert "户口簿" in str(refusal.value)
        self._nothing_happened()

    def test_a_replaced_paper_does_not_count(self, town: Town) -> None:
        draft = _draft(town)
        SubmittedMaterial.objects.update(replaced_at=timezone.now())
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=town.li)

    def test_it_refuses_what_was_changed_after_it_was_confirmed(self, town: Town) -> None:
        draft = _draft(town)
        with pytest.raises(DraftChanged):
            submit_bundle(draft=draft, by=town.li, confirmed_revision=draft.revision - 1)
        self._nothing_happened()

    def test_it_refuses_a_draft_that_was_discarded(self, town: Town) -> None:
        draft = _draft(town, with_paper=False)
        Draft.objects.filter(pk=draft.pk).delete()
        with pytest.raises(DraftGone):
            submit_bundle(draft=draft, by=town.li)

    def test_a_submitted_draft_is_not_saved_any_more(self, town: Town) -> None:
        draft = _draft(town)
        stale = Draft.objects.get(pk=draft.pk)
        submit_bundle(draft=draft, by=town.li)
        with pytest.raises(AlreadySubmitted):
            save_values(stale, {"child:person.name": "李大满"}, seen=stale.revision)

    def test_a_failure_afterwards_in_the_transaction_leaves_nothing(self, town: Town) -> None:
        draft = _draft(town)
        with transaction.atomic():
            submit_bundle(draft=draft, by=town.li)
            transaction.set_rollback(True)
        self._nothing_happened()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_five_parallel_submits_of_one_draft_are_one_bundle() -> None:
    town = build_town()
    draft = _draft(town)
    barrier = threading.Barrier(5)
    numbers: list[str] = []
    failures: list[BaseException] = []

    def submit() -> None:
        try:
            mine = Draft.objects.get(pk=draft.pk)
            barrier.wait()
            numbers.append(submit_bundle(draft=mine, by=town.li).number)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=submit) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(numbers) == 5
    assert len(set(numbers)) == 1
    assert Bundle.objects.count() == 1
    assert SubItem.objects.count() == 3
    assert OutboxMessage.objects.filter(kind="fan_out").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_saving_and_submitting_at_once_lose_nothing_that_was_saved() -> None:
    town = build_town()
    for _round in range(5):
        draft = _draft(town)
        barrier = threading.Barrier(2)
        saved: list[bool] = []

        def save(mine: Draft, start: threading.Barrier = barrier, result: list[bool] = saved) -> None:
            start.wait()
            try:
                save_values(mine, {"child:insurance.note": "后改的"}, seen=mine.revision)
                result.append(True)
            except AlreadySubmitted:
                result.append(False)
            finally:
                connections.close_all()

        thread = threading.Thread(target=save, args=[Draft.objects.get(pk=draft.pk)])
        thread.start()
        barrier.wait()
        bundle = submit_bundle(draft=draft, by=town.li)
        thread.join()
        noted = open_bundle_form(Bundle.objects.get(pk=bundle.pk)).values["child:insurance.note"]
        assert (noted == "后改的") == saved[0]


@pytest.mark.django_db
def test_a_submit_over_http_takes_at_most_twelve_statements(town: Town, client: Client) -> None:
    client.force_login(town.li, backend="portal.accounts.backends.AccountBackend")
    submit_bundle(draft=_draft(town), by=town.li)  # plan compiled
    draft = _draft(town)
    form = {"submission_key": str(draft.submission_key), "revision": draft.revision, "truth": "1"}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse("matters:submit", args=[draft.pk]), form)
    assert answer.status_code == 302
    assert Bundle.objects.count() == 2
    assert len(queries) <= 12
