"""Certificates a minute and core: drawn once and stamped, against a plain WeasyPrint page signed by plain pyHanko."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from certificates.core.face import Face, FaceLine
from certificates.pdf.rendering import complete_page, render_certificate
from certificates.seal.pki import development_files
from portal.lib.vault import blind_index
from tests.bench.figures import Figure, in_turns, say, tell

LINES = (
    ("name", "新生儿姓名"),
    ("sex", "性别"),
    ("born", "出生时间"),
    ("place", "出生地"),
    ("mother", "母亲姓名"),
    ("father", "父亲姓名"),
)


def measure(*, rounds: int, count: int) -> None:
    figure = Figure("certificates", "certificates/min/core")
    say(f"certificates: {rounds} rounds of {count}")
    sign = _plain_signer()

    def ours(number: int = count) -> None:
        figure.take("stamped", _rate(number, lambda place: render_certificate(_face(place), _token(place), moment=now)))

    def plain(number: int = max(4, count // 10)) -> None:
        figure.take("weasyprint_pyhanko", _rate(number, lambda place: sign(_plain_page(_face(place), _token(place)))))

    now = timezone.now()
    ours(4)
    plain(2)
    figure.rates.clear()
    in_turns(rounds, ours, plain)
    tell(figure.line("stamped", "weasyprint_pyhanko"))


def _rate(count: int, make: Callable[[int], bytes]) -> float:
    """Return how many a minute of processor time."""
    begun = time.process_time()
    for place in range(count):
        assert make(place).startswith(b"%PDF")
    return count / (time.process_time() - begun) * 60


def _token(place: int) -> str:
    return blind_index("bench", str(place)).hex()[:22]


def _face(place: int) -> Face:
    values = ("李小满", "男", f"2026-11-{place % 28 + 1:02d}", "江西省南昌市东湖区演示妇幼保健院", "何雨桐", "欧阳䶮")
    lines = tuple(FaceLine(code, label, "", value) for (code, label), value in zip(LINES, values, strict=True))
    return Face(
        "出生医学证明", "Birth Certificate", "南昌市卫生健康委员会", f"1.2.156.3005.2.{place:08d}", f"Z36{place:07d}",
        "2026-11-21", "", lines,
    )  # fmt: skip


def _plain_page(face: Face, token: str) -> bytes:
    from weasyprint import HTML

    found: bytes = HTML(string=complete_page(face, token)).write_pdf()
    return found


def _plain_signer() -> Callable[[bytes], bytes]:
    """Return pyHanko as its documentation signs: the key read once, the file signed with one incremental update."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    key, certificate, _chain = development_files(settings.VAR_DIR / "pki")
    signer = signers.SimpleSigner.load(str(key), str(certificate))
    assert signer is not None
    details = signers.PdfSignatureMetadata(field_name="Seal")

    def sign(content: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        signed = asyncio.run(signers.async_sign_pdf(writer, details, signer=signer))
        found: bytes = signed.getvalue()
        return found

    return sign
