"""Making the files that were enqueued when certificates were issued."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.activities.library import shown_under
from certificates.activities.storing import file_name, remove_files, remove_others, store_files
from certificates.core.face import Face
from certificates.core.status_list import StatusSpot
from certificates.models import Certificate
from certificates.pdf.page.stamping import Prepared
from certificates.pdf.rendering import RenderingRefused, finish_certificate, prepare_certificate
from certificates.seal.signing import SignerAway, seal_provider
from certificates.seal.status_lists import list_address
from certificates.seal.wire import SealAnswer, SealRequest
from portal.accounts.organisations.principals import recipients_of
from portal.ledger.chain import NewEvent, append_events_to_many
from portal.lib.sealed_text import sealed_for
from portal.lib.vault import SealBroken, unseal
from portal.notices.inbox import send_messages
from portal.notices.models import Message
from portal.outbox.claiming import Claim, Postponed, StaleLease, complete
from portal.outbox.enqueueing import Job, enqueue_again

log = structlog.get_logger(__name__)

KIND = "render_certificate"


@dataclass(frozen=True, slots=True)
class _Made:
    certificate: Certificate
    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class _Quarantined:
    certificate: Certificate
    reason: str
    detail: str


class _Overtaken(Exception):
    """Another worker was first; nothing of this one's work may stay."""


def render_certificates(claims: Sequence[Claim]) -> None:
    """Handle ``render_certificate``: the subject is the certificate's id. Safe to run any number of times.

    Files are written first, whole, under names that nobody else uses; then rows, events, notices and claims change in one
    transaction. Killed in between, the work is done again and what was left behind is removed. A certificate that cannot
    be printed faithfully, or that the signer refuses, is quarantined with its reason for a person to see to. Raises `StaleLease` with
    nothing done, `Postponed` while the signer is away.
    """
    ids = {UUID(claim.subject) for claim in claims}
    waiting = Certificate.objects.filter(pk__in=ids, rendered_at__isnull=True, set_aside_at__isnull=True)
    now = timezone.now()
    try:
        outcomes = _make_all(waiting.select_related("issuer", "applicant"), now)
    except SignerAway as away:
        raise Postponed(away.code) from away
    made = [outcome for outcome in outcomes if isinstance(outcome, _Made)]
    quarantined = [outcome for outcome in outcomes if isinstance(outcome, _Quarantined)]
    _store(made)
    try:
        with transaction.atomic():
            complete(claims)
            _write_rendered(made, now)
            _write_quarantined(quarantined, now)
            _write_history(made, quarantined)
    except (StaleLease, _Overtaken):
        remove_files(one.name for one in made)
        raise
    if any(claim.attempts > 1 or claim.postponements for claim in claims):
        for one in made:
            remove_others(one.certificate.pk, one.name)
    for refused in quarantined:
        log.warning("certificate_set_aside", certificate=str(refused.certificate.pk), reason=refused.reason)


def _store(made: Sequence[_Made]) -> None:
    """Write the files, all or none: of a disk that became full in between, nothing stays that no row points to."""
    try:
        store_files((one.name, one.content) for one in made)
    except OSError:
        remove_files(one.name for one in made)
        raise


def retry_quarantined(ids: Sequence[UUID]) -> int:
    """Enqueue the files of quarantined certificates anew, say after a font was added; return how many."""
    with transaction.atomic():
        found = list(Certificate.objects.filter(pk__in=ids, set_aside_at__isnull=False).values_list("pk", flat=True))
        Certificate.objects.filter(pk__in=found).update(set_aside_at=None, set_aside_reason="", set_aside_detail="")
        enqueue_again(Job(KIND, str(id), {"certificate": str(id)}) for id in found)
    return len(found)


