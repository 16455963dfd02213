"""Who may act under which mandate at this moment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import BigAutoField, DateField, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.accounts.models import Handler, Mandate, Person, is_alive
from portal.lib.prepared import BuiltOnce, Slot

_NEEDED = ("principal", "agent", "agent_organisation")


def usable_by(user_id: Any, day: Any = None) -> QuerySet[Mandate]:
    """Return the mandates by which an account may act on a day, today if none is given: its person's own, and those of organisations that it acts for."""
    handlers = Handler.objects.in_force(day).filter(
        is_alive("person"), organisation=OuterRef("agent_organisation"), person__user_id=user_id
    )
    found = Mandate.objects.in_force(day).filter(Q(agent__user_id=user_id) | Exists(handlers))
    return found.exclude(principal__user_id=user_id).select_related(*_NEEDED)


# Read for the switch on every page of whoever acts for others.
_USER, _TODAY = Slot("user", BigAutoField()), Slot("today", DateField())
_HELD = BuiltOnce(lambda: usable_by(_USER, _TODAY).filter(agent__user_id=_USER))


def held_by(user_id: int) -> list[Mandate]:
    """Return the mandates that a person holds in their own name, by the names of whom they are from. One query."""
    found = _HELD(user=user_id, today=timezone.localdate())
    return sorted(found, key=lambda mandate: (mandate.principal.name, mandate.number))


def held_by_person(person: Person) -> list[Mandate]:
    """Return the mandates that a person, with or without an account, holds in their own name today. One query."""
    found = Mandate.objects.in_force().filter(agent=person).select_related(*_NEEDED)
    return sorted(found, key=lambda mandate: (mandate.principal.name, mandate.number))


def over_for(user_id: int, mandate: UUID) -> Mandate | None:
    """Return a mandate that its agent, or one of its agent's people, may act under no more; None for everybody else, and while it stands. One query."""
    handlers = Handler.objects.in_force().filter(organisation=OuterRef("agent_organisation"), person__user_id=user_id)
    told = Mandate.objects.filter(Q(agent__user_id=user_id) | Exists(handlers), pk=mandate)
    return told.exclude(pk__in=Mandate.objects.in_force().filter(pk=mandate)).select_related("principal").first()


def handler_under(mandate: Mandate, user_id: int) -> Handler | None:
    """Return as which of an intermediary's people an account acts under a mandate; None under one of its person's own. One query at most."""
    if mandate.agent_organisation_id is None:
        return None
    return (
        Handler.objects.in_force()
        .filter(organisation=mandate.agent_organisation_id, person__user_id=user_id)
        .select_related("organisation")
        .first()
    )


def may_act_under(mandate: UUID, matter: str, user_id: int | None = None) -> bool:
    """Return whether a mandate lets somebody act now in this matter; its row is held until the caller's transaction ends.

    ``user_id``: who acts; None at a window, where the agent stands in person. Asked again where something is written, so that nothing is
    done after it was ended. At most two queries.
    """
    found = Mandate.objects.in_force() if user_id is None else usable_by(user_id)
    held = found.filter(pk=mandate).select_for_update(of=("self",), no_key=True).first()
    if held is None or not held.may_handle(matter):
        return False
    via = handler_under(held, user_id) if user_id is not None else None
    return via is None or via.may_handle(matter)


def accounts_under(mandate: UUID, matter: str) -> list[int]:
    """Return the accounts of those who may act under a mandate in this matter, to tell them of it. At most two queries."""
    held = Mandate.objects.in_force().filter(pk=mandate).select_related("agent").first()
    if held is None or not held.may_handle(matter):
        return []
    if held.agent is not None:
        return [held.agent.user_id] if held.agent.user_id is not None else []
    handlers = Handler.objects.in_force().filter(organisation=held.agent_organisation_id).select_related("person")
    return [
        handler.person.user_id
        for handler in handlers
        if handler.person.user_id is not None and handler.may_handle(matter)
    ]
