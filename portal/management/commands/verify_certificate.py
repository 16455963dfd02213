"""Say what a certificate's file is worth: its seal, its status and its term, each by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils import timezone

from certificates.activities.verifying import report_here, report_offline
from certificates.core.report import VerificationReport
from certificates.core.strict_pdf import LARGEST_FILE
from certificates.seal.signing import seal_provider


class Command(BaseCommand):
    """Exit code 0 only for a certificate that is valid; 1 for every other verdict; 2 where nothing could be checked."""

    help = (
        "Verify a certificate's PDF. With --offline no database and no network is asked: the seal is checked with the certificates of "
        "--trust (default: ours), the status with the lists that were saved from /status-lists/<n>/."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument("--offline", action="store_true", help="ask no database")
        parser.add_argument(
            "--status-list", type=Path, action="append", default=[], help="a saved status list; may be given again"
        )
        parser.add_argument("--trust", type=Path, help="the certificates that seals lead to, PEM")
        parser.add_argument("--json", action="store_true", help="the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["offline"] and (options["status_list"] or options["trust"]):
            raise CommandError(
                "--status-list and --trust are for --offline: otherwise the database is asked.", returncode=2
            )
        report = _report(options)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            self.stdout.write(_in_lines(report))
        if report.verdict != "valid":
            raise SystemExit(1)


def _report(options: dict[str, Any]) -> VerificationReport:
    try:
        with options["file"].open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if not options["offline"]:
            return report_here(data, timezone.now())
        lists = [path.read_text(encoding="ascii", errors="replace").strip() for path in options["status_list"]]
        return report_offline(data, timezone.now(), _trusted(options["trust"]), lists)
    except (OSError, ValueError) as error:
        raise CommandError(str(error), returncode=2) from error


def _trusted(path: Path | None) -> list[bytes]:
    if path is None:
        return [one.dump() for one in seal_provider().trusted()]
    return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(path.read_bytes())]


def _in_lines(report: VerificationReport) -> str:
    age = "" if report.list_age_seconds is None else f", list is {report.list_age_seconds} s old"
    lines = [
        f"{report.verdict}  {report.identifier}".rstrip(),
        *(
            f"  {name}: {answer.verdict} ({', '.join(answer.reasons)}{age if name == 'status' else ''})"
            for name, answer in (
                ("signature", report.signature),
                ("status", report.status),
                ("validity", report.validity),
            )
        ),
    ]
    return "\n".join(lines)