def enqueue_missing_renderings() -> int:
    """Enqueue the file of every certificate that has neither a file nor an open job; return how many. One statement or two."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id::text FROM certificates_certificate c
             WHERE c.rendered_at IS NULL AND c.set_aside_at IS NULL
               AND c.issued_at < statement_timestamp() - interval '1 minute'
               AND NOT EXISTS (SELECT 1 FROM outbox_outboxmessage m
                                WHERE m.kind = %s AND m.subject = c.id::text AND m.done_at IS NULL)
             ORDER BY c.issued_at LIMIT 1000
            """,
            [KIND],
        )
        missing = [id for (id,) in cursor.fetchall()]
    enqueue_again(Job(KIND, id, {"certificate": id}) for id in missing)
    return len(missing)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A file that lacks nothing but its seal."""

    certificate: Certificate
    prepared: Prepared


def _make_all(waiting: Iterable[Certificate], now: datetime) -> list[_Made | _Quarantined]:
    """Draw every file, have all of them sealed in one message, and finish them. Raises `SignerAway` with nothing done."""
    found = [_draw(certificate, now) for certificate in waiting]
    drawn = [one for one in found if isinstance(one, _Drawn)]
    outcomes = [one for one in found if isinstance(one, _Quarantined)]
    requests = [
        SealRequest(one.certificate.pk, hashlib.sha256(one.certificate.face_sealed).digest(), one.prepared.digest())
        for one in drawn
    ]
    answers = seal_provider().seal_many(requests) if requests else []
    return [*outcomes, *(_finish(one, answer) for one, answer in zip(drawn, answers, strict=True))]


def _draw(certificate: Certificate, now: datetime) -> _Drawn | _Quarantined:
    try:
        face = Face.from_json(unseal(certificate.face_sealed, certificate.face_context))
        spot = StatusSpot(list_address(certificate.status_list), certificate.status_place)
        return _Drawn(certificate, prepare_certificate(face, certificate.verification_token, moment=now, spot=spot))
    except SealBroken as error:
        return _Quarantined(certificate, Certificate.SetAsideReason.FACE_UNREADABLE, error.code)
    except RenderingRefused as refusal:
        return _set_aside(certificate, refusal)


def _finish(drawn: _Drawn, answer: SealAnswer) -> _Made | _Quarantined:
    certificate = drawn.certificate
    if answer.refused:
        return _Quarantined(certificate, Certificate.SetAsideReason.SIGNER_REFUSED, answer.refused)
    try:
        content = finish_certificate(drawn.prepared, answer.signature)
    except RenderingRefused as refusal:
        return _set_aside(certificate, refusal)
    sha256 = hashlib.sha256(content).hexdigest()
    return _Made(certificate, file_name(certificate.pk, sha256), content, sha256)


def _set_aside(certificate: Certificate, refusal: RenderingRefused) -> _Quarantined:
    if refusal.code not in Certificate.SetAsideReason.values:
        raise refusal
    return _Quarantined(certificate, refusal.code, refusal.detail)


def _write_rendered(made: Sequence[_Made], now: datetime) -> None:
    if not made:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE certificates_certificate c SET file = new.file, file_sha256 = new.sha256, rendered_at = %s
              FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS new (id, file, sha256)
             WHERE c.id = new.id AND c.rendered_at IS NULL AND c.set_aside_at IS NULL
            """,
            [now, [str(one.certificate.pk) for one in made], [one.name for one in made], [one.sha256 for one in made]],
        )
        if cursor.rowcount != len(made):
            raise _Overtaken("a certificate was rendered by another worker meanwhile")


def _write_quarantined(quarantined: Sequence[_Quarantined], now: datetime) -> None:
    for one in quarantined:
        waiting = Certificate.objects.filter(pk=one.certificate.pk, rendered_at__isnull=True, set_aside_at__isnull=True)
        detail = sealed_for(one.certificate, "set_aside_detail", one.detail[:200])
        if waiting.update(set_aside_at=now, set_aside_reason=one.reason, set_aside_detail=detail) != 1:
            raise _Overtaken("a certificate was quarantined by another worker meanwhile")


def _write_history(made: Sequence[_Made], quarantined: Sequence[_Quarantined]) -> None:
    events = {
        **{one.certificate.pk: [_event(one.certificate, "certificate_rendered", sha256=one.sha256)] for one in made},
        **{
            one.certificate.pk: [_event(one.certificate, "certificate_set_aside", reason=str(one.reason))]
            for one in quarantined
        },
    }
    if events:
        append_events_to_many(events)
    send_messages(notice for one in made for notice in _notices(one.certificate))


def _event(certificate: Certificate, kind: str, **data: str) -> NewEvent:
    return NewEvent(kind, department=certificate.issuer.code, data=data)


def _notices(certificate: Certificate) -> list[Message]:
    return [
        Message.about(
            {"certificate": certificate.type_name, "department": certificate.issuer_name},
            recipient_id=account,
            principal=principal,
            key=f"certificate_issued:{certificate.pk}",
            kind="certificate_issued",
            link=reverse("certificates:detail", args=[certificate.pk]),
        )
        for account, principal in recipients_of(
            certificate.applicant, certificate.organisation_id, certificate.matter, shown_under(certificate)
        )
    ]
