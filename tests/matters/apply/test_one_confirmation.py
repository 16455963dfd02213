"""Where everything is known from rows one confirmation files the whole matter; anything typed, doubted or wanted does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from catalog.definitions import ConsentDefinition, DecisionRule, MaterialNeed
from matters.drafts.confirming import is_all_known
from matters.drafts.profile import profile_of
from matters.drafts.saving import change_draft, plan_of, read_form, save_values, start_draft
from matters.models import Bundle, Draft
from portal.accounts.models import Level, Person
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.ruled import DEFINITION, ELEMENTS, RECORD, VALUES, Ruled, build_ruled
from tests.worlds.settling import MATERIALS


@pytest.fixture
def ruled(db: None) -> Ruled:
    return build_ruled()


def known_draft(ruled: Ruled, **values: object) -> Draft:
    """Return a draft of Li's that a source filled in."""
    draft = start_draft(
        version=ruled.version,
        applicant=ruled.li_person,
        entered_by=ruled.li,
        answers={},
        profile=profile_of(ruled.li_person),
    )
    said = {"name": "市卫健委", "name_en": "", "day": "2026-11-02"}
    facts = {key: {"value": value, **said} for key, value in {**VALUES, **values}.items()}
    change_draft(draft, lambda document, revision: document.fill_earlier(facts, revision))
    return draft


def is_ready(draft: Draft) -> bool:
    return is_all_known(draft, plan_of(draft), read_form(draft), timezone.localtime())


def test_a_single_confirmation_files_it_and_nothing_was_typed(ruled: Ruled) -> None:
    draft = known_draft(ruled)
    client = logged_in(ruled.li)
    page = page_of(client.get(f"/drafts/{draft.pk}/confirm/"))
    assert "李小满" in page
    assert page.count('<button class="btn"') == 1
    sent = {"submission_key": str(draft.submission_key), "revision": str(draft.revision), "agreed": "1"}
    answer = client.post(f"/drafts/{draft.pk}/confirm/", sent)
    assert answer.url == f"/drafts/{draft.pk}/submitted/"
    client.post(f"/drafts/{draft.pk}/confirm/", sent)
    assert Bundle.objects.count() == 1


def test_every_step_leads_there_while_it_is_so(ruled: Ruled) -> None:
    draft = known_draft(ruled)
    assert f"/drafts/{draft.pk}/confirm/" in page_of(logged_in(ruled.li).get(f"/drafts/{draft.pk}/form/"))
    save_values(draft, {"child:person.name": "李小雪"}, seen=draft.revision)
    assert f"/drafts/{draft.pk}/confirm/" not in page_of(logged_in(ruled.li).get(f"/drafts/{draft.pk}/form/"))


def test_what_was_changed_by_hand_goes_the_usual_way(ruled: Ruled) -> None:
    draft = known_draft(ruled)
    assert is_ready(draft)
    save_values(draft, {"child:person.name": "李小雪"}, seen=draft.revision)
    assert not is_ready(draft)
    assert logged_in(ruled.li).get(f"/drafts/{draft.pk}/confirm/").url == f"/drafts/{draft.pk}/form/"


def test_what_is_open_or_wrong_goes_the_usual_way(ruled: Ruled) -> None:
    assert not is_ready(known_draft(ruled, **{"child:birth.time": ""}))
    assert not is_ready(known_draft(ruled, **{"child:birth.time": "2999-01-01T00:00"}))


def test_a_stale_page_files_nothing(ruled: Ruled) -> None:
    draft = known_draft(ruled)
    sent = {"submission_key": str(draft.submission_key), "revision": "0", "agreed": "1"}
    assert logged_in(ruled.li).post(f"/drafts/{draft.pk}/confirm/", sent).url == f"/drafts/{draft.pk}/confirm/"
    assert not Bundle.objects.exists()


def test_a_paper_without_a_row_is_asked_for_the_usual_way(ruled: Ruled) -> None:
    item = replace(RECORD, materials=(MaterialNeed("birth_record"),), decision_rule=DecisionRule())
    version = publish(DEFINITION, item, elements=ELEMENTS, materials=MATERIALS)
    assert not is_ready(known_draft(replace(ruled, version=version)))


def test_what_an_account_says_of_itself_counts_once_somebody_has_checked(ruled: Ruled) -> None:
    draft = known_draft(ruled)
    change_draft(
        draft, lambda document, revision: bool(document.known["child:person.name"].update(source="account")) or True
    )
    assert is_ready(draft)
    Person.objects.filter(pk=ruled.li_person.pk).update(level=Level.CLAIMED)
    draft.applicant.refresh_from_db()
    assert not is_ready(draft)


def test_what_may_be_left_out_is_not_agreed_to(ruled: Ruled) -> None:
    consents = (
        ConsentDefinition("check", "同意核对出生登记"),
        ConsentDefinition("news", "愿意接收提醒", required=False),
    )
    version = publish(
        DEFINITION, replace(RECORD, consents=consents, decision_rule=DecisionRule()), elements=ELEMENTS, materials=()
    )
    draft = known_draft(replace(ruled, version=version))
    page = page_of(logged_in(ruled.li).get(f"/drafts/{draft.pk}/confirm/"))
    assert "同意核对出生登记" in page
    assert "愿意接收提醒" not in page
    sent = {"submission_key": str(draft.submission_key), "revision": str(draft.revision), "agreed": "1"}
    logged_in(ruled.li).post(f"/drafts/{draft.pk}/confirm/", sent)
    assert Bundle.objects.count() == 1
