"""Proposals: a draft definition is proposed by one person, reviewed by another, and then published exactly as it was reviewed.

What is proposed is frozen with the proposal. If the draft changes afterwards the proposal is outdated and must be made again, so that nothing is
published that nobody reviewed. Rights: `catalog.staff.managers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.definitions.hashing import content_hash
from catalog.models import Division, ItemVersion, Matter, MatterVersion, Proposal, RegionalVersion, ServiceItem
from catalog.publishing.publishing import (
    MatterDraft,
    PublishingRefused,
    freeze,
    lint_item,
    refuse_errors,
)
from catalog.publishing.recording import because
from catalog.staff.managers import PROPOSE, REVIEW
from catalog.versions.items import content_of, freeze_item
from catalog.wording.findings import FindingText
from portal.accounts.models import User

Definition = Matter | ServiceItem
Version = MatterVersion | ItemVersion
# What a decision writes.
_DECISION = ("state", "review_note", "reviewed_by", "reviewed_at", "matter_version", "item_version")


class ProposalRefused(Exception):
    """Something about a proposal cannot be done; ``sentence`` says why, and what to do instead."""

    code = "proposal_refused"
    sentence: str | Promise = ""

    def __init__(self, **params: Any) -> None:
        super().__init__(str(self.sentence) % params)


class ProposalNotAllowed(ProposalRefused):
    code = "not_allowed"
    sentence = gettext_lazy("您没有这项权限，请联系系统管理员。")


class NothingChanged(ProposalRefused):
    code = "nothing_changed"
    sentence = gettext_lazy("草稿和现行版本一样，没有要发布的改动。")


class AlreadyProposed(ProposalRefused):
    """``proposal``: the one that waits."""

    code = "already_proposed"
    sentence = gettext_lazy("同样的内容已由%(who)s提出，正在等人审核。")

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(who=proposal.proposed_by)


class ProposalAlreadyDecided(ProposalRefused):
    code = "already_decided"
    sentence = gettext_lazy("这份申请已经处理过了：%(state)s（%(who)s）。")

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(state=proposal.get_state_display(), who=proposal.reviewed_by or proposal.proposed_by)


class OwnProposal(ProposalRefused):
    code = "own_proposal"
    sentence = gettext_lazy("自己提出的发布申请要由另一个人审核。")


class NotYours(ProposalRefused):
    code = "not_yours"
    sentence = gettext_lazy("只有提出的人可以撤回；审核的人请用“退回”。")


class Outdated(ProposalRefused):
    code = "outdated"
    sentence = gettext_lazy("提出以后草稿又改过，审核的就不是要发布的内容了。请提出的人重新提出。")


class PublishedMeanwhile(ProposalRefused):
    code = "published_meanwhile"
    sentence = gettext_lazy("提出以后另有版本发布，这里比较的已不是现行版本。请提出的人核对后重新提出。")


@transaction.atomic
def propose(definition: Definition, *, by: User, note: str, division: Division | None = None) -> Proposal:
    """Freeze what a draft says and ask for it to be reviewed.

    An open proposal of the same definition whose content the draft has left behind is withdrawn in favour of this one. Raises `ProposalNotAllowed`,
    `NothingChanged`, `AlreadyProposed` and ``catalog.publishing.publishing.PublishingRefused``.
    """
    if not by.has_perm(PROPOSE):
        raise ProposalNotAllowed
    _lock(definition)
    draft = _read(definition, division)
    content = draft_content(definition, division, draft)
    digest = content_hash(content)
    current = current_of(definition, division)
    if current is not None and current.content_hash == digest:
        raise NothingChanged
    refuse_errors(findings_of(definition, division, draft))
    others = Proposal.objects.select_for_update(of=("self",)).filter(
        **_of(definition), division=division, state=Proposal.State.OPEN
    )
    for other in others.select_related("proposed_by"):
        base = current.number if current else None
        if other.content_hash == digest and other.base_number == base:
            raise AlreadyProposed(other)
        _close(other, Proposal.State.WITHDRAWN, note=_("草稿又改过，由新的申请代替。"))
    return Proposal.objects.create(
        **_of(definition),
        division=division,
        content=content,
        content_hash=digest,
        base_number=current.number if current else None,
        note=note,
        proposed_by=by,
    )


@transaction.atomic
def approve(proposal: Proposal, *, by: User, note: str = "") -> Version:
    """Publish exactly what was proposed. Raises `ProposalNotAllowed`, `ProposalAlreadyDecided`, `OwnProposal`, `Outdated`, `PublishedMeanwhile` and `PublishingRefused`."""
    locked = _lock_for_review(proposal, by)
    definition = _definition_of(locked)
    current = current_of(definition, locked.division)
    if (current.number if current else None) != locked.base_number:
        raise PublishedMeanwhile
    draft = _read(definition, locked.division)
    if is_outdated(locked, draft):
        raise Outdated
    refuse_errors(findings_of(definition, locked.division, draft))
    with because(note or locked.note, proposal=locked.pk):
        version: Version
        if isinstance(definition, Matter):
            version = freeze(definition, locked.content, by, locked.division)
        else:
            version = freeze_item(definition, locked.content, by)
    _close(locked, Proposal.State.PUBLISHED, by=by, note=note, version=version)
    _copy(locked, proposal)
    return version


@transaction.atomic
def send_back(proposal: Proposal, *, by: User, reason: str) -> None:
    """Decline a proposal with a reason; the draft stays as it is. Raises `ProposalNotAllowed`, `ProposalAlreadyDecided`, `OwnProposal`."""
    locked = _lock_for_review(proposal, by)
    _close(locked, Proposal.State.SENT_BACK, by=by, note=reason)
    _copy(locked, proposal)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> None:
    """Take one's own proposal back. Raises `NotYours`, `ProposalAlreadyDecided`."""
    locked = _lock_proposal(proposal)
    if locked.proposed_by_id != by.pk:
        raise NotYours
    _close(locked, Proposal.State.WITHDRAWN)
    _copy(locked, proposal)


