"""Proposed by one person, reviewed by another, published exactly as reviewed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from catalog.comparing.contents import compare_matters
from catalog.definitions.hashing import content_hash
from catalog.models import ItemVersion, Matter, MatterVersion, Proposal, ServiceItem
from catalog.publishing.proposing import (
    AlreadyProposed,
    NothingChanged,
    NotYours,
    Outdated,
    OwnProposal,
    ProposalAlreadyDecided,
    ProposalNotAllowed,
    PublishedMeanwhile,
    approve,
    is_outdated,
    propose,
    send_back,
    withdraw,
)
from catalog.publishing.publishing import PublishingRefused, publish
from catalog.versions.matters import current_version
from catalog.wording.differences import tell
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def rename(matter: Matter, name: str) -> None:
    Matter.objects.filter(pk=matter.pk).update(name=name)


@pytest.fixture
def proposal(opening: Matter, tang: User) -> Proposal:
    rename(opening, "开办公司")
    return propose(opening, by=tang, note="按新公司法改名")


def test_what_was_proposed_is_published_by_another(opening: Matter, proposal: Proposal, deng: User) -> None:
    version = approve(proposal, by=deng, note="同意")
    assert current_version("opening").pk == version.pk
    assert isinstance(version, MatterVersion)
    assert (version.number, version.content_hash, version.published_by) == (2, proposal.content_hash, deng)
    assert (version.content, content_hash(version.content)) == (proposal.content, proposal.content_hash)
    assert (proposal.state, proposal.reviewed_by, proposal.matter_version) == (Proposal.State.PUBLISHED, deng, version)


def test_nothing_changes_for_applicants_until_it_is_approved(opening: Matter, proposal: Proposal) -> None:
    assert current_version("opening").number == 1
    assert proposal.base_number == 1


def test_nobody_reviews_their_own(proposal: Proposal, tang: User) -> None:
    with pytest.raises(OwnProposal):
        approve(proposal, by=tang)
    with pytest.raises(OwnProposal):
        send_back(proposal, by=tang, reason="不行")
    with pytest.raises(IntegrityError, match="proposal_reviewed_by_another"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(reviewed_by=tang)


def test_both_offices_are_needed_each_for_its_own(opening: Matter, proposal: Proposal, deng: User, sun: User) -> None:
    for stranger in (sun, deng):
        with pytest.raises(ProposalNotAllowed):
            propose(opening, by=stranger, note="x")
    with pytest.raises(ProposalNotAllowed):
        approve(proposal, by=sun)
    with pytest.raises(ProposalNotAllowed):
        send_back(proposal, by=sun, reason="x")


def test_where_a_matter_is_listed_and_how_far_it_is_open_is_reviewed_too(opening: Matter, tang: User) -> None:
    before = current_version("opening").content
    Matter.objects.filter(pk=opening.pk).update(position=7, is_listed=False, status=Matter.Status.GUIDE, theme="其他")
    proposal = propose(opening, by=tang, note="先下架")
    told = " ".join(
        each.sentence
        for _group, entries in tell(compare_matters(before, proposal.content), before, proposal.content)
        for each in entries
    )
    for words in ("顺序", "列入专区", "仅提供指南", "其他"):
        assert words in told, told


def test_a_draft_that_says_nothing_new_is_not_proposed(opening: Matter, tang: User) -> None:
    with pytest.raises(NothingChanged):
        propose(opening, by=tang, note="x")


def test_the_same_content_is_proposed_once(opening: Matter, proposal: Proposal, tang: User) -> None:
    with pytest.raises(AlreadyProposed) as refusal:
        propose(opening, by=tang, note="再来一次")
    assert refusal.value.proposal == proposal


def test_a_draft_edited_afterwards_must_be_proposed_again(
    opening: Matter, proposal: Proposal, tang: User, deng: User
) -> None:
    assert not is_outdated(proposal)
    rename(opening, "开办企业和公司")
    assert is_outdated(proposal)
    with pytest.raises(Outdated):
        approve(proposal, by=deng)
    assert current_version("opening").number == 1
    again = propose(opening, by=tang, note="又改了")
    proposal.refresh_from_db()
    assert (proposal.state, again.state) == (Proposal.State.WITHDRAWN, Proposal.State.OPEN)
    assert current_version("opening").number == 1
    approve(again, by=deng)
    assert current_version("opening").number == 2


def test_a_version_that_came_between_must_be_compared_first(
    opening: Matter, proposal: Proposal, tang: User, deng: User
) -> None:
    rename(opening, "另一个名字")
    publish(opening)
    rename(opening, "开办公司")
    with pytest.raises(PublishedMeanwhile):
        approve(proposal, by=deng)
    assert propose(opening, by=tang, note="核对过了").base_number == 2


def test_a_decided_proposal_stays_decided(proposal: Proposal, tang: User, deng: User, he: User) -> None:
    send_back(proposal, by=deng, reason="名称请照营业执照的写法")
    assert (proposal.state, proposal.review_note) == (Proposal.State.SENT_BACK, "名称请照营业执照的写法")
    with pytest.raises(ProposalAlreadyDecided, match="已退回"):
        approve(proposal, by=he)
    with pytest.raises(ProposalAlreadyDecided):
        withdraw(proposal, by=tang)


def test_only_who_proposed_it_takes_it_back(proposal: Proposal, tang: User, deng: User) -> None:
    with pytest.raises(NotYours):
        withdraw(proposal, by=deng)
    withdraw(proposal, by=tang)
    assert proposal.state == Proposal.State.WITHDRAWN


def test_errors_of_the_lints_are_refused_with_their_place(opening: Matter, tang: User) -> None:
    ServiceItem.objects.filter(slug="registration").update(statutory_limit_days=1, promised_limit_days=9)
    with pytest.raises(PublishingRefused) as refusal:
        propose(opening, by=tang, note="x")
    assert {"promise_beyond_statute"} == {finding.code for finding in refusal.value.findings}
    assert not Proposal.objects.exists()


def test_going_back_to_what_was_published_before_makes_it_current_again(
    opening: Matter, proposal: Proposal, tang: User, deng: User
) -> None:
    approve(proposal, by=deng)
    rename(opening, "开办企业")
    back = approve(propose(opening, by=tang, note="改回来"), by=deng)
    assert back.number == 1
    assert MatterVersion.objects.count() == 2


def test_an_item_goes_the_same_way(registration: ServiceItem, opening: Matter, tang: User, deng: User) -> None:
    ServiceItem.objects.filter(pk=registration.pk).update(places=[{"name": "市民中心", "address": "红谷滩"}])
    proposal = propose(registration, by=tang, note="写明地点")
    assert ItemVersion.objects.get(item=registration).content["guide"]["places"] == []
    version = approve(proposal, by=deng)
    assert isinstance(version, ItemVersion)
    assert ItemVersion.objects.latest("pk").content["guide"]["places"][0]["name"] == "市民中心"
    assert (version.number, proposal.item_version) == (2, version)
    assert current_version("opening").number == 1


def test_an_item_whose_promise_exceeds_the_law_is_refused(registration: ServiceItem, tang: User) -> None:
    ServiceItem.objects.filter(pk=registration.pk).update(statutory_limit_days=1, promised_limit_days=9)
    with pytest.raises(PublishingRefused):
        propose(registration, by=tang, note="x")


def test_refusals_are_sentences(proposal: Proposal) -> None:
    for refusal in (
        ProposalNotAllowed(),
        NothingChanged(),
        AlreadyProposed(proposal),
        OwnProposal(),
        Outdated(),
        NotYours(),
    ):
        assert str(refusal).endswith("。")
        assert refusal.code
