"""What a file is worth, without a database: by its seal, its term and a status list that somebody saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from django.core.management import CommandError, call_command
from django.utils import timezone

from certificates.activities.status import change_status, supersede
from certificates.activities.verifying import report_here, report_offline
from certificates.core.report import VerificationReport
from certificates.models import Certificate
from certificates.seal.signing import seal_provider
from portal.accounts.models import User
from tests.certificates.conftest import Issue, process

pytestmark = pytest.mark.django_db
OFFLINE = "--offline"


def trusted() -> list[bytes]:
    return [one.dump() for one in seal_provider().trusted()]


def content(certificate: Certificate) -> bytes:
    certificate.refresh_from_db()
    with certificate.file.open("rb") as file:
        return bytes(file.read())


def saved(certificate: Certificate) -> str:
    """The list as somebody saves it now."""
    return seal_provider().sign_status_list(certificate.status_list)


def offline(certificate: Certificate, *lists: str, later: timedelta = timedelta(0)) -> VerificationReport:
    return report_offline(content(certificate), timezone.now() + later, trusted(), lists)


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Return a function that runs the command on a file and returns its exit code and its report."""

    def run(data: bytes, *options: Any) -> tuple[int, dict[str, Any]]:
        path, said = tmp_path / "certificate.pdf", StringIO()
        path.write_bytes(data)
        try:
            call_command("verify_certificate", str(path), "--json", *map(str, options), stdout=said)
        except SystemExit as ended:
            return int(ended.code or 0), json.loads(said.getvalue())
        return 0, json.loads(said.getvalue())

    return run


@pytest.mark.parametrize("status", ["suspended", "revoked", "rescinded", "recalled", "deregistered"])
def test_a_list_from_before_a_change_says_valid_and_one_from_after_it_says_which(
    rendered: Certificate, wang: User, status: str
) -> None:
    before = saved(rendered)
    change_status(rendered, status, "理由", wang)
    assert offline(rendered, before).verdict == "valid"
    report = offline(rendered, before, saved(rendered))
    assert (report.signature.verdict, report.status.verdict, report.validity.verdict) == ("genuine", status, "in_term")
    assert report.verdict == report_here(content(rendered), timezone.now()).verdict == status


def test_what_was_replaced_is_called_so(rendered: Certificate, issue: Issue, wang: User) -> None:
    supersede(rendered, wang)
    issue(replaces=rendered)
    assert offline(rendered, saved(rendered)).verdict == "superseded"
    assert report_here(content(rendered), timezone.now()).verdict == "superseded"


def test_without_a_list_that_counts_it_cannot_know(rendered: Certificate) -> None:
    token = saved(rendered)
    for lists, later, reasons in (
        ((), 0, ("no_list",)),
        ((token,), 25, ("list_too_old",)),
        ((seal_provider().sign_status_list(7),), 0, ("list_is_another",)),
        (("no list",), 0, ("list_shape",)),
    ):
        report = offline(rendered, *lists, later=timedelta(hours=later))
        assert (report.verdict, report.status.reasons) == ("cannot_know", reasons)
        assert report.signature.verdict == "genuine"
    assert offline(rendered, token, later=timedelta(hours=25)).list_age_seconds in range(25 * 3600, 25 * 3600 + 60)
    assert offline(rendered, token).list_age_seconds in range(60)


def test_the_term_is_read_from_the_sealed_file(issue: Issue) -> None:
    ended = issue(expires_on=date(2026, 11, 21))
    process()
    report = offline(ended)
    assert (report.verdict, report.validity.reasons) == ("expired", ("expires_on 2026-11-21",))
    assert report.status.verdict == "cannot_know"


def test_a_changed_file_is_forged_and_says_nothing_else(rendered: Certificate) -> None:
    data, token = content(rendered), saved(rendered)
    place = data.index(b"/StatusPlace ") + len(b"/StatusPlace ")
    other = b"1" if data[place : place + 1] != b"1" else b"2"
    for forged in (data[:place] + other + data[place + 1 :], data + b" ", data[:-9], b"", b"%PDF-1.7\n"):
        report = report_offline(forged, timezone.now(), trusted(), [token])
        assert (report.verdict, report.status.verdict, report.validity.verdict) == ("forged", *2 * ("cannot_know",))
        assert report.identifier == ""


def test_the_command_asks_no_database_offline(
    rendered: Certificate,
    told: Callable[..., tuple[int, dict[str, Any]]],
    tmp_path: Path,
    django_assert_num_queries: Any,
) -> None:
    (tmp_path / "list").write_text(saved(rendered) + "\n")
    pem = b"".join(load_der_x509_certificate(one).public_bytes(Encoding.PEM) for one in trusted())
    (tmp_path / "roots.pem").write_bytes(pem)
    data = content(rendered)
    with django_assert_num_queries(0):
        code, report = told(data, OFFLINE, "--status-list", tmp_path / "list", "--trust", tmp_path / "roots.pem")
    assert (code, report["verdict"], report["identifier"]) == (0, "valid", rendered.identifier)
    assert report["status"] == {"verdict": "valid", "reasons": ["listed"]}
    with django_assert_num_queries(0):
        code, report = told(data + b" ", OFFLINE)
    assert (code, report["verdict"], report["signature"]["reasons"]) == (1, "forged", ["tail"])


def test_the_command_beside_the_database(
    rendered: Certificate, wang: User, told: Callable[..., tuple[int, dict[str, Any]]], tmp_path: Path
) -> None:
    data = content(rendered)
    assert told(data)[1]["signature"]["reasons"] == ["issued"]
    change_status(rendered, "revoked", "理由", wang)
    code, report = told(data)
    assert (code, report["verdict"], report["status"]["reasons"]) == (1, "revoked", ["catalog"])
    with pytest.raises(CommandError):
        told(data, "--trust", tmp_path / "nothing")
    with pytest.raises(CommandError):
        told(data, OFFLINE, "--trust", tmp_path / "nothing")


def test_it_says_it_in_lines_for_people(rendered: Certificate, tmp_path: Path) -> None:
    (tmp_path / "certificate.pdf").write_bytes(content(rendered))
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_certificate", str(tmp_path / "certificate.pdf"), OFFLINE, stdout=said)
    first, *rest = said.getvalue().splitlines()
    assert first == f"cannot_know  {rendered.identifier}"
    assert [line.split(":")[0].strip() for line in rest] == ["signature", "status", "validity"]
