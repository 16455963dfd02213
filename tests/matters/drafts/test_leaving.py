"""A draft entered at a window is the site's: who serves there no longer reaches nothing of it, colleagues go on with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from catalog.staff.memberships import dismiss, enroll
from matters import urls_apply
from matters.drafts.leaving import RELEASED
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Channel, Draft, SubmittedMaterial
from portal.accounts.models import User
from portal.ledger.models import Event
from tests.worlds.cast import logged_in
from tests.worlds.town import VALUES, Town, picture


@pytest.fixture
def draft(town: Town) -> Draft:
    """An application that Sun fills in at the window."""
    draft = start_draft(
        version=town.version,
        applicant=town.li_person,
        entered_by=town.sun,
        answers={},
        profile={},
        channel=Channel.COUNTER,
    )
    save_values(draft, VALUES, seen=draft.revision)
    take_upload(draft, "household_book", picture(), accept=("image/png",))
    return draft


def dismissed(town: Town) -> None:
    for department in town.departments.values():
        dismiss(town.sun, department, "clerk", by=town.zhou)


def moved(town: Town) -> None:
    dismissed(town)
    enroll(town.sun, town.departments["police"], "clerk")


def became_a_reviewer(town: Town) -> None:
    dismissed(town)
    enroll(town.sun, town.departments["health"], "reviewer")


def switched_off(town: Town) -> None:
    town.sun.changed_by = town.zhou
    town.sun.is_active = False
    town.sun.save()


def addresses(draft: Draft) -> list[str]:
    """Return every address of an application that names a draft, so that a new page is tried as well."""
    paper = SubmittedMaterial.objects.get(draft=draft)
    names = {pattern.name for pattern in urls_apply.urlpatterns if "draft_id" in str(pattern.pattern)}
    assert {"form", "autosave", "materials", "check", "submit"} <= names
    found = []
    for name in sorted(names):
        _bits, params = get_resolver(urls_apply).reverse_dict.getlist(name)[0][0][0]
        values = {"draft_id": draft.pk, "paper_id": paper.pk, "name": "form"}
        found.append(reverse(f"matters:{name}", kwargs={key: values[key] for key in params}))
    return found


@pytest.mark.parametrize("leave", [dismissed, moved, became_a_reviewer, switched_off])
def test_no_page_of_a_draft_opens_to_who_serves_there_no_longer(
    town: Town, draft: Draft, leave: Callable[[Town], None]
) -> None:
    sun = logged_in(town.sun)
    assert sun.get(reverse("matters:form", args=[draft.pk])).status_code == 200
    leave(town)
    before = Draft.objects.get(pk=draft.pk)
    for address in addresses(draft):
        for ask in (sun.get, sun.post):
            response = ask(address, {"action": "next", "revision": "99"})
            assert response.status_code in (401, 404, 405) or "login" in response.headers.get("Location", ""), address
    after = Draft.objects.get(pk=draft.pk)
    assert (after.revision, after.submitted_at) == (before.revision, None)
    assert SubmittedMaterial.objects.filter(draft=draft).count() == 1
    event = Event.objects.get(chain_id=draft.pk)
    assert (event.kind, event.actor, event.data) == (RELEASED, town.zhou, {"holder": town.sun.pk})


def test_colleagues_of_the_site_go_on_with_it(town: Town, draft: Draft) -> None:
    colleague = User.objects.create_user("colleague", is_staff=True)
    enroll(colleague, draft.site, "clerk")  # type: ignore[arg-type]
    dismissed(town)
    client: Client = logged_in(colleague)
    assert reverse("matters:form", args=[draft.pk]) in client.get(reverse("admin:counter")).content.decode()
    assert client.get(reverse("matters:form", args=[draft.pk])).status_code == 200


def test_it_is_told_once(town: Town, draft: Draft) -> None:
    dismissed(town)
    dismissed(town)
    assert Event.objects.filter(kind=RELEASED).count() == 1


def test_who_still_serves_there_releases_nothing(town: Town, draft: Draft) -> None:
    dismiss(town.sun, town.departments["police"], "clerk")
    assert not Event.objects.filter(kind=RELEASED).exists()
