"""Legal holds: placed, lifted, and left out of whatever destroys rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from portal.accounts.models import Organisation, Person, User
from portal.accounts.people import document_number
from portal.identifiers.masking import mask_document, mask_name
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.retention.models import LegalHold

PLACE = "retention.place_legalhold"
# The one lock between placing a hold and destroying: what is destroyed was under none, and what was placed finds all that is left.
HOLDS = 7261003


class NotLifted(Exception):
    """The hold was lifted already, or no reason was given."""


def wait_for_holds(*, placing: bool = False) -> None:
    """Take the lock of holds for the rest of the transaction: shared by those who destroy, alone for who places one. One statement."""
    shared = "" if placing else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [HOLDS])


@transaction.atomic
def place_hold(
    by: User,
    reason: str,
    *,
    person: Person | None = None,
    organisation: Organisation | None = None,
    case: tuple[UUID, str] | None = None,
) -> LegalHold:
    """Hold what is kept of a person, an organisation or an application (its id and number). Raises `PermissionDenied`, ValueError."""
    if not by.has_perm(PLACE):
        raise PermissionDenied
    if not reason.strip() or sum(each is not None for each in (person, organisation, case)) != 1:
        raise ValueError("a hold is on one thing, for a reason")
    wait_for_holds(placing=True)
    subject = ""
    if person is not None:
        subject = f"{mask_name(person.name)} {mask_document(document_number(person))}"
    elif organisation is not None:
        subject = organisation.credit_code
    elif case is not None:
        subject = case[1]
    hold = LegalHold.objects.create(
        person=person,
        organisation=organisation,
        case=case[0] if case is not None else None,
        subject=subject,
        reason=reason.strip(),
        placed_by=by,
        placed_at=timezone.now(),
    )
    open_chain(hold.pk)
    append_events(hold.pk, [NewEvent("hold_placed", actor_id=by.pk)])
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, by: User, why: str) -> None:
    """End a hold, once. Raises `PermissionDenied`, `NotLifted`."""
    if not by.has_perm(PLACE):
        raise PermissionDenied
    locked = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if locked.lifted_at is not None or not why.strip():
        raise NotLifted
    locked.lifted_at, locked.lifted_by, locked.lifted_why = timezone.now(), by, why.strip()
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    append_events(hold.pk, [NewEvent("hold_lifted", actor_id=by.pk)])


def under_hold(*, person: str = "", organisation: str = "", case: str = "") -> Q:
    """Return the condition that a row is under a hold. Each names the row's column (a lookup) that says whose it is."""
    holds = LegalHold.objects.filter(lifted_at=None)
    found = Q(pk__in=[])
    for name, column in (("person", person), ("organisation", organisation), ("case", case)):
        if column:
            found |= Q(Exists(holds.filter(**{name: OuterRef(column)})))
    return found


def is_held(*, person: Any = None, organisation: Any = None, case: Any = None) -> bool:
    """Say whether a person, an organisation or an application is under a hold. One query."""
    return holds_on(person=person, organisation=organisation, case=case).exists()


def nobody_places_one() -> Func:
    """Return the condition, for a single UPDATE or DELETE, that the lock of holds was free: shared by this statement then, as by
    `wait_for_holds`."""
    return Func(Value(HOLDS), function="pg_try_advisory_xact_lock_shared", output_field=models.BooleanField())


def holds_on(*, person: Any = None, organisation: Any = None, case: Any = None) -> QuerySet[LegalHold]:
    """Return the holds in force on a person, an organisation or an application; of columns (``OuterRef``) within another query."""
    wanted = models.Q(pk__in=[])
    for name, value in (("person", person), ("organisation", organisation), ("case", case)):
        if value is not None:
            wanted |= Q(**{name: value})
    return LegalHold.objects.filter(wanted, lifted_at=None)
