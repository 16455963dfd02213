"""The signer seals what was approved and nothing else, whoever asks."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from certificates.activities.rendering_work import render_certificates
from certificates.activities.signer import answer, judge, listening
from certificates.models import Certificate
from certificates.seal.pki import development_files
from certificates.seal.signer_client import SignerSealProvider
from certificates.seal.signing import FileSealProvider, SignerAway
from certificates.seal.wire import SealRequest, Unreadable, read_answers, read_requests, write_requests
from matters.models import SubItem
from matters.reviewing.review import accept, claim, decide, start_review
from portal.lib.uuid7 import uuid7
from portal.outbox.claiming import claim_batch
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db
DIGEST = hashlib.sha256(b"a file").digest()


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def certificate(town: Town) -> Certificate:
    """What Zhao granted; its file is not made yet."""
    bundle = town.submit()
    for act in (claim, accept, start_review):
        act(town.zhao, town.part(bundle, "birth_cert"))
    decide(town.zhao, town.part(bundle, "birth_cert"), "approved", "", {"number": "P360000001"})
    return Certificate.objects.get()


def asked(certificate: Certificate, face: bytes | None = None) -> SealRequest:
    return SealRequest(certificate.pk, hashlib.sha256(face or certificate.face_sealed).digest(), DIGEST)


def test_it_seals_what_was_granted(certificate: Certificate) -> None:
    (sealed,) = answer([asked(certificate)], FileSealProvider())
    assert sealed.refused == ""
    assert DIGEST in sealed.signature


def test_it_refuses_a_certificate_that_is_not_there(certificate: Certificate) -> None:
    forged = SealRequest(uuid7(), bytes(32), DIGEST)
    assert judge([forged, asked(certificate)]) == ["unknown", ""]


def test_it_refuses_another_face_than_the_one_that_was_issued(certificate: Certificate) -> None:
    assert judge([asked(certificate, b"another face")]) == ["face_changed"]


def test_it_refuses_what_was_not_granted(certificate: Certificate) -> None:
    SubItem.objects.filter(number=certificate.decision_reference).update(state="rejected")
    assert judge([asked(certificate)]) == ["not_granted"]


def test_it_refuses_what_another_department_granted(certificate: Certificate, town: Town) -> None:
    SubItem.objects.filter(number=certificate.decision_reference).update(department=town.departments["police"])
    assert judge([asked(certificate)]) == ["not_granted"]


@pytest.mark.parametrize("status", ["revoked", "rescinded", "recalled", "deregistered"])
def test_it_refuses_what_is_no_longer_valid(certificate: Certificate, status: str) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(status=status)
    assert judge([asked(certificate)]) == ["not_valid"]


def test_it_seals_what_is_only_suspended(certificate: Certificate) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(status="suspended")
    assert judge([asked(certificate)]) == [""]


def test_it_seals_no_second_file(certificate: Certificate) -> None:
    render_certificates(claim_batch("render_certificate"))
    assert judge([asked(certificate)]) == ["over"]


def test_a_batch_costs_two_queries(certificate: Certificate, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        judge([asked(certificate)] * 50)


def test_while_it_is_away_nothing_is_lost(certificate: Certificate, settings: Settings, tmp_path: Path) -> None:
    development_files(settings.YIJIAN_DEVELOPMENT_SEAL_DIR)
    settings.YIJIAN_SIGNER_SOCKET = str(tmp_path / "nobody")
    settings.YIJIAN_SEAL_PROVIDER = "certificates.seal.signer_client.SignerSealProvider"
    for _sweep in range(5):
        assert process("render_certificate", budget=0.1)[0] == 0
        OutboxMessage.objects.filter(kind="render_certificate").update(not_before="2026-01-01T00:00Z")
    job = OutboxMessage.objects.get(kind="render_certificate")
    assert (job.attempts, job.quarantined_at, job.done_at) == (0, None, None)
    settings.YIJIAN_SEAL_PROVIDER = "certificates.seal.signing.FileSealProvider"
    assert process("render_certificate")[0] == 1
    assert Certificate.objects.get().is_rendered


def test_whoever_verifies_reads_no_key(settings: Settings, tmp_path: Path) -> None:
    settings.YIJIAN_DEVELOPMENT_SEAL_DIR = tmp_path / "pki"
    key, *_public = development_files(settings.YIJIAN_DEVELOPMENT_SEAL_DIR)
    provider = SignerSealProvider()
    assert not hasattr(provider, "_key")
    assert [one.subject.native["common_name"] for one in provider.trusted()] == ["Yijian Development Root"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o400


def test_a_key_that_others_can_read_is_refused(settings: Settings, tmp_path: Path) -> None:
    key, *_public = development_files(tmp_path / "pki")
    settings.YIJIAN_DEVELOPMENT_SEAL_DIR = tmp_path / "pki"
    FileSealProvider()
    for mode in (0o440, 0o404, 0o640):
        key.chmod(mode)
        with pytest.raises(ImproperlyConfigured, match="chmod 0400"):
            FileSealProvider()


def test_it_listens_only_where_nobody_else_can_write(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(PermissionError), listening(tmp_path / "open" / "socket"):
        pass
    with listening(tmp_path / "own" / "s"):
        assert stat.S_IMODE((tmp_path / "own" / "s").stat().st_mode) == 0o600
        assert (tmp_path / "own").stat().st_uid == os.geteuid()
    assert not (tmp_path / "own" / "s").exists()


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"\n", b"{}", b"[[]]", b"[1]", b"null", b'[["x", "00", "00"]]', b"[" * 100_000, b"\xff\xfe"),
        b'[["01a22964-ea21-70d2-ad01-c56de7dee253", "00", "00"]]',
        write_requests([SealRequest(uuid7(), bytes(32), bytes(32))] * 201),
    ],
)
def test_what_cannot_be_meant_is_not_answered(line: bytes) -> None:
    with pytest.raises(Unreadable):
        read_requests(line)
    with pytest.raises(Unreadable):
        read_answers(line, 1)


def test_an_answer_that_is_cut_off_counts_as_none(settings: Settings, tmp_path: Path) -> None:
    settings.YIJIAN_SIGNER_SOCKET = str(tmp_path / "nobody")
    development_files(settings.YIJIAN_DEVELOPMENT_SEAL_DIR)
    with pytest.raises(SignerAway):
        SignerSealProvider().seal_many([SealRequest(uuid7(), bytes(32), bytes(32))])
