"""Drafts in the database: sealed, saved under a revision, never written over."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.http import Http404

from matters.drafts.discarding import discard
from matters.drafts.profile import profile_of
from matters.drafts.saving import (
    AlreadySubmitted,
    get_draft_for,
    open_drafts,
    read_form,
    save_answers,
    save_consents,
    save_values,
)
from matters.models import Draft
from portal.lib.vault import SealBroken
from tests.worlds.cast import LI
from tests.worlds.settling import ANSWERS, Case, build_case, counter_draft, draft_of


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


def test_it_is_sealed_at_rest(case: Case) -> None:
    draft = draft_of(case, **{"child:person.name": "李小满"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM matters_draft WHERE id = %s", [draft.pk])
        row = b"".join(
            bytes(cell) if isinstance(cell, memoryview) else str(cell).encode() for cell in cursor.fetchone()
        )
    assert LI.number.encode() not in row
    assert "李小满".encode() not in row


def test_a_seal_opens_for_its_own_draft_only(case: Case) -> None:
    one, other = draft_of(case), draft_of(case)
    other.form_sealed = one.form_sealed
    with pytest.raises(SealBroken):
        read_form(other)


def test_a_save_raises_the_revision_and_an_empty_one_does_not(case: Case) -> None:
    draft = draft_of(case)
    assert save_values(draft, {"child:person.name": "李"}, seen=1).revision == 2
    assert save_values(draft, {"child:person.name": "李"}, seen=2).revision == 2


def test_a_copy_read_earlier_saves_onto_the_latest(case: Case) -> None:
    draft = draft_of(case)
    older = Draft.objects.get(pk=draft.pk)
    save_values(draft, {"child:person.name": "李"}, seen=1)
    saved = save_values(older, {"household:address": "一号"}, seen=1)
    assert saved.revision == 3
    assert read_form(Draft.objects.get(pk=draft.pk)).values["child:person.name"] == "李"


def test_a_submitted_draft_is_closed(case: Case) -> None:
    draft = draft_of(case)
    stale = Draft.objects.get(pk=draft.pk)
    Draft.objects.filter(pk=draft.pk).update(submitted_at=draft.saved_at)
    with pytest.raises(AlreadySubmitted):
        save_values(stale, {"child:person.name": "李"}, seen=1)
    with pytest.raises(AlreadySubmitted):
        discard(stale)
    assert not open_drafts(case.li, case.matter)


def test_answers_may_change_and_come_back(case: Case) -> None:
    draft = draft_of(case, answers={**ANSWERS, "children": 2}, **{"child#2:person.name": "李大满"})
    profile = profile_of(case.li_person)
    save_answers(draft, ANSWERS, profile)
    save_answers(draft, {**ANSWERS, "children": 2}, profile)
    assert read_form(draft).values["child#2:person.name"] == "李大满"


def test_consents_keep_their_moment_and_can_be_taken_back(case: Case) -> None:
    draft = draft_of(case)
    save_consents(draft, ["register.check"])
    given = read_form(draft).consents["register.check"]
    save_consents(draft, ["register.check", "insure.share"])
    assert read_form(draft).consents["register.check"] == given
    save_consents(draft, [])
    assert read_form(draft).consents == {}


class TestTheDoor:
    def test_the_applicant_opens_their_own(self, case: Case) -> None:
        draft = draft_of(case)
        assert get_draft_for(case.li, draft.pk) == draft

    def test_nobody_else_does(self, case: Case) -> None:
        draft = draft_of(case)
        for user in (case.stranger, case.sun, case.wang):
            with pytest.raises(Http404):
                get_draft_for(user, draft.pk)

    def test_at_the_window_it_is_the_clerk_who_opened_it(self, case: Case) -> None:
        draft = counter_draft(case)
        assert get_draft_for(case.sun, draft.pk) == draft
        with pytest.raises(Http404):
            get_draft_for(case.li, draft.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_windows_saving_at_once_lose_nothing() -> None:
    case = build_case()
    draft = draft_of(case)
    keys = ["child:person.name", "household:address", "household:post.address", "child:insurance.year"]
    barrier = threading.Barrier(len(keys))
    refused: list[Exception] = []

    def save(key: str) -> None:
        try:
            mine = Draft.objects.get(pk=draft.pk)
            barrier.wait()
            save_values(mine, {key: key}, seen=1)
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused
    stored = read_form(Draft.objects.get(pk=draft.pk)).values
    assert all(stored[key] == key for key in keys)
