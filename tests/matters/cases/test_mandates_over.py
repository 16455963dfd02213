"""Once a mandate is over: at the window as online nothing of the principal is read, asked or taken under it any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404
from django.urls import reverse

from matters.drafts.opening import may_consent
from matters.drafts.profile import acting_under, profile_of, uses_library
from matters.drafts.saving import get_draft_for, start_draft
from matters.models import Channel, Draft
from matters.submitting.submission import submit_bundle
from portal.accounts.mandates.activities import end
from portal.accounts.models import Mandate
from tests.matters.cases.test_mandates import (
    draft_under,
    ended,
    mandate_of,
    of_another_matter,
    over,
    principal_dead,
    zhang_for,
)
from tests.worlds.cast import logged_in
from tests.worlds.companies import SLUG, Companies, build_companies

Change = Callable[[Companies, Mandate], None]


@pytest.fixture
def world(db: None) -> Companies:
    return build_companies()


def at_the_window(world: Companies, mandate: Mandate) -> Draft:
    """Begin an application for the principal with the agent standing at Sun's window."""
    draft = start_draft(
        version=world.version,
        applicant=mandate.principal,
        entered_by=world.sun,
        answers={},
        profile=profile_of(mandate.principal),
        channel=Channel.COUNTER,
        mandate=mandate,
    )
    return Draft.objects.select_related("mandate").get(pk=draft.pk)


class TestAtTheWindow:
    @pytest.mark.parametrize("change", [ended, over, of_another_matter, principal_dead])
    def test_no_door_opens_any_more(self, world: Companies, change: Change) -> None:
        mandate = mandate_of(world, world.li_person, [SLUG])
        draft = at_the_window(world, mandate)
        sun = logged_in(world.sun)
        pages = {
            reverse(f"matters:{step}", args=[draft.pk])
            for step in ("situation", "form", "materials", "check", "confirm", "submitted", "receipt")
        }
        form = reverse("matters:form", args=[draft.pk])
        assert sun.get(form).status_code == 200
        assert form in sun.get(reverse("admin:counter")).content.decode()
        change(world, mandate)
        assert {page: sun.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
        posts = {page: {"action": "agree-all"} for page in pages if "receipt" not in page and "submitted" not in page}
        posts |= {reverse(f"matters:{name}", args=[draft.pk]): {} for name in ("autosave", "submit", "discard_draft")}
        assert {page: sun.post(page, sent).status_code for page, sent in posts.items()} == dict.fromkeys(posts, 404)
        if change is not of_another_matter:
            assert form not in sun.get(reverse("admin:counter")).content.decode()

    def test_over_it_gives_fewer_rights_never_more(self, world: Companies) -> None:
        for rights in ({}, {"consents": True, "sees_certificates": True}):
            mandate = mandate_of(world, world.li_person, **rights)
            draft = at_the_window(world, mandate)
            granted = bool(rights)
            assert (may_consent(draft), uses_library(acting_under(draft))) == (granted, granted)
            end(mandate.pk, by=world.li_person)
            draft = Draft.objects.select_related("mandate").get(pk=draft.pk)
            assert (may_consent(draft), uses_library(acting_under(draft))) == (False, False)

    def test_what_she_files_herself_is_hers_alone(self, world: Companies) -> None:
        mandate = mandate_of(world, world.li_person)
        drafts = [draft_under(world, mandate, "招牌"), draft_under(world, mandate, "招牌")]
        for draft, by in zip(drafts, (world.li, world.zhang), strict=True):
            submit_bundle(draft=draft, by=by)
        agent = zhang_for(world, mandate)
        for draft, status in zip(drafts, (404, 200), strict=True):
            for page in ("submitted", "receipt"):
                address = reverse(f"matters:{page}", args=[draft.pk])
                assert agent.get(address).status_code == status
                assert zhang_for(world, None).get(address).status_code == (404 if status == 404 else 409)
                assert logged_in(world.li).get(address).status_code == 200
            for page in ("form", "materials", "check"):
                assert agent.get(reverse(f"matters:{page}", args=[draft.pk])).status_code in (404, 302)

    def test_online_the_principal_goes_on_as_if_it_had_never_been(self, world: Companies) -> None:
        mandate = mandate_of(world, world.li_person)
        draft = world.draft(world.li_person, None, "招牌", mandate=mandate, entered_by=world.zhang)
        end(mandate.pk, by=world.li_person)
        draft = get_draft_for(world.li, draft.pk)
        assert (may_consent(draft), uses_library(acting_under(draft))) == (True, True)
        with pytest.raises(Http404):
            get_draft_for(world.zhang, draft.pk)
