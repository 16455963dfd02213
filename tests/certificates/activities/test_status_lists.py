"""The published list: what it says, who signed it, how soon."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from certificates.activities.signer import listening
from certificates.activities.status import change_status, supersede
from certificates.activities.status_lists import KIND, publish_again, publish_status_lists
from certificates.core.status_list import PLACES, StatusesRead, StatusListUnreadable
from certificates.models import Certificate, StatusList
from certificates.seal.pki import development_files
from certificates.seal.signer_client import SignerSealProvider
from certificates.seal.signing import FileSealProvider, seal_provider
from certificates.seal.status_lists import read_list
from portal.accounts.models import User
from portal.outbox.claiming import claim_batch
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from tests.certificates.conftest import Issue

pytestmark = pytest.mark.django_db


def published(certificate: Certificate) -> StatusesRead:
    """Do what was enqueued and read the list as a stranger does, who has our certificates and nothing else."""
    publish_status_lists(claim_batch(KIND))
    answer = Client().get(reverse("status_list", args=[certificate.status_list]))
    assert answer.status_code == 200
    return read_list(answer.content.decode(), trusted(), timezone.now())


def trusted() -> list[bytes]:
    return [one.dump() for one in seal_provider().trusted()]


@pytest.mark.parametrize("status", ["suspended", "revoked", "rescinded", "recalled", "deregistered"])
def test_a_change_stands_in_the_list_under_its_own_word(
    certificate: Certificate, issue: Issue, wang: User, status: str
) -> None:
    other = issue(decision_reference="2026-1122-0002-01")
    change_status(certificate, status, "理由", wang)
    read = published(certificate)
    assert read.status_at(certificate.status_place) == status
    assert read.status_at(other.status_place) == "valid"


def test_what_was_replaced_is_called_so_and_what_was_reinstated_is_valid(
    certificate: Certificate, issue: Issue, wang: User
) -> None:
    supersede(certificate, wang)
    new = issue(replaces=certificate)
    change_status(new, "suspended", "理由", wang)
    change_status(new, "valid", "理由", wang)
    read = published(certificate)
    assert (read.status_at(certificate.status_place), read.status_at(new.status_place)) == ("superseded", "valid")


def test_every_certificate_has_a_place_of_its_own_that_stays(certificate: Certificate, issue: Issue) -> None:
    other = issue(decision_reference="2026-1122-0002-01")
    certificate.refresh_from_db()
    assert certificate.status_place != other.status_place
    assert 0 <= certificate.status_place < PLACES
    for statement in ("status_place = status_place + 1", "status_list = 7"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE certificates_certificate SET {statement}")


def test_issuing_takes_another_place_where_one_is_taken(
    certificate: Certificate, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = iter([certificate.status_place, certificate.status_place, 77])
    monkeypatch.setattr("certificates.models.secrets.randbelow", lambda _most: next(places))
    assert issue(decision_reference="2026-1122-0002-01").status_place == 77


def test_a_list_is_signed_anew_when_it_is_old_and_only_then(certificate: Certificate) -> None:
    assert publish_again() == 1
    first = published(certificate)
    assert publish_again() == 0
    StatusList.objects.update(signed_at=timezone.now() - timedelta(minutes=11))
    assert publish_again() == 1
    assert published(certificate).signed_at >= first.signed_at


def test_a_list_that_nobody_signed_is_not_there(client: Client, certificate: Certificate) -> None:
    for number in (certificate.status_list, 99, 2**40):
        assert client.get(f"/status-lists/{number}/").status_code == 404


def test_it_may_be_kept_for_a_minute_and_read_from_any_page(client: Client, certificate: Certificate) -> None:
    publish_again()
    published(certificate)
    answer = client.get(reverse("status_list", args=[certificate.status_list]))
    assert answer["Content-Type"] == "application/statuslist+jwt"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies


def test_no_changed_list_passes(certificate: Certificate, wang: User) -> None:
    change_status(certificate, "revoked", "理由", wang)
    published(certificate)
    token, dice = StatusList.objects.get().token, random.Random(2026)
    read_list(token, trusted(), timezone.now())
    for _turn in range(500):
        place = dice.randrange(len(token))
        other = dice.choice([letter for letter in "ABCabc012-_." if letter != token[place]])
        with pytest.raises(StatusListUnreadable):
            read_list(token[:place] + other + token[place + 1 :], trusted(), timezone.now())


def test_a_list_of_another_authority_or_of_tomorrow_is_refused(
    certificate: Certificate, settings: Settings, tmp_path: Path
) -> None:
    ours, now = trusted(), timezone.now()
    settings.YIJIAN_DEVELOPMENT_SEAL_DIR = tmp_path / "pki"
    theirs = FileSealProvider()
    with pytest.raises(StatusListUnreadable, match="signer"):
        read_list(theirs.sign_status_list(0), ours, now)
    token = theirs.sign_status_list(0)
    root = [one.dump() for one in theirs.trusted()]
    assert read_list(token, root, now + timedelta(days=3)).expires_at < now + timedelta(days=3)
    with pytest.raises(StatusListUnreadable, match="future"):
        read_list(token, root, now - timedelta(hours=1))


def test_it_waits_while_the_signer_is_away(
    certificate: Certificate, wang: User, settings: Settings, tmp_path: Path
) -> None:
    development_files(settings.YIJIAN_DEVELOPMENT_SEAL_DIR)
    provider, settings.YIJIAN_SEAL_PROVIDER = (
        settings.YIJIAN_SEAL_PROVIDER,
        "certificates.seal.signer_client.SignerSealProvider",
    )
    settings.YIJIAN_SIGNER_SOCKET = str(tmp_path / "nobody")
    change_status(certificate, "revoked", "理由", wang)
    assert process(KIND, budget=0.1)[0] == 0
    job = OutboxMessage.objects.get(kind=KIND)
    assert (job.attempts, job.quarantined_at, job.done_at) == (0, None, None)
    settings.YIJIAN_SEAL_PROVIDER = provider
    OutboxMessage.objects.filter(kind=KIND).update(not_before="2026-01-01T00:00Z")
    assert process(KIND)[0] == 1


@pytest.mark.django_db(transaction=True)
def test_the_signer_signs_what_it_reads_itself(settings: Settings, tmp_path: Path) -> None:
    """Over its socket: whoever asks names a number, and no statuses."""
    import threading

    folder = Path(shutil.os.path.realpath(tmp_path))  # type: ignore[attr-defined]
    settings.YIJIAN_SIGNER_SOCKET = str(folder / "s" / "signer")
    with listening(Path(settings.YIJIAN_SIGNER_SOCKET)) as signer:
        thread = threading.Thread(target=signer.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            token = SignerSealProvider().sign_status_list(3)
        finally:
            signer.shutdown()
            thread.join()
    assert read_list(token, trusted(), timezone.now()).address.endswith("/status-lists/3/")
