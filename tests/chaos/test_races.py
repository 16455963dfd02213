"""Two, or eight, at the same moment, two hundred times: real threads, real rows, and at the end one legal order of events.

``YIJIAN_RACE_ROUNDS`` makes it fewer. The races that ``tests/matters/reviewing/test_review_races.py`` runs a few times in every run of
the tests are run here as often as the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from catalog.versions.matters import compiled, current_version
from certificates.activities.issuing import issue_certificate
from certificates.activities.status import StatusChangeRefused, change_status
from certificates.core.verification import may_change
from certificates.models import Certificate, CertificateType, StatusChange
from matters.core.states import State
from matters.drafts.saving import discard, read_form, save_values, start_draft
from matters.drafts.uploads import current_materials, remove_upload, take_upload
from matters.integrity import check_integrity
from matters.models import Bundle, Decision, Draft, ReviewTask, SubItem, SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.holding import release_stale_claims
from matters.reviewing.withdrawal import withdraw
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import NotAllowed, Refusal
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.matters.reviewing import test_review_races
from tests.matters.reviewing.test_review_races import (
    accepted,
    approve,
    check_one_history,
    claim,
    committed_town,
    correct,
    one_wins,
    race,
    withdrawal,
)
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, VALUES, Town, advance, picture

__all__ = ["committed_town"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("YIJIAN_RACE_ROUNDS", "200"))
SHORT = [name for name in dir(test_review_races) if name.startswith("test_")]


@pytest.fixture
def town(committed_town: Town) -> Iterator[Town]:
    """The town; whatever was raced in it, the database is whole afterwards."""
    yield committed_town
    assert check_integrity(with_files=False).breaches == []


def draft_of(town: Town, *, with_paper: bool = True) -> Draft:
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    save_values(draft, VALUES, seen=draft.revision)
    if with_paper:
        take_upload(draft, "household_book", picture(), accept=("image/png",))
    return draft


def read_anew(draft: Draft) -> Draft:
    """Return the draft as another window has it."""
    return Draft.objects.get(pk=draft.pk)


def refusals(results: list[Any]) -> list[Refusal]:
    return [each for each in results if isinstance(each, Refusal)]


def told(act: Callable[[], Any]) -> Callable[[], Any]:
    """Return the act with the refusals of other floors as values, so that a race counts them."""

    def run() -> Any:
        try:
            return act()
        except (StatusChangeRefused, Http404) as refused:
            return refused.__class__.__name__

    return run


@pytest.mark.parametrize("name", SHORT)
def test_the_short_races_run_long(town: Town, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_review_races, "ROUNDS", ROUNDS)
    getattr(test_review_races, name)(town)


# Before the submission


def test_one_draft_submitted_in_eight_windows_is_one_bundle(town: Town) -> None:
    for number in range(1, ROUNDS + 1):
        windows = [read_anew(draft) for draft in [draft_of(town)] * 8]
        results = race(*(lambda mine=mine: submit_bundle(draft=mine, by=town.li) for mine in windows))  # type: ignore[misc]
        assert len({bundle.number for bundle in results}) == 1
        assert (Bundle.objects.count(), SubItem.objects.count()) == (number, 3 * number)
        assert OutboxMessage.objects.filter(kind="fan_out").count() == number


def test_drafts_submitted_together_have_numbers_of_their_own(town: Town) -> None:
    for number in range(1, ROUNDS // 8 + 2):
        drafts = [draft_of(town) for _ in range(8)]
        race(*(lambda mine=mine: submit_bundle(draft=mine, by=town.li) for mine in drafts))  # type: ignore[misc]
        assert Bundle.objects.values("number").distinct().count() == 8 * number
        assert SubItem.objects.values("number").distinct().count() == 24 * number


def test_a_save_and_a_submission_lose_nothing(town: Town) -> None:
    from matters.cases.sealed_form import open_bundle_form

    for _ in range(ROUNDS):
        draft = draft_of(town)
        saving, submitting = read_anew(draft), read_anew(draft)
        saved, bundle = race(
            lambda mine=saving: save_values(mine, {"child:insurance.note": "后改的"}, seen=mine.revision),  # type: ignore[misc]
            lambda mine=submitting: submit_bundle(draft=mine, by=town.li),  # type: ignore[misc]
        )
        assert isinstance(bundle, Bundle)
        noted = open_bundle_form(Bundle.objects.get(pk=bundle.pk)).values["child:insurance.note"]
        assert (noted == "后改的") == (not isinstance(saved, Refusal))


def test_an_upload_and_a_submission_lose_no_paper(town: Town) -> None:
    for _ in range(ROUNDS):
        draft = draft_of(town)
        uploading, submitting = read_anew(draft), read_anew(draft)
        taken, bundle = race(
            lambda mine=uploading: take_upload(
                mine, "marriage_certificate", picture(colour="red"), accept=("image/png",)
            ),  # type: ignore[misc]
            lambda mine=submitting: submit_bundle(draft=mine, by=town.li),  # type: ignore[misc]
        )
        papers = SubmittedMaterial.objects.filter(bundle=bundle)
        assert papers.count() == (1 if isinstance(taken, Refusal) else 2)
        assert not SubmittedMaterial.objects.filter(draft=draft, bundle=None).exists()


def test_a_removal_and_a_submission_agree_about_the_paper(town: Town) -> None:
    for _ in range(ROUNDS):
        draft = draft_of(town)
        paper = current_materials(draft).get()
        removing, submitting = read_anew(draft), read_anew(draft)
        removed, bundle = race(
            lambda mine=removing, paper=paper: remove_upload(mine, paper),  # type: ignore[misc]
            lambda mine=submitting: submit_bundle(draft=mine, by=town.li),  # type: ignore[misc]
        )
        assert isinstance(removed, Refusal) != isinstance(bundle, Refusal)
        if isinstance(bundle, Bundle):
            assert bundle.materials.count() == 1


def test_discarding_and_submitting_leave_one(town: Town) -> None:
    for _ in range(ROUNDS):
        draft = draft_of(town)
        discarding, submitting = read_anew(draft), read_anew(draft)
        one_wins(
            race(lambda mine=discarding: discard(mine), lambda mine=submitting: submit_bundle(draft=mine, by=town.li))
        )  # type: ignore[misc]
        assert Draft.objects.filter(pk=draft.pk).exists() == Bundle.objects.filter(draft=draft.pk).exists()


@pytest.mark.parametrize("act", ["save", "upload"])
def test_what_comes_to_a_draft_as_it_is_discarded_is_told_so(town: Town, act: str) -> None:
    acts: dict[str, Callable[[Draft], Any]] = {
        "save": lambda mine: save_values(mine, {"child:person.name": "李大满"}, seen=mine.revision),
        "upload": lambda mine: take_upload(mine, "household_book", picture(), accept=("image/png",)),
    }
    for _ in range(ROUNDS):
        draft = draft_of(town, with_paper=False)
        discarding, other = read_anew(draft), read_anew(draft)
        race(lambda mine=discarding: discard(mine), lambda mine=other: acts[act](mine))  # type: ignore[misc]
        assert not Draft.objects.filter(pk=draft.pk).exists()
        assert not SubmittedMaterial.objects.filter(bundle=None).exists()


def test_windows_that_save_different_fields_lose_nothing(town: Town) -> None:
    keys = ["child:person.name", "household:hukou.address", "child:insurance.note"]
    for _ in range(ROUNDS):
        draft = draft_of(town, with_paper=False)
        windows = [read_anew(draft) for _key in keys]
        results = race(
            *(
                lambda mine=mine, key=key: save_values(mine, {key: key}, seen=mine.revision)  # type: ignore[misc]
                for mine, key in zip(windows, keys, strict=True)
            )
        )
        assert refusals(results) == []
        stored = read_form(read_anew(draft)).values
        assert all(stored[key] == key for key in keys)


def test_publishing_and_submitting_leave_every_bundle_with_one_version(town: Town) -> None:
    from tests.worlds.building import publish

    for _ in range(max(ROUNDS // 8, 1)):
        draft = draft_of(town)
        _version, bundle = race(
            lambda: publish(MATTER, *ITEMS, elements=ELEMENTS, materials=MATERIALS),
            lambda mine=draft: submit_bundle(draft=mine, by=town.li),  # type: ignore[misc]
        )
        assert bundle.matter_version_id in (draft.matter_version_id, current_version("newborn").pk)
        assert {one.key for one in bundle.sub_items.all()} == {item.slug for item in ITEMS}
    compiled.cache_clear()


# In review


def test_a_decision_and_the_lead_who_takes_the_case_over_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        review.claim(town.wang, hukou)
        part = town.part(hukou.bundle, "hukou")

        def take_over(part: SubItem = part) -> None:
            review.hand_back(town.zhou, part)
            review.claim(town.zhou, part)

        decided, taken = race(approve(town, town.wang, hukou), take_over)
        check_one_history(hukou)
        task = ReviewTask.objects.filter(sub_item=hukou).latest("opened_at")
        if isinstance(decided, Refusal):
            assert task.claimed_by == town.zhou
        assert isinstance(decided, Decision) or not isinstance(taken, Refusal)


def test_a_decision_and_the_end_of_the_right_to_it_agree(town: Town) -> None:
    police = town.departments["police"]
    for _ in range(ROUNDS):
        hukou = accepted(town)
        decided, _dismissed = race(
            approve(town, town.zhang, hukou), lambda: dismiss(town.zhang, police, "reviewer", by=town.zhou)
        )
        assert isinstance(decided, Decision | NotAllowed | Refusal)
        check_one_history(hukou)
        assert not ReviewTask.objects.filter(claimed_by=town.zhang, closed_at=None).exists()
        enroll(town.zhang, police, "reviewer")


def test_a_claim_and_the_end_of_the_right_to_it_leave_nothing_held(town: Town) -> None:
    police = town.departments["police"]
    hukou = accepted(town)
    for _ in range(ROUNDS):
        race(claim(town, town.zhang, hukou), lambda: dismiss(town.zhang, police, "reviewer", by=town.zhou))
        release_stale_claims()  # what was claimed in the same moment, the reconciler gives back
        assert not ReviewTask.objects.filter(claimed_by=town.zhang, closed_at=None).exists()
        enroll(town.zhang, police, "reviewer")
    check_one_history(hukou)


def test_a_claim_that_lapses_and_a_decision_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        review.claim(town.wang, hukou)
        ReviewTask.objects.filter(sub_item=hukou, closed_at=None).update(claim_lapses_at=timezone.now())
        decided, _released = race(approve(town, town.wang, hukou), release_stale_claims)
        assert isinstance(decided, Decision)
        check_one_history(hukou)


def test_a_claim_that_lapses_and_a_colleague_who_waits_for_it_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        review.claim(town.wang, hukou)
        ReviewTask.objects.filter(sub_item=hukou, closed_at=None).update(claim_lapses_at=timezone.now())
        claimed, _released, _again = race(claim(town, town.zhang, hukou), release_stale_claims, release_stale_claims)
        holder = ReviewTask.objects.get(sub_item=hukou, closed_at=None).claimed_by
        assert holder == (None if isinstance(claimed, Refusal) else town.zhang)
        assert Event.objects.filter(chain_id=hukou.bundle_id, kind="claim_lapsed").count() == 1
        check_one_history(hukou)


def test_a_correction_and_a_withdrawal_leave_one(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        corrected, withdrawn = race(correct(town, town.wang, hukou), withdrawal(town, hukou))
        assert not isinstance(withdrawn, Refusal)  # what was returned may be withdrawn as well
        assert SubItem.objects.get(pk=hukou.pk).state == State.WITHDRAWN
        assert isinstance(corrected, Refusal) or not ReviewTask.objects.filter(sub_item=hukou, closed_at=None).exists()
        check_one_history(hukou)


def test_an_answer_and_a_withdrawal_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        asked = request_correction(town.wang, hukou, [Gap("field", "child:person.name", "请核对")])
        race(
            lambda asked=asked: answer_correction(town.li, asked, {"child:person.name": "李大滿"}, {}),  # type: ignore[misc]
            withdrawal(town, hukou),
        )
        assert SubItem.objects.get(pk=hukou.pk).state == State.WITHDRAWN
        check_one_history(hukou)


def test_a_withdrawal_sent_twice_counts_once(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        one_wins(race(withdrawal(town, hukou), withdrawal(town, hukou)))
        assert Event.objects.filter(chain_id=hukou.bundle_id, kind="withdrawn", sub_item="hukou").count() == 1
        check_one_history(hukou)


def test_withdrawing_everything_and_a_decision_agree(town: Town) -> None:
    for _ in range(ROUNDS):
        hukou = accepted(town)
        bundle = hukou.bundle
        decided, withdrawn = race(approve(town, town.wang, hukou), lambda bundle=bundle: withdraw(town.li, bundle))  # type: ignore[misc]
        assert not isinstance(withdrawn, Refusal)
        assert ("hukou" in {one.key for one in withdrawn}) == isinstance(decided, Refusal)
        check_one_history(hukou)


def both_in_review(town: Town) -> tuple[SubItem, SubItem]:
    """Return the two last sub-items of a bundle, both accepted; their order is set aside."""
    hukou = accepted(town)
    medical = SubItem.objects.for_case().get(bundle=hukou.bundle_id, key="medical_ins")
    SubItem.objects.filter(pk=medical.pk).update(state=State.QUEUED)
    ReviewTask.objects.create(sub_item=medical, department=medical.department, opened_at=hukou.state_since)
    return hukou, review.accept(town.qian, town.part(hukou.bundle, "medical_ins"))


def test_the_last_two_decisions_conclude_the_bundle_once(committed_town: Town) -> None:
    town = committed_town  # its order is set aside, which the check of the whole would name
    for _ in range(ROUNDS):
        hukou, medical = both_in_review(town)
        bundle = hukou.bundle_id

        def decide_and_advance(act: Callable[[], Any], bundle: Any = bundle) -> Callable[[], Any]:
            def run() -> Any:
                act()
                advance([bundle])

            return run

        results = race(
            decide_and_advance(approve(town, town.wang, hukou)),
            decide_and_advance(lambda part=medical: review.decide(town.qian, part, "approved", "", {})),  # type: ignore[misc]
            lambda bundle=bundle: advance([bundle]),  # type: ignore[misc]
        )
        assert refusals(results) == []
        assert Bundle.objects.get(pk=bundle).concluded_at is not None
        assert Event.objects.filter(chain_id=bundle, kind="concluded").count() == 1
        assert OutboxMessage.objects.filter(kind="notify", subject=f"{bundle}:concluded").count() == 1
        assert verify_chain(bundle) == []


def test_workers_that_dispatch_the_same_bundle_dispatch_it_once(town: Town) -> None:
    for _ in range(ROUNDS):
        bundle = town.submit(dispatch=False)
        race(*(lambda bundle=bundle: advance([bundle.pk]) for _ in range(4)))  # type: ignore[misc]
        assert ReviewTask.objects.filter(sub_item__bundle=bundle).count() == 1
        assert Event.objects.filter(chain_id=bundle.pk, kind="queued").count() == 1
        assert verify_chain(bundle.pk) == []


# Certificates


def issue(town: Town, reference: str) -> Certificate:
    """Issue as a decision does."""
    kind = CertificateType.objects.select_related("department").get(slug="birth_certificate")
    with transaction.atomic():
        return issue_certificate(
            certificate_type=kind,
            holder=town.li_person,
            holder_name="李小满",
            face={"number": "P360000001", "name": "李小满", "hospital": "市妇幼保健院"},
            issuer=kind.department,
            decision_reference=reference,
            issued_at=timezone.now(),
            issued_by=town.zhao,
        )


def test_one_decision_issues_one_certificate_whoever_asks(committed_town: Town) -> None:
    town = committed_town  # certificates without their decision, which the check of the whole would name
    for number in range(ROUNDS):
        results = race(*(lambda number=number: issue(town, f"decision-{number}") for _ in range(4)))  # type: ignore[misc]
        assert len({one.identifier for one in results}) == 1
        assert Certificate.objects.count() == number + 1


def test_certificates_issued_together_have_numbers_of_their_own(committed_town: Town) -> None:
    town = committed_town
    for number in range(ROUNDS // 8 + 1):
        race(*(lambda place=place, number=number: issue(town, f"{number}-{place}") for place in range(8)))  # type: ignore[misc]
        assert Certificate.objects.values("identifier").distinct().count() == 8 * (number + 1)


def test_of_those_who_change_a_status_at_once_one_does(committed_town: Town) -> None:
    town = committed_town
    lead = town.zhao
    enroll(lead, town.departments["health"], "lead")
    for number in range(ROUNDS):
        made = issue(town, f"decision-{number}")
        copies = [Certificate.objects.select_related("issuer").get(pk=made.pk) for _ in range(3)]
        wanted = [status for status in ("revoked", "rescinded", "recalled") if may_change("valid", status)]
        results = race(
            *(
                told(lambda copy=copy, status=status: change_status(copy, status, "核查发现不实", lead))  # type: ignore[misc]
                for copy, status in zip(copies, wanted, strict=False)
            )
        )
        changes = [each for each in results if isinstance(each, StatusChange)]
        assert len(changes) == 1
        assert Certificate.objects.get(pk=made.pk).status == changes[0].status
        assert StatusChange.objects.filter(certificate=made).count() == 1
        assert verify_chain(made.pk) == []
