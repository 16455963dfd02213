"""Making the files of official documents (文书): printed from the frozen words, sealed by the signer, kept whole or not at all.

A document stands with its words, its number and its digest from the event on; its page shows them. The file is made once somebody opens
that page. Made at once, the dozen sheets of one newborn's application that hardly anybody prints cost more than all the rest of its life.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from certificates.activities.storing import remove_files, store_files
from certificates.pdf.page.seal_drawing import seal_glyphs
from certificates.pdf.page.stamping import Prepared, seal_into
from certificates.pdf.sealed_page import prepare_page
from certificates.seal.signing import SignerAway, seal_provider
from certificates.seal.wire import SealRequest
from matters.core.letters import Letter
from matters.models import OfficialDocument
from portal.lib.printing import print_page
from portal.lib.vault import SealBroken
from portal.outbox.claiming import Claim, Postponed, StaleLease, complete
from portal.outbox.enqueueing import Job, enqueue_again

log = structlog.get_logger(__name__)

RENDER = "render_document"
FOLDER = "letters"
# From so many lines of tables on it is set closer, to end on one page where it can.
LONG = 8
# How long a request waits for a file that is being made: longer than one takes, shorter than people do.
PATIENCE = timedelta(seconds=2)
SetAside = OfficialDocument.SetAside


@dataclass(frozen=True, slots=True)
class _Printed:
    """A file that lacks nothing but its seal."""

    document: OfficialDocument
    prepared: Prepared


def render_letters(claims: Sequence[Claim]) -> None:
    """Handle ``render_document``: the subject is the document's id. Safe to run any number of times.

    Files are written first, then rows and claims change in one transaction. What the signer refuses is set aside with its reason for a
    person. Raises ``StaleLease`` with nothing done, ``Postponed`` while the signer is away. Cost: about 0.2 s a document.
    """
    waiting = OfficialDocument.objects.filter(
        pk__in={UUID(claim.subject) for claim in claims}, rendered_at__isnull=True, set_aside=""
    ).select_related("bundle", "department")
    printed, refused = [], {}
    for document in waiting.defer("bundle__form_sealed"):
        try:
            printed.append(_print(document))
        except SealBroken:
            refused[document.pk] = SetAside.UNREADABLE
    requests = [
        SealRequest(one.document.pk, hashlib.sha256(one.document.content_sealed).digest(), one.prepared.digest())
        for one in printed
    ]
    try:
        answers = seal_provider().seal_many(requests) if requests else []
    except SignerAway as away:
        raise Postponed(away.code) from away
    made: dict[UUID, tuple[str, bytes]] = {}
    for one, answer in zip(printed, answers, strict=True):
        if answer.refused:
            refused[one.document.pk] = SetAside.SIGNER_REFUSED
            log.warning("letter_set_aside", document=str(one.document.pk), reason=answer.refused)
            continue
        content = seal_into(one.prepared, answer.signature)
        made[one.document.pk] = (_file_name(one.document.pk, content), content)
    try:
        store_files(made.values())
        with transaction.atomic():
            complete(claims)
            _write(made, refused)
    except (StaleLease, OSError):
        # Not after an error of the database: a commit whose answer was lost may have kept the row that points to the file.
        remove_files(name for name, _content in made.values())
        raise


def letter_html(letter: Letter, *, digest: str, bundle_number: str, is_sealed: bool) -> str:
    """Return the printed page of a letter as HTML; nothing in it is fetched."""
    points = round(min(30.0, 150 / 0.352778 / max(len(letter.issuer), 1)), 1)
    context = {
        "letter": letter,
        "digest": digest,
        "bundle_number": bundle_number,
        "issuer_points": points,
        "is_long": sum(len(part.facts) for part in letter.parts) >= LONG,
        "is_demonstration": settings.YIJIAN_DEMO,
        "seal": [
            {
                "character": g.character,
                "x": g.x,
                "y": g.y,
                "turn": g.turn,
                "size": g.size,
                "drop": round(g.size * 0.36, 2),
            }
            for g in (seal_glyphs(letter.issuer) if is_sealed else ())
        ],
    }
    return render_to_string("print/letter.html", context)


def request_file(document: OfficialDocument) -> None:
    """Enqueue the file of a document that has none yet; nothing where it is there, set aside or being made. Safe to repeat."""
    if document.rendered_at is None and not document.set_aside:
        enqueue_again([Job(RENDER, str(document.pk), {"document": str(document.pk)})])


def wait_for_file(document: OfficialDocument) -> OfficialDocument:
    """Return the document as it is once its file is made or set aside, at most `PATIENCE` later."""
    until = time.monotonic() + PATIENCE.total_seconds()
    while document.rendered_at is None and not document.set_aside and time.monotonic() < until:
        time.sleep(0.1)
        document.refresh_from_db(fields=["rendered_at", "set_aside", "file", "file_sha256"])
    return document


def _print(document: OfficialDocument) -> _Printed:
    letter, provider = document.letter, seal_provider()
    html = letter_html(letter, digest=document.sha256, bundle_number=document.bundle.number, is_sealed=True)
    pdf = print_page(html, pdf_variant="pdf/ua-1", pdf_tags=True)
    prepared = prepare_page(
        pdf,
        title=f"{letter.title} {letter.number}",
        author=letter.issuer,
        reason=letter.title,
        signer_name=provider.signer_name,
        moment=timezone.now(),
        reserve_bytes=provider.reserve_bytes,
    )
    return _Printed(document, prepared)


def _file_name(id: UUID, content: bytes) -> str:
    return f"{FOLDER}/{id.hex[-2:]}/{id.hex[-4:-2]}/{id}.{hashlib.sha256(content).hexdigest()[:16]}.pdf"


def _write(made: dict[UUID, tuple[str, bytes]], refused: dict[UUID, SetAside]) -> None:
    """Write what became of each; a document that another worker was first with keeps that one's file."""
    now = timezone.now()
    open_rows = OfficialDocument.objects.filter(rendered_at__isnull=True, set_aside="")
    for id, (name, content) in made.items():
        sha256 = hashlib.sha256(content).hexdigest()
        if not open_rows.filter(pk=id).update(file=name, file_sha256=sha256, rendered_at=now):
            remove_files([name])
    for id, why in refused.items():
        open_rows.filter(pk=id).update(set_aside=why)
