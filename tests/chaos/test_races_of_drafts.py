"""Drafts that are saved, filled, discarded and submitted at the same moment; see ``test_races``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalog.versions.matters import compiled, current_version
from matters.drafts.discarding import discard
from matters.drafts.saving import read_form, save_values, start_draft
from matters.drafts.uploads import current_materials, remove_upload, take_upload
from matters.models import Bundle, Draft, SubItem, SubmittedMaterial
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import Refusal
from portal.outbox.models import OutboxMessage
from tests.chaos.test_races import ROUNDS, refusals, town
from tests.matters.reviewing.test_review_races import (
    committed_town,
    one_wins,
    race,
)
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, VALUES, Town, picture

__all__ = ["committed_town", "town"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def draft_of(town: Town, *, with_paper: bool = True) -> Draft:
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    save_values(draft, VALUES, seen=draft.revision)
    if with_paper:
        take_upload(draft, "household_book", picture(), accept=("image/png",))
    return draft


def read_anew(draft: Draft) -> Draft:
    """Return the draft as another window has it."""
    return Draft.objects.get(pk=draft.pk)


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
        assert (
            Draft.objects.filter(pk=draft.pk).exists()
            == Bundle.objects.filter(idempotency_key=draft.submission_key).exists()
        )


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
