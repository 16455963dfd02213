"""Papers that came in while the virus scanner did not answer (待查毒): looked at as soon as it does. Nobody opens them before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog
from django.db import connection, transaction

from matters.files.scanning import ScannerUnavailable, find_virus, is_answering, is_configured
from matters.models import Scan, SubmittedMaterial
from portal.ledger.chain import NewEvent, append_events
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import Job, enqueue_again

log = structlog.get_logger(__name__)

KIND = "scan_paper"
LIMIT = 500


def scan_papers(claims: Sequence[Claim]) -> None:
    """Handle ``scan_paper``: the subject is the paper's id. Safe to run any number of times. Raises ``StaleLease`` with nothing done.

    While the scanner does not answer the papers stay as they are, and are enqueued again when it does.
    """
    waiting = SubmittedMaterial.objects.filter(pk__in=[UUID(claim.subject) for claim in claims], scan=Scan.PENDING)
    verdicts: dict[UUID, tuple[SubmittedMaterial, str]] = {}
    try:
        for paper in waiting:
            with paper.file.open("rb") as file:
                verdicts[paper.pk] = (paper, find_virus(file))
    except (ScannerUnavailable, FileNotFoundError) as error:
        log.warning("scanner_unavailable", error=str(error))
    with transaction.atomic():
        complete(claims)
        for paper, found in verdicts.values():
            _record(paper, found)


def enqueue_pending_scans() -> int:
    """Enqueue every paper that waits for the scanner, if it answers; return how many. One query, and one question to the scanner."""
    if not is_configured():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.id::text FROM matters_submittedmaterial p
             WHERE p.scan = 'pending'
               AND NOT EXISTS (SELECT 1 FROM outbox_outboxmessage m
                                WHERE m.kind = %s AND m.subject = p.id::text AND m.done_at IS NULL)
             ORDER BY p.id LIMIT %s
            """,
            [KIND, LIMIT],
        )
        waiting = [id for (id,) in cursor.fetchall()]
    if not waiting or not is_answering():
        return 0
    enqueue_again(Job(KIND, id, {"paper": id}) for id in waiting)
    return len(waiting)


def _record(paper: SubmittedMaterial, found: str) -> None:
    """Write what the scanner said, and in the history of a bundle that a paper of it is set aside."""
    scan = Scan.INFECTED if found else Scan.CLEAN
    changed = SubmittedMaterial.objects.filter(pk=paper.pk, scan=Scan.PENDING).update(scan=scan)
    if not changed or not found:
        return
    log.warning("virus_found", paper=str(paper.pk), virus=found)
    bundle_id = SubmittedMaterial.objects.values_list("bundle_id", flat=True).get(pk=paper.pk)
    if bundle_id is not None:
        data = {"paper": str(paper.pk), "material": paper.material, "virus": found[:100]}
        append_events(bundle_id, [NewEvent(kind="virus_found", data=data)])
