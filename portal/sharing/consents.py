"""Consents of people to have a source asked: given line by line, in force until they lapse, withdrawn at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, UUIDField
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.accounts.mandates.activities import is_dead
from portal.accounts.models import Level, Organisation, Person, User, is_alive
from portal.accounts.people import is_proved_enough
from portal.lib.prepared import Slot
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import subject_index
from portal.sharing.models import DataSource, Fetch, SharingConsent


class NotProved(Exception):
    """Whoever agrees has not proved who they are."""


class PersonDead(Exception):
    """In whose name it would be agreed has died: nobody acts in a dead person's name (Civil Code art. 13)."""


@transaction.atomic
def give_consent(
    *,
    person: Person,
    organisation: Organisation | None = None,
    case: UUID,
    source: DataSource,
    asked: Collection[str],
    subjects: Collection[DataSubject],
    items: Collection[str],
    text: str,
    by: User,
) -> SharingConsent:
    """Record that a person lets `source` be asked for a case, with the words they were shown; return what is in force now.

    What is covered already changes nothing; anything more takes the place of the consent before, which ends in the moment that the new one begins (`with_replaced`). ``asked``: ``kind:code`` of each.
    ``organisation``: for whom the person agrees, if not for themselves.
    Raises `NotProved` for somebody who only says who they are: nobody lets registers be asked about a number that may be another's;
    `PersonDead`.
    """
    if not is_proved_enough(person, Level.CHANNEL):
        raise NotProved
    if is_dead(person):
        raise PersonDead
    indexes = [subject_index(subject) for subject in subjects]
    before = SharingConsent.objects.select_for_update().filter(case=case, source=source, withdrawn_at=None).first()
    now = timezone.now()  # once the row is held: what was asked by it was asked before
    if before is not None and before.until > now and covers(before, asked, indexes, items):
        return before
    if before is not None:
        before.withdrawn_at = now
        before.save(update_fields=["withdrawn_at"])
    return SharingConsent.objects.create(
        person=person,
        organisation=organisation,
        source=source,
        case=case,
        asked=sorted(set(asked)),
        items=sorted(set(items)),
        subjects=sorted(set(indexes)),
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        given_by=by,
        given_at=now,
        until=now + timedelta(days=settings.YIJIAN_SHARING_CONSENT_DAYS),
    )


def covers(consent: SharingConsent, asked: Collection[str], subjects: Collection[str], items: Collection[str]) -> bool:
    """Return whether a consent names all of this. ``subjects``: as `subject_index` gives them."""
    return (
        set(asked) <= set(consent.asked) and set(subjects) <= set(consent.subjects) and set(items) <= set(consent.items)
    )


def consents_of(
    person: Person, organisation: Organisation | None = None, matters: Collection[str] | None = None
) -> QuerySet[SharingConsent]:
    """Return what a person agreed to for themselves; or what any of an organisation's people agreed to in its name.

    ``matters``: those, by their slugs, to which somebody who acts for the organisation is limited; None: all.
    """
    if organisation is not None:
        found = SharingConsent.objects.filter(organisation=organisation)
        if matters is None:
            return found
        return found.filter(case__in=import_string(settings.YIJIAN_CASES_IN_MATTERS)(organisation.pk, matters))
    return SharingConsent.objects.filter(person=person, organisation=None)


def with_replaced(consents: QuerySet[SharingConsent]) -> QuerySet[SharingConsent]:
    """Annotate ``is_replaced``: it ended because its person agreed to more in its place (`give_consent`), not because they took it back."""
    after = SharingConsent.objects.filter(case=OuterRef("case"), source=OuterRef("source"))
    ended = Exists(after.filter(given_at=OuterRef("withdrawn_at")))
    return consents.annotate(is_replaced=ended)  # type: ignore[no-redef]


def asked_by_law(
    person: Person, organisation: Organisation | None = None, matters: Collection[str] | None = None
) -> QuerySet[Fetch]:
    """Return what was asked without consent for applications of a person, or of an organisation. Whose: as `consents_of` says."""
    asked = Fetch.objects.filter(person__isnull=False, organisation=organisation).defer("answer_sealed")
    if organisation is None:
        return asked.filter(person=person)
    if matters is None:
        return asked
    return asked.filter(case__in=import_string(settings.YIJIAN_CASES_IN_MATTERS)(organisation.pk, matters))


@transaction.atomic
def withdraw_consents(
    person: Person,
    *,
    organisation: Organisation | None = None,
    matters: Collection[str] | None = None,
    case: UUID | None = None,
    ids: Collection[UUID] = (),
) -> int:
    """Withdraw consents of a case, or those named; return how many were in force. From now on nothing is asked or read by them.

    Whose: as `consents_of` says.
    """
    mine = consents_of(person, organisation, matters).filter(withdrawn_at=None)
    chosen = mine.filter(case=case) if case is not None else mine.filter(pk__in=list(ids))
    held = chosen.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    return end_consents(list(held))


def end_consents(held: Collection[UUID]) -> int:
    """End consents whose rows the caller's transaction holds, at a moment after all that was asked by them; return how many were in force."""
    if not held:
        return 0
    return SharingConsent.objects.filter(pk__in=held, withdrawn_at=None).update(withdrawn_at=timezone.now())


def consents_in_force() -> QuerySet[SharingConsent]:
    """Return the consents that let sources be asked for a case now; to be built once (`BuiltOnce`) and given ``case`` and ``now``.

    What somebody agreed to who has died since lets nothing be asked any more.
    """
    in_force = Q(case=Slot("case", UUIDField()), withdrawn_at=None, until__gt=Slot("now", DateTimeField()))
    return SharingConsent.objects.filter(in_force, is_alive("person")).select_related("source__department")
