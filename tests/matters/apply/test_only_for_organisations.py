"""A matter that only organisations handle is refused to whoever acts for none, online, at the window and at the last button."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from catalog.definitions import MaterialDefinition
from catalog.models import MatterVersion
from catalog.versions.matters import compiled
from matters.drafts.profile import profile_of
from matters.drafts.saving import start_draft
from matters.models import Draft
from matters.submitting.submission import OnlyForOrganisations, submit_bundle
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import LI, logged_in
from tests.worlds.companies import ELEMENTS, PERMIT, SIGNBOARD, Companies, build_companies

SLUG = "renaming"
START = f"/apply/{SLUG}/"


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


@pytest.fixture
def version(companies: Companies) -> MatterVersion:
    definition = replace(SIGNBOARD, slug=SLUG, name="变更登记", stage="经营发展")
    return publish(definition, PERMIT, elements=ELEMENTS, materials=(MaterialDefinition("photo", "照片"),))


def test_a_person_is_shown_the_way_to_switch(companies: Companies, version: MatterVersion) -> None:
    client = companies.client(companies.li)
    for answer in (client.get(START), client.post(START, {})):
        assert answer.status_code == 403
        page = page_of(answer)
        assert "这件事由企业办理，不能以本人身份申请" in page
        assert f"切换到{companies.noodles.name}" in page
        assert f'value="{companies.noodles.pk}"' in page
    assert not Draft.objects.exists()
    assert companies.client(companies.li, companies.noodles).get(START).status_code == 200


def test_who_acts_for_nobody_is_told_how_to(companies: Companies, version: MatterVersion) -> None:
    page = page_of(logged_in(companies.qian).get(START))  # acts for the company in other matters
    assert "您现在还不能替任何企业办这件事" in page
    assert reverse("accounts:organisations") in page


def test_what_was_begun_before_is_not_filed(companies: Companies, version: MatterVersion) -> None:
    person = companies.li_person
    draft = start_draft(
        version=version, applicant=person, entered_by=companies.li, answers={}, profile=profile_of(person)
    )
    with pytest.raises(OnlyForOrganisations):
        submit_bundle(draft=draft, by=companies.li)


def test_at_the_window_the_organisation_is_chosen(companies: Companies, version: MatterVersion) -> None:
    sent = {
        "name": LI.name,
        "document_kind": "111",
        "number": LI.number,
        "phone": "13900001234",
        "matter": SLUG,
        "seen": "on",
    }
    client = logged_in(companies.sun)
    answer = client.post(reverse("admin:counter_start"), sent)
    assert answer.status_code == 422
    assert "这件事由企业办理" in page_of(answer)
    answer = client.post(reverse("admin:counter_start"), {**sent, "organisation": str(companies.noodles.pk)})
    assert answer.status_code == 302


@pytest.mark.parametrize("stage", ["", "准入准营"])
def test_a_founder_applies_where_nothing_is_there_yet(companies: Companies, stage: str) -> None:
    definition = replace(SIGNBOARD, slug="founding", stage=stage)
    version = publish(definition, PERMIT, elements=ELEMENTS, materials=(MaterialDefinition("photo", "照片"),))
    assert not compiled(version.pk).only_for_organisations
    assert companies.client(companies.li).get("/apply/founding/").status_code == 200
