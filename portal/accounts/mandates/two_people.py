"""What takes two officers of a window: a guardianship, a death, and that a death was recorded wrongly. The first proposes, another
confirms; until then nothing changes. Each step is an event of the proposal's own chain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.mandates.activities import (
    Kind,
    MandateConflict,
    MandateScope,
    Source,
    is_dead,
    require_possible,
    write_mandate,
)
from portal.accounts.models import Death, DeathWithdrawal, Mandate, Person, User, WindowProposal
from portal.ledger.chain import append_events, open_chain
from portal.ledger.core.hashing import NewEvent
from portal.notices.inbox import send_message


class WindowProposalRefused(Exception):
    """It may not be decided so. ``code``: ``same_person``, ``own_business``, ``not_here``, ``not_open``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@transaction.atomic
def propose_guardian(
    ward: Person,
    guardian: Person,
    scope: MandateScope,
    *,
    kind: str,
    basis: str,
    paper: str,
    officer: User,
    sites: Collection[str],
) -> WindowProposal:
    """Propose that somebody is the parent or guardian who acts for another. Raises `MandateConflict`, `WindowProposalRefused` ``own_business``."""
    require_possible(ward, guardian, scope, kind, Source.PAPER, basis)
    until = scope.until.isoformat() if scope.until is not None else None
    told = {**scope.columns(), "until": until, "kind": str(kind), "basis": str(basis)}
    return _propose(WindowProposal.Kind.GUARDIAN, ward, officer, sites, paper, told, guardian)


@transaction.atomic
def propose_death(
    person: Person, *, died_on: date, paper: str, officer: User, sites: Collection[str]
) -> WindowProposal:
    """Propose that somebody has died. Raises `MandateConflict`: ``dead``, ``no_paper``, ``not_proved``; `WindowProposalRefused` ``own_business``."""
    if not person.is_proved:
        raise MandateConflict("not_proved")
    if is_dead(person):
        raise MandateConflict("dead")
    return _propose(WindowProposal.Kind.DEATH, person, officer, sites, paper, {"died_on": died_on.isoformat()})


@transaction.atomic
def propose_alive(person: Person, *, why: str, officer: User, sites: Collection[str]) -> WindowProposal:
    """Propose that a death was recorded wrongly. Raises `MandateConflict`: ``not_dead``, ``no_paper``; `WindowProposalRefused` ``own_business``."""
    if not is_dead(person):
        raise MandateConflict("not_dead")
    return _propose(WindowProposal.Kind.ALIVE, person, officer, sites, why)


@transaction.atomic
def confirm(proposal: UUID, *, officer: User, sites: Collection[str], window: str) -> WindowProposal:
    """Put a proposal into force, as the second officer. ``window``: where to object, with its telephone.

    Raises `WindowProposalRefused`; `MandateConflict` where it cannot be so any more.
    """
    found = _open(proposal, sites)
    if officer.pk == found.proposed_by_id:
        raise WindowProposalRefused("same_person")
    _refuse_own(found, officer)
    _decide(found, WindowProposal.Status.CONFIRMED, officer)
    {
        WindowProposal.Kind.GUARDIAN: _write_guardian,
        WindowProposal.Kind.DEATH: _write_death,
        WindowProposal.Kind.ALIVE: _write_alive,
    }[WindowProposal.Kind(found.kind)](found, officer, window)
    return found


@transaction.atomic
def refuse(proposal: UUID, *, officer: User, sites: Collection[str]) -> WindowProposal:
    """Refuse a proposal, or take one's own back. Raises `WindowProposalRefused`: ``not_here``, ``not_open``."""
    found = _open(proposal, sites)
    _decide(found, WindowProposal.Status.REFUSED, officer)
    return found


