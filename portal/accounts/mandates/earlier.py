"""Guardianships that one officer alone recorded, before it took two: they count for nothing until a second officer confirms them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from portal.accounts.mandates.activities import MandateConflict, end, is_dead, tell_both
from portal.accounts.mandates.two_people import WindowProposalRefused
from portal.accounts.models import Mandate, User
from portal.ledger.chain import append_events
from portal.ledger.core.hashing import NewEvent
from portal.notices.models import Message


def waiting(sites: Collection[str]) -> QuerySet[Mandate]:
    """Return those that these windows may confirm, the oldest first: recorded at one of them, or at none that is known. One query."""
    here = Q(sites=[]) | Q(sites__overlap=list(sites))
    rows = Mandate.objects.unconfirmed().filter(here).select_related("principal", "agent", "officer")
    return rows.order_by("given_at", "pk")


@transaction.atomic
def confirm_earlier(mandate: UUID, *, officer: User, sites: Collection[str], window: str) -> Mandate:
    """Put one into force as the second officer; both sides are told. ``window``: where to object, with its telephone.

    Raises `WindowProposalRefused`: ``not_open`` (also not here), ``same_person``, ``own_business``; `MandateConflict` ``dead``.
    """
    found = _open(mandate, officer, sites)
    if officer.pk == found.officer_id:
        raise WindowProposalRefused("same_person")
    if any(is_dead(one) for one in (found.principal, found.agent) if one is not None):
        raise MandateConflict("dead")
    if Mandate.objects.unconfirmed().filter(pk=found.pk).update(confirmed_by=officer) != 1:
        raise WindowProposalRefused("not_open")
    found.confirmed_by = officer
    append_events(found.pk, [NewEvent("mandate_confirmed", officer.pk)])
    tell_both(found, "guardian_confirmed", "guardian_confirmed_agent", window=window)
    return found


@transaction.atomic
def refuse_earlier(mandate: UUID, *, officer: User, sites: Collection[str]) -> Mandate:
    """End one that its paper does not bear out; both sides are told why. Raises `WindowProposalRefused`."""
    found = _open(mandate, officer, sites)
    return end(found.pk, officer=officer, why=_("复核没有通过：监护材料不足以证明。"))


def tell_unconfirmed() -> int:
    """Tell ward and guardian of each that it counts for nothing yet, once; return how many were told now. For the reconciler; one query where there is none."""
    told = Message.objects.filter(key=Concat(Value("guardian_unconfirmed:"), Cast(OuterRef("pk"), CharField())))
    as_agent = Message.objects.filter(
        key=Concat(Value("guardian_unconfirmed_agent:"), Cast(OuterRef("pk"), CharField()))
    )
    has_account = Q(principal__user__isnull=False) | Q(agent__user__isnull=False)
    rows = Mandate.objects.unconfirmed().filter(has_account, ~Exists(told), ~Exists(as_agent))
    found = list(rows.select_related("principal", "agent").order_by("given_at")[:100])
    for mandate in found:
        tell_both(mandate, "guardian_unconfirmed", "guardian_unconfirmed_agent")
    return len(found)


def _open(mandate: UUID, officer: User, sites: Collection[str]) -> Mandate:
    rows = waiting(sites).filter(pk=mandate).select_for_update(of=("self",), no_key=True)
    found = rows.first()
    if found is None:
        raise WindowProposalRefused("not_open")
    if officer.pk in {one.user_id for one in (found.principal, found.agent) if one is not None}:
        raise WindowProposalRefused("own_business")
    return found
