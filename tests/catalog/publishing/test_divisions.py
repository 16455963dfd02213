"""A division's own version: seen with the standard's proposal, or proposed by itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Division, ItemImplementation, Matter, MatterVersion, Proposal, RegionalVersion, ServiceItem
from catalog.publishing.proposing import approve, propose
from catalog.publishing.publishing import publish
from catalog.versions.matters import current_version
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def jiangxi(opening: Matter, registration: ServiceItem) -> Division:
    """A division that answers questions under a number of its own."""
    division = Division.objects.get(code="360000")
    ItemImplementation.objects.create(item=registration, division=division, overrides={"consulting": "0791-1"})
    publish(opening, division=division)
    ItemImplementation.objects.update(overrides={"consulting": "0791-2"})
    return division


def test_it_is_proposed_and_published_by_itself(opening: Matter, jiangxi: Division, tang: User, deng: User) -> None:
    before = current_version("opening", "360000")
    proposal = propose(opening, by=tang, note="换了号码", division=jiangxi)
    version = approve(proposal, by=deng)
    assert isinstance(version, MatterVersion)
    assert version.division == jiangxi
    assert RegionalVersion.objects.get().version == version
    assert current_version("opening", "360000").pk == version.pk != before.pk
    assert current_version("opening").number == 1


def test_both_can_wait_for_review_at_once(opening: Matter, jiangxi: Division, tang: User) -> None:
    Matter.objects.filter(pk=opening.pk).update(summary="一次办好")
    propose(opening, by=tang, note="标准")
    propose(opening, by=tang, note="地方", division=jiangxi)
    assert Proposal.objects.filter(state=Proposal.State.OPEN).count() == 2


def test_the_standards_review_shows_what_follows(
    opening: Matter, jiangxi: Division, tang: User, deng: User, client: Client
) -> None:
    Matter.objects.filter(pk=opening.pk).update(summary="一次办好")
    proposal = propose(opening, by=tang, note="标准")
    client.force_login(deng)
    text = client.get(reverse("admin:catalog_proposal_change", args=[proposal.pk])).content.decode()
    assert "随之更新的地方版本" in text
    assert "0791-2" in text
    approve(proposal, by=deng)
    assert "0791-2" in str(current_version("opening", "360000").content)


def test_the_page_offers_the_divisions_that_have_their_own(
    opening: Matter, jiangxi: Division, tang: User, client: Client
) -> None:
    client.force_login(tang)
    address = reverse("admin:catalog_propose", args=["matter", opening.pk])
    assert "?division=360000" in client.get(address).content.decode()
    assert "0791-2" in client.get(address, {"division": "360000"}).content.decode()
    client.post(f"{address}?division=360000", {"note": "换了号码"})
    assert Proposal.objects.get().division == jiangxi
