"""The owner's desk (供需对接): departments ask for what others know, the owner's lead decides, refusals can be disputed.

Rights are those of departments: who reviews or leads in a department asks for its items, who leads the source's department decides and
ends, an administrator settles a dispute. Who only supervises looks on. Every step is an event of the grant's own history.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID, uuid5

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from catalog.models import ServiceItem
from catalog.staff.memberships import Right, department_ids_for, who_may
from catalog.staff.telling import tell_staff
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.sharing.models import Grant, GrantDispute, Provision

_GRANTS = UUID("b7a4a2d5-02d5-4a36-8e42-5c9a2f0f1a44")
ASKING: tuple[Right, ...] = ("review",)
LOOKING: tuple[Right, ...] = (*ASKING, "supervise")
DECIDING: tuple[Right, ...] = ("issue",)
LONGEST = 300

_SENTENCES = {
    "not_yours": gettext_lazy("这一项不归您办。"),
    "no_reason": gettext_lazy("请写明用途或者理由，不超过 300 字。"),
    "own_request": gettext_lazy("您自己提出的需求，要由另一个人答复。"),
    "not_open": gettext_lazy("这一项刚才已经有了结论，没有改动。"),
    "no_item": gettext_lazy("请选择本部门的一个事项。"),
    "no_article": gettext_lazy(
        "法律依据请写明哪部法律、哪一条，例如《某某条例》第十条，不超过 200 字；没有就留空，经本人同意再查。"
    ),
    "asked_already": gettext_lazy("这个事项已经提出过，正在等答复或者已经同意。"),
}


# 《…》第…条: what people can look up.
_ARTICLE = re.compile(r"《[^《》]+》.*第[^《》]+条")


class DeskRefused(Exception):
    """It may not be done. ``code`` says why, ``sentence`` says it to people."""

    def __init__(self, code: str) -> None:
        self.code, self.sentence = code, str(_SENTENCES[code])
        super().__init__(self.sentence)


def leading(user: User | AnonymousUser) -> frozenset[int]:
    """Return the ids of the departments that the user leads: there they both supervise and decide."""
    return department_ids_for(user, "supervise") & department_ids_for(user, *DECIDING)


def may_look(user: User | AnonymousUser) -> bool:
    """Return whether the user works anywhere where needs and supplies matter."""
    return bool(department_ids_for(user, *LOOKING)) or bool(getattr(user, "is_superuser", False))


def items_of(user: User | AnonymousUser) -> QuerySet[ServiceItem]:
    """Return the items for which the user may ask: those of the departments where they review."""
    return ServiceItem.objects.filter(department__in=department_ids_for(user, *ASKING)).order_by("name")


@transaction.atomic
def request_grant(provision: Provision, item: ServiceItem, purpose: str, by: User, *, legal_ground: str = "") -> Grant:
    """Ask the owner of a provision for it, for one item and purpose; what was refused or ended is asked for anew. Raises `DeskRefused`.

    ``legal_ground``: the law and article by which it may be asked without the person's consent; empty: only with it.
    """
    if item.department_id not in department_ids_for(by, *ASKING):
        raise DeskRefused("no_item")
    purpose, legal_ground = _said(purpose, 200), _article(legal_ground)
    grant = Grant.objects.select_for_update().filter(provision=provision, item=item.slug).first()
    if grant is None:
        grant = Grant(provision=provision, item=item.slug)
    elif grant.state in {Grant.State.REQUESTED, Grant.State.GRANTED}:
        raise DeskRefused("asked_already")
    grant.state, grant.purpose, grant.requested_by = Grant.State.REQUESTED, purpose, by
    grant.legal_ground = legal_ground
    grant.decided_by = grant.decided_at = grant.ended_by = grant.ended_at = None
    grant.reason = ""
    grant.save()
    _event(grant, "grant_requested", by, item.department.code, ground=legal_ground)
    _tell_leads(grant, f"grant:{grant.pk}:{timezone.now():%s}", "grant_requested")
    return grant


@transaction.atomic
def decide_grant(grant: Grant, verdict: str, reason: str, by: User, *, legal_ground: str | None = None) -> Grant:
    """Agree to a request, refuse it, or end what was granted, with a reason. ``verdict``: the state it comes to. Raises `DeskRefused`.

    ``legal_ground``: on which the owner agrees to it; None: as it was requested.
    """
    locked = (
        Grant.objects.select_for_update(of=("self",)).select_related("provision__source__department").get(pk=grant.pk)
    )
    if locked.provision.source.department_id not in leading(by):
        raise DeskRefused("not_yours")
    reason = _said(reason, LONGEST)
    before = Grant.State.GRANTED if verdict == Grant.State.ENDED else Grant.State.REQUESTED
    if locked.state != before or verdict not in {Grant.State.GRANTED, Grant.State.REFUSED, Grant.State.ENDED}:
        raise DeskRefused("not_open")
    now = timezone.now()
    locked.state, locked.reason = verdict, reason
    if verdict == Grant.State.ENDED:
        locked.ended_by, locked.ended_at = by, now
    else:
        if locked.requested_by_id == by.pk:
            raise DeskRefused("own_request")
        locked.decided_by, locked.decided_at = by, now
        if verdict == Grant.State.GRANTED and legal_ground is not None:
            locked.legal_ground = _article(legal_ground)
    locked.save()
    _event(locked, f"grant_{verdict}", by, locked.provision.source.department.code, ground=locked.legal_ground)
    if locked.requested_by_id is not None:
        _tell(
            {locked.requested_by_id} & _who_asks(locked),
            locked,
            f"grant:{locked.pk}:{verdict}:{now:%s}",
            f"grant_{verdict}",
        )
    return locked


@transaction.atomic
def dispute_grant(grant: Grant, said: str, by: User) -> GrantDispute:
    """Lay a refusal, or an end, before whoever runs the sharing (争议). Raises `DeskRefused`."""
    locked = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if not items_of(by).filter(slug=locked.item).exists():
        raise DeskRefused("not_yours")
    said = _said(said, LONGEST)
    is_closed = locked.state in {Grant.State.REFUSED, Grant.State.ENDED}
    if not is_closed or locked.disputes.filter(settled_at=None).exists():
        raise DeskRefused("not_open")
    dispute = GrantDispute.objects.create(grant=locked, said=said, opened_by=by, opened_at=timezone.now())
    _event(locked, "grant_disputed", by, "")
    return dispute


@transaction.atomic
def settle_dispute(dispute: GrantDispute, grants: bool, words: str, by: User) -> None:
    """Settle a dispute: the refusal stands, or the owner has to give it. An administrator does, who neither asked nor decided.

    Raises `DeskRefused`.
    """
    locked = GrantDispute.objects.select_for_update(of=("self",)).select_related("grant").get(pk=dispute.pk)
    grant = locked.grant
    if not by.is_superuser:
        raise DeskRefused("not_yours")
    if by.pk in {grant.requested_by_id, grant.decided_by_id, locked.opened_by_id}:
        raise DeskRefused("own_request")
    words = _said(words, LONGEST)
    if locked.settled_at is not None:
        raise DeskRefused("not_open")
    now = timezone.now()
    locked.settlement, locked.settled_by, locked.settled_at, locked.is_upheld = words, by, now, grants
    locked.save()
    if grants:
        grant.state, grant.decided_by, grant.decided_at = Grant.State.GRANTED, by, now
        grant.ended_by = grant.ended_at = None
        grant.reason = words
        grant.save()
    _event(grant, "grant_dispute_settled", by, "", upheld=grants)
    _tell({locked.opened_by_id} & _who_asks(grant), grant, f"grant_dispute:{locked.pk}", "grant_settled")


def needs_of(user: User | AnonymousUser) -> QuerySet[Grant]:
    """Return the grants that concern the user's departments, as owner or as asker; an administrator sees all."""
    found = Grant.objects.select_related(
        "provision__source__department", "requested_by", "decided_by", "ended_by"
    ).prefetch_related("disputes")
    if getattr(user, "is_superuser", False):
        return found
    own = department_ids_for(user, *LOOKING)
    items = ServiceItem.objects.filter(department__in=own).values("slug")
    return found.filter(Q(provision__source__department__in=own) | Q(item__in=items))