def _propose(
    kind: str,
    person: Person,
    officer: User,
    sites: Collection[str],
    paper: str,
    told: Mapping[str, Any] | None = None,
    agent: Person | None = None,
) -> WindowProposal:
    if not paper.strip():
        raise MandateConflict("no_paper")
    proposal = WindowProposal(
        kind=kind,
        person=person,
        agent=agent,
        told=dict(told or {}),
        paper=paper.strip(),
        sites=sorted(sites),
        proposed_by=officer,
    )
    _refuse_own(proposal, officer)
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        raise MandateConflict("is_proposed") from None
    open_chain(proposal.pk)
    append_events(proposal.pk, [NewEvent(f"{kind}_proposed", officer.pk, data={"person": str(person.pk)})])
    return proposal


def _open(proposal: UUID, sites: Collection[str]) -> WindowProposal:
    rows = WindowProposal.objects.select_for_update(of=("self",)).select_related("person", "agent", "proposed_by")
    found = rows.filter(pk=proposal, sites__overlap=list(sites)).first()
    if found is None:
        raise WindowProposalRefused("not_here")
    if found.status != WindowProposal.Status.OPEN:
        raise WindowProposalRefused("not_open")
    return found


def _refuse_own(proposal: WindowProposal, officer: User) -> None:
    """Nobody records such a thing about themselves, or to their own advantage."""
    parties = [one for one in (proposal.person, proposal.agent) if one is not None]
    if any(one.user_id == officer.pk for one in parties):
        raise WindowProposalRefused("own_business")


def _decide(proposal: WindowProposal, status: WindowProposal.Status, officer: User) -> None:
    proposal.status, proposal.decided_by, proposal.decided_at = status, officer, timezone.now()
    proposal.save(update_fields=["status", "decided_by", "decided_at"])
    append_events(proposal.pk, [NewEvent(f"{proposal.kind}_{status}", officer.pk)])


def _write_guardian(proposal: WindowProposal, officer: User, window: str) -> None:
    told = proposal.told
    until = date.fromisoformat(told["until"]) if told["until"] else None
    matters = tuple(told["matters"]) if told["matters"] is not None else None
    write_mandate(
        proposal.person,
        proposal.agent,
        None,
        MandateScope(matters, until, None, told["sees_certificates"], told["consents"]),
        by=proposal.proposed_by,
        source=Source.PAPER,
        kind=Kind(told["kind"]),
        evidence={
            "officer": proposal.proposed_by,
            "confirmed_by": officer,
            "paper": proposal.paper,
            "basis": told["basis"],
            "sites": proposal.sites,
        },
        window=window,
    )


def _write_death(proposal: WindowProposal, officer: User, window: str) -> None:
    # The row of the person is held, so that of two confirmations at once one finds the other's.
    Person.objects.select_for_update(no_key=True).get(pk=proposal.person_id)
    if is_dead(proposal.person):
        raise MandateConflict("dead")
    Death.objects.create(
        person=proposal.person,
        died_on=date.fromisoformat(proposal.told["died_on"]),
        paper=proposal.paper,
        officer=proposal.proposed_by,
        confirmed_by=officer,
    )
    _tell(proposal, "death_recorded", window)


def _write_alive(proposal: WindowProposal, officer: User, window: str) -> None:
    death = Death.objects.standing().filter(person=proposal.person).first()
    if death is None:
        raise MandateConflict("not_dead")
    DeathWithdrawal.objects.create(death=death, why=proposal.paper, officer=proposal.proposed_by, confirmed_by=officer)
    _tell(proposal, "death_withdrawn", window)


def _tell(proposal: WindowProposal, kind: str, window: str) -> None:
    if proposal.person.user_id is not None:
        send_message(proposal.person.user_id, f"{kind}:{proposal.pk}", kind, {"window": window}, "")


def endable(number: str, sites: Collection[str]) -> Mandate | None:
    """Return a mandate that has not ended, by its number, if these windows may end it: recorded at one of them, or at none. One query."""
    rows = Mandate.objects.filter(number=number, ended_at=None).select_related("principal", "agent")
    found = rows.first()
    if found is None or (found.sites and not set(found.sites) & set(sites)):
        return None
    return found
