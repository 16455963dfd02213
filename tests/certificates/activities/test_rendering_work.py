"""The worker that makes the files."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from certificates.activities import rendering_work
from certificates.activities.rendering_work import enqueue_missing_renderings, render_certificates, retry_quarantined
from certificates.models import Certificate
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox import processing as outbox
from portal.outbox.claiming import STARTS, StaleLease, claim_again, claim_batch, release
from portal.outbox.models import OutboxMessage
from tests.certificates.conftest import VALUES, Issue, process

pytestmark = pytest.mark.django_db
RARE = {**VALUES, "child_name": "李\U000323b1"}


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Path:
    """Real files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_makes_seals_and_keeps_the_file(rendered: Certificate) -> None:
    with rendered.file.open("rb") as file:
        content = file.read()
    assert content.startswith(b"%PDF-1.7")
    assert hashlib.sha256(content).hexdigest() == rendered.file_sha256
    kinds = list(Event.objects.filter(chain_id=rendered.pk).order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["certificate_issued", "certificate_rendered"]
    assert verify_chain(rendered.pk) == []
    assert OutboxMessage.objects.get(kind="render_certificate").done_at is not None
    message = Message.objects.get(recipient=rendered.applicant.user)
    assert (message.kind, message.link) == ("certificate_issued", f"/certificates/{rendered.pk}/")


def test_run_twice_it_makes_one_file(issue: Issue, disk: Path) -> None:
    issue()
    first = claim_batch("render_certificate")
    render_certificates(first)
    made = Certificate.objects.get()
    with pytest.raises(StaleLease):
        render_certificates(first)
    OutboxMessage.objects.update(done_at=None)
    render_certificates(claim_again_now())
    again = Certificate.objects.get()
    assert (again.file.name, again.file_sha256, again.rendered_at) == (
        made.file.name,
        made.file_sha256,
        made.rendered_at,
    )
    assert len(files(disk)) == 1
    assert Message.objects.count() == 1


def test_on_a_full_disk_certificates_wait_uncounted_and_are_made_when_there_is_room(
    issue: Issue, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often, and nothing is left that no row points to: the file fits each time, its folder's entry does not."""
    issue()
    written: list[int] = []

    def sync(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) % 2 == 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", sync)
        for _ in range(STARTS + 1):
            assert outbox.process("render_certificate") == (0, False)
            assert files(disk) == []
            OutboxMessage.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    waiting = OutboxMessage.objects.filter(kind="render_certificate")
    assert set(waiting.values_list("attempts", "quarantined_at", "postponements")) == {(0, None, STARTS + 1)}
    assert outbox.process("render_certificate")[0] == 1
    assert len(files(disk)) == 1
    assert Certificate.objects.filter(rendered_at=None).count() == 0


def claim_again_now() -> list[Any]:
    claim = claim_again("render_certificate")
    assert claim is not None
    return [claim]


def test_killed_after_writing_it_is_done_again_and_leaves_nothing_behind(
    issue: Issue, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = issue()

    class Killed(BaseException):
        pass

    def die(*args: object) -> None:
        raise Killed

    claims = claim_batch("render_certificate")
    with monkeypatch.context() as patch:
        patch.setattr(rendering_work, "complete", die)
        with pytest.raises(Killed):
            render_certificates(claims)
    left = files(disk)
    assert len(left) == 1
    certificate.refresh_from_db()
    assert certificate.rendered_at is None

    OutboxMessage.objects.update(lease_until=None)
    render_certificates(claim_again_now())
    certificate.refresh_from_db()
    assert certificate.is_rendered
    assert [path.name for path in files(disk)] == [Path(str(certificate.file)).name]
    assert left[0].name != Path(str(certificate.file)).name


def test_overtaken_it_takes_its_file_away(issue: Issue, disk: Path) -> None:
    issue()
    claims = claim_batch("render_certificate")
    OutboxMessage.objects.update(lease_number=9)
    with pytest.raises(StaleLease):
        render_certificates(claims)
    assert files(disk) == []
    assert not Certificate.objects.get().is_rendered


def test_it_writes_whole_files_or_none(issue: Issue, disk: Path) -> None:
    assert isinstance(default_storage, FileSystemStorage)
    certificate = issue()
    process()
    certificate.refresh_from_db()
    written = files(disk)
    assert [path.suffix for path in written] == [".pdf"]
    assert hashlib.sha256(written[0].read_bytes()).hexdigest() == certificate.file_sha256


def test_a_rare_character_waits_for_a_person(issue: Issue) -> None:
    certificate = issue(face=RARE)
    process()
    certificate.refresh_from_db()
    assert not certificate.is_rendered
    assert certificate.set_aside_reason == Certificate.SetAsideReason.RARE_CHARACTERS
    assert certificate.set_aside_detail == "\U000323b1"
    assert OutboxMessage.objects.get(kind="render_certificate").done_at is not None
    assert Event.objects.filter(chain_id=certificate.pk, kind="certificate_set_aside").count() == 1
    assert not Message.objects.exists()


def test_one_that_waits_for_a_person_does_not_hold_up_its_neighbours(issue: Issue) -> None:
    issue(face=RARE)
    issue(decision_reference="2026-1122-0002-01")
    assert process() == 2
    assert Certificate.objects.filter(rendered_at__isnull=False).count() == 1


def test_it_is_made_after_a_person_has_seen_to_it(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = issue()
    Certificate.objects.update(set_aside_at="2026-11-22T00:00Z", set_aside_reason="rare_characters")
    OutboxMessage.objects.update(done_at="2026-11-22T00:00Z")
    assert retry_quarantined([certificate.pk]) == 1
    process()
    certificate.refresh_from_db()
    assert certificate.is_rendered
    assert certificate.set_aside_reason == ""


def test_an_unreadable_face_waits_for_a_person(issue: Issue) -> None:
    certificate = issue()
    Certificate.objects.update(face_sealed=b"\x01\x00")
    process()
    certificate.refresh_from_db()
    assert certificate.set_aside_reason == Certificate.SetAsideReason.FACE_UNREADABLE


def test_without_its_font_it_is_tried_again_and_not_set_aside(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    from certificates.pdf.fonts import stack

    certificate = issue()
    monkeypatch.setattr(stack, "FONT_FOLDERS", ())
    stack._open_stack.cache_clear()
    claims = claim_batch("render_certificate")
    with pytest.raises(stack.FontMissing) as error:
        render_certificates(claims)
    release(claims[0], error.value)
    certificate.refresh_from_db()
    assert not certificate.is_rendered
    assert certificate.set_aside_at is None


def test_a_lost_promise_is_made_again(issue: Issue) -> None:
    certificate = issue()
    OutboxMessage.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE certificates_certificate SET issued_at = now() - interval '1 hour'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert enqueue_missing_renderings() == 1
    process()
    certificate.refresh_from_db()
    assert certificate.is_rendered
    assert enqueue_missing_renderings() == 0


def test_a_sealed_file_is_never_replaced(rendered: Certificate) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=rendered.pk).update(file_sha256="0" * 64)


def test_a_batch_costs_no_more_statements_than_one(issue: Issue, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        issue(decision_reference=f"2026-1122-{number:04d}-01")
    claims = claim_batch("render_certificate")
    with django_assert_max_num_queries(8):
        render_certificates(claims)
