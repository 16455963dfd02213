"""What is proposed to be decided, on the case's page: proposing it, signing it, sending it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from matters.cases.answers_in_words import decided_in_words
from matters.cases.department_view import plan_of
from matters.core.states import AFTER_ACCEPTANCE, STEPS
from matters.models import DecisionProposal, ProposalSignature, SubItem
from matters.reviewing.signing import filled_in, may_sign_now, send_back, sign, take_back_proposal
from matters.reviewing.transitions import open_proposal, parties_to
from portal.accounts.models import User
from portal.lib.whole_numbers import whole_number


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """What waits for signatures. ``outputs``: label and text of what is to be filled in; ``number``: which signature is next, of how many;
    ``ends``: whether the case ends with them because a commitment is not so."""

    row: DecisionProposal
    outputs: list[tuple[str, str]]
    signatures: list[ProposalSignature]
    number: int
    needed: int
    may_sign: bool
    is_own: bool
    ends: bool


def proposal_shown(user: User, sub_item: SubItem, *, is_free: bool) -> ProposalShown | None:
    """Return what is proposed. ``is_free``: nobody else holds the task. No query where its department's rule asks for no signatures."""
    row = open_proposal(sub_item)
    if row is None or sub_item.signing is None:
        return None
    row.sub_item = sub_item
    outputs = plan_of(sub_item.bundle).item(sub_item.key).outputs
    proposed = filled_in(row)
    filled = proposed["outputs"]
    words = decided_in_words([one for one in outputs if one.code in filled], filled)
    signatures = list(row.signatures.all())
    return ProposalShown(
        row,
        [(one.label, words[one.code]) for one in outputs if words.get(one.code)],
        signatures,
        len(signatures) + 1,
        sub_item.signing.needed,
        is_free and may_sign_now(user, sub_item, row),
        row.proposed_by_id == user.pk and not signatures,
        "promise" in proposed,
    )


def may_propose(user: User, sub_item: SubItem, *, reviews: bool) -> bool:
    """Return whether this officer may propose a decision of an accepted case that others sign. No query where none do."""
    if sub_item.signing_id is None or sub_item.state not in AFTER_ACCEPTANCE or not reviews:
        return False
    return open_proposal(sub_item) is None and STEPS["propose"].bar(parties_to(user, sub_item)) is None


def signed(request: HttpRequest, sub_item: SubItem) -> str:
    """Sign what is proposed."""
    user: Any = request.user
    decision = sign(user, sub_item, request.POST.get("opinion", ""), seen=_seen(request))
    if decision is None and not SubItem.objects.filter(pk=sub_item.pk, concluded_at=None).exists():
        return _("已签署，这一件已终止办理，并告知申请人。")
    return _("已签署，等下一位审批。") if decision is None else _("已签署，决定已作出。")


def sent_back(request: HttpRequest, sub_item: SubItem) -> str:
    """Send it back to whoever proposed it."""
    user: Any = request.user
    send_back(user, sub_item, request.POST.get("opinion", ""), seen=_seen(request))
    return _("已退回经办人。")


def _seen(request: HttpRequest) -> int:
    """Return which proposal the page showed; none is 0, which is no proposal's key."""
    return whole_number(request.POST.get("proposal", "")) or 0


def taken_back(request: HttpRequest, sub_item: SubItem) -> str:
    """Take one's own proposal back."""
    user: Any = request.user
    take_back_proposal(user, sub_item)
    return _("已收回，可以修改后重新提出。")
