"""Asking a source, and the row that stays of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, F, Q, QuerySet, UUIDField
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.accounts.models import Organisation, Person
from portal.accounts.people import document_number
from portal.lib.prepared import BuiltOnce, Slot
from portal.lib.uuid7 import uuid7
from portal.lib.vault import blind_index
from portal.sharing.core.inquiry import Adapter, DataSubject, Inquiry, Reply, Wanted
from portal.sharing.health import tell_owners
from portal.sharing.models import Fetch, FetchOutcome, Grant, SharingConsent

log = structlog.get_logger(__name__)


class NotAgreed(Exception):
    """No consent in force and no legal ground, of a person whose identity is proved, covers what was to be asked."""


def subject_index(subject: DataSubject) -> str:
    """Return what whoever is asked about is found by, without being stored: their document and the name given with it."""
    return blind_index(f"subject:{subject.kind}", f"{subject.number}/{subject.name}").hex()


def own_index(person: Person, organisation: Organisation | None) -> str:
    """Return the `subject_index` of whom an application is for: the organisation, else the person."""
    if organisation is not None:
        return subject_index(DataSubject("credit_code", organisation.credit_code, organisation.name))
    return subject_index(DataSubject(person.document_kind, document_number(person), person.name))


def ask(consent: SharingConsent, subject: DataSubject, wanted: Sequence[Wanted], purpose: str) -> Fetch:
    """Ask the consent's source about `subject` and return the row of it, not yet saved.

    Raises `NotAgreed` where the consent is over at this moment, does not name all of `wanted` and `subject`, or is of somebody who has not proved
    who they are. Whatever the other side does is an outcome. One transaction of its own before the question leaves.
    """
    index = subject_index(subject)
    is_covered = index in consent.subjects and {each.asked for each in wanted} <= set(consent.asked)
    is_covered = is_covered and consent.person.is_proved
    if not is_covered:
        raise NotAgreed
    now = _covered_now(SharingConsent.objects.filter(pk=consent.pk, withdrawn_at=None, until__gt=timezone.now()))
    fetch = Fetch(id=uuid7(), source=consent.source, consent=consent, case=consent.case)
    return _asked(fetch, subject, wanted, consent.items, purpose, str(consent.pk), now)


@transaction.atomic
def _covered_now(basis: QuerySet[Any]) -> datetime:
    """Return the moment at which something is asked, on what it rests then. Raises `NotAgreed` where that is over.

    The row is held while the clock is read, as it is by whoever ends it: what is asked was asked before, or is not asked.
    """
    if not basis.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True):
        raise NotAgreed
    return timezone.now()


def ask_by_law(
    grant: int,
    subject: DataSubject,
    wanted: Wanted,
    *,
    person: Person,
    organisation: Organisation | None,
    case: UUID,
    purpose: str,
) -> Fetch:
    """Ask what a grant with a legal ground is about, without consent, and return the row of it, not yet saved.

    ``person``, ``organisation``: whose application it is, and about whom alone it is asked. Raises `NotAgreed` where the grant is not in
    force, has no legal ground or is about something else, and for somebody who has not proved who they are. Two queries.
    """
    rows = Grant.objects.filter(pk=grant, state=Grant.State.GRANTED).exclude(legal_ground="")
    found = rows.select_related("provision__source__department").first()
    if found is None or found.provision.asked != wanted.asked or not person.is_proved:
        raise NotAgreed
    now = _covered_now(rows)
    fetch = Fetch(
        id=uuid7(),
        source=found.provision.source,
        grant=found,
        ground=found.legal_ground,
        person=person,
        organisation=organisation,
        until=now + timedelta(days=settings.YIJIAN_SHARING_CONSENT_DAYS),
        case=case,
    )
    return _asked(fetch, subject, [wanted], [found.item], purpose, f"grant:{found.pk}", now)


def _asked(
    fetch: Fetch,
    subject: DataSubject,
    wanted: Sequence[Wanted],
    items: Sequence[str],
    purpose: str,
    reference: str,
    now: datetime,
) -> Fetch:
    """Ask what a fetch is for, and keep in it what was said."""
    source = fetch.source
    fetch.subject_index, fetch.asked, fetch.asked_at = subject_index(subject), sorted(w.asked for w in wanted), now
    inquiry = Inquiry(
        source=source.code,
        address=source.address,
        subject=subject,
        wanted=tuple(wanted),
        items=tuple(items),
        purpose=purpose,
        reference=reference,
        fetch=str(fetch.pk),
        ground=fetch.ground,
    )
    started = time.monotonic()
    reply = _reply(source.adapter, inquiry)
    fetch.milliseconds = round((time.monotonic() - started) * 1000)
    _take(fetch, reply, timezone.localdate(now))
    log.info(
        "source_asked",
        source=source.code,
        outcome=fetch.outcome,
        milliseconds=fetch.milliseconds,
        case=str(fetch.case),
    )
    return fetch


def _reply(adapter: str, inquiry: Inquiry) -> Reply:
    """Return what an adapter says. One that fails over an answer could not read it; the words of its error may quote the answer, no log does."""
    try:
        return _adapter(adapter).ask(inquiry)
    except Exception as error:
        log.error("adapter_failed", source=inquiry.source, adapter=adapter, error=type(error).__name__)
        return Reply(FetchOutcome.UNREADABLE)


def write_fetches(fetches: Iterable[Fetch]) -> None:
    """Write what was asked and answered, and tell the owner of a source that fails.

    One statement, more where one has failed; refused where a consent was withdrawn before it was asked.
    """
    written = Fetch.objects.bulk_create(fetches)
    tell_owners(written)


def in_force(now: datetime | Slot) -> Q:
    """Return the condition that what a fetch rests on lets it be read: its consent, or the grant as it was decided before it was asked."""
    by_law = Q(until__gt=now, grant__state=Grant.State.GRANTED, grant__decided_at__lte=F("asked_at"))
    return Q(consent__isnull=False, consent__withdrawn_at=None, consent__until__gt=now) | by_law


def readable_fetches(case: UUID, *, sealed: bool = True) -> list[Fetch]:
    """Return what a case may read of its sources now, the latest first: what is `in_force`, and not older than the source is fresh.

    One query; answers stay sealed, and unread where ``sealed``.
    """
    return (_SEALED if sealed else _UNSEALED)(case=case, now=timezone.now())


def _readable(*left_out: str) -> QuerySet[Fetch]:
    now = Slot("now", DateTimeField())
    fetches = Fetch.objects.filter(
        in_force(now),
        case=Slot("case", UUIDField()),
        asked_at__gt=now - F("source__fresh_days") * timedelta(days=1),
    )
    return fetches.select_related("source__department", "consent", "grant").order_by("-asked_at").defer(*left_out)


_SEALED = BuiltOnce(lambda: _readable("answer_sealed"))
_UNSEALED = BuiltOnce(_readable)


def fetches_in_force(fetches: Iterable[str]) -> frozenset[str]:
    """Return those of these fetches that are `in_force`: what they told may be shown. One query."""
    found = Fetch.objects.filter(in_force(timezone.now()), pk__in=list(fetches))
    return frozenset(str(pk) for pk in found.values_list("pk", flat=True))


def _take(fetch: Fetch, reply: Reply, today: date) -> None:
    """Keep of an answer what was asked for and is so today: a document that has expired was not found."""
    wanted = set(fetch.asked)
    elements = {code: value for code, value in reply.elements.items() if f"element:{code}" in wanted}
    documents = {
        code: dict(told)
        for code, told in reply.documents.items()
        if f"material:{code}" in wanted and not _is_over(told.get("valid_until"), today)
    }
    found = sorted([*(f"element:{code}" for code in elements), *(f"material:{code}" for code in documents)])
    fetch.outcome = reply.outcome if reply.outcome != FetchOutcome.FOUND or found else FetchOutcome.NOT_FOUND
    if fetch.outcome != FetchOutcome.FOUND:
        return
    answer: dict[str, Any] = {"elements": elements, "documents": documents}
    fetch.found, fetch.as_of = found, reply.as_of
    fetch.seal_answer(answer)
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fetch.answer_digest = blind_index("sharing.answer", text).hex()


def _is_over(valid_until: Any, today: date) -> bool:
    if not valid_until:
        return False
    try:
        return date.fromisoformat(str(valid_until)) < today
    except ValueError:
        return True  # a term nobody can read vouches for nothing


@cache
def _adapter(name: str) -> Adapter:
    adapter: Adapter = import_string(settings.YIJIAN_SHARING_ADAPTERS[name])()
    return adapter