def is_outdated(proposal: Proposal, draft: MatterDraft | None = None) -> bool:
    """Whether the draft says something else than what was proposed. Cost: compiling the draft."""
    definition = _definition_of(proposal)
    if draft is None:
        definition.refresh_from_db()
    try:
        content = draft_content(definition, proposal.division, draft)
    except PublishingRefused:
        return True
    return content_hash(content) != proposal.content_hash


def _read(definition: Definition, division: Division | None) -> MatterDraft | None:
    return MatterDraft(definition, division) if isinstance(definition, Matter) else None


def draft_content(
    definition: Definition, division: Division | None = None, draft: MatterDraft | None = None
) -> dict[str, Any]:
    """Return what publishing a draft would freeze now. Raises ``catalog.publishing.publishing.PublishingRefused``."""
    if isinstance(definition, Matter):
        return (draft or MatterDraft(definition, division)).compile()
    return content_of(definition)


def findings_of(
    definition: Definition, division: Division | None = None, draft: MatterDraft | None = None
) -> Sequence[FindingText]:
    """Return what the lints say about a draft (as it holds in a division), errors first. A matter that is only described may have gaps: of it nothing is an error."""
    if isinstance(definition, ServiceItem):
        return lint_item(definition)
    is_open = definition.status == Matter.Status.OPEN
    found = (draft or MatterDraft(definition, division)).lint()
    return found if is_open else [finding for finding in found if finding.severity != "error"]


def current_of(definition: Definition, division: Division | None = None) -> Version | None:
    """Return the version that is current where the proposal would be."""
    pk = definition.current_version_id or 0
    if isinstance(definition, ServiceItem):
        return ItemVersion.objects.defer("content").filter(pk=pk).first()
    versions = MatterVersion.objects.defer("content")
    if division is not None:
        local = RegionalVersion.objects.filter(matter=definition, division=division)
        return versions.filter(pk__in=local.values("version")).first()
    return versions.filter(pk=pk).first()


def _lock(definition: Definition) -> None:
    """Lock a definition's row and read its status and current version anew: two who publish come one after the other."""
    model = type(definition)
    model._default_manager.select_for_update(of=("self",)).get(pk=definition.pk)
    definition.refresh_from_db()


def _lock_proposal(proposal: Proposal) -> Proposal:
    """Lock first the definition, then the proposal, always in this order. Raises `ProposalAlreadyDecided`."""
    _lock(_definition_of(proposal))
    rows = Proposal.objects.select_for_update(of=("self",))
    locked = rows.select_related("proposed_by", "reviewed_by", "division", "matter", "item").get(pk=proposal.pk)
    if locked.state != Proposal.State.OPEN:
        raise ProposalAlreadyDecided(locked)
    return locked


def _lock_for_review(proposal: Proposal, by: User) -> Proposal:
    if not by.has_perm(REVIEW):
        raise ProposalNotAllowed
    locked = _lock_proposal(proposal)
    if locked.proposed_by_id == by.pk:
        raise OwnProposal
    return locked


def _close(
    proposal: Proposal, state: str, *, by: User | None = None, note: str = "", version: Version | None = None
) -> None:
    proposal.state, proposal.review_note = state, note
    proposal.reviewed_by, proposal.reviewed_at = by, timezone.now()
    if isinstance(version, MatterVersion):
        proposal.matter_version = version
    elif version is not None:
        proposal.item_version = version
    proposal.save(update_fields=_DECISION)


def _copy(locked: Proposal, proposal: Proposal) -> None:
    for name in _DECISION:
        setattr(proposal, name, getattr(locked, name))


def _definition_of(proposal: Proposal) -> Definition:
    definition = proposal.matter or proposal.item
    assert definition is not None  # the database demands one of the two
    return definition


def _of(definition: Definition) -> dict[str, Any]:
    return {"matter": definition} if isinstance(definition, Matter) else {"item": definition}