def leads_of(department_id: int) -> frozenset[int]:
    """Return the accounts of those who lead a department now. Two queries."""
    return who_may(department_id, "supervise") & who_may(department_id, *DECIDING)


def _who_asks(grant: Grant) -> frozenset[int]:
    """Return the accounts that ask for what this item needs now. Two queries."""
    department = ServiceItem.objects.filter(slug=grant.item).values_list("department", flat=True).first()
    return who_may(department, *ASKING) if department is not None else frozenset()


def _said(text: str, longest: int) -> str:
    text = text.strip()
    if not text or len(text) > longest:
        raise DeskRefused("no_reason")
    return text


def _article(text: str) -> str:
    text = text.strip()
    if text and (len(text) > 200 or not _ARTICLE.search(text)):
        raise DeskRefused("no_article")
    return text


def _event(grant: Grant, kind: str, by: User, department: str, **data: object) -> None:
    chain = uuid5(_GRANTS, str(grant.pk))
    open_chain(chain)
    append_events(chain, [NewEvent(kind, actor_id=by.pk, department=department, data={"grant": grant.pk, **data})])


def _tell_leads(grant: Grant, key: str, kind: str) -> None:
    _tell(leads_of(grant.provision.source.department_id), grant, key, kind)


def _tell(users: Collection[int], grant: Grant, key: str, kind: str) -> None:
    data = {"source": grant.provision.source.name, "asked": grant.provision.code, "item": grant.item}
    tell_staff(kind, data, key=key, link=reverse("sharing_desk:desk"), accounts=users, now_may=users)
