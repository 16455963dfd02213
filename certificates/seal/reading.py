"""Judge the shape and the seal of a file that a stranger hands in. A task of the sandbox: imports no Django and reads no key."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates.core.strict_cms import is_exact
from certificates.core.strict_pdf import LARGEST_FILE, find_faults, signature_of


def read_seal(source: IO[bytes], target: IO[bytes], trusted: list[str]) -> dict[str, Any]:
    """Answer ``faults`` of the shape, ``is_sealed``, and ``told``: what a sealed file says of its term and status. ``trusted``: the certificates that verification rests on, DER in hexadecimal.

    Its shape first, then the seal: nothing is parsed that is not ours.
    """
    data = source.read(LARGEST_FILE + 1)
    faults = find_faults(data)
    roots = [x509.Certificate.load(bytes.fromhex(one)) for one in trusted]
    is_sealed = not faults and is_sealed_under(data, roots)
    return {"faults": faults, "is_sealed": is_sealed, "told": facts_of(data) if is_sealed else {}}


def facts_of(data: bytes) -> dict[str, Any]:
    """Return what a sealed file says to readers without a network: ``expires_on`` (ISO, empty: no term), ``list``, ``place``.

    Empty for a file from before these were written. Only for a file whose seal holds.
    """
    said = PdfFileReader(BytesIO(data), strict=True).trailer["/Info"]
    if "/StatusPlace" not in said:
        return {}
    return {
        "identifier": str(said["/Subject"]),
        "expires_on": str(said["/ExpiresOn"]),
        "list": str(said["/StatusList"]),
        "place": int(said["/StatusPlace"]),
    }


def is_sealed_under(data: bytes, roots: list[Any]) -> bool:
    """Return whether the one signature in a file of our shape is exact, intact, covers it, and leads to one of these certificates."""
    try:
        if not is_exact(signature_of(data), [root.dump() for root in roots]):
            return False
        signatures = PdfFileReader(BytesIO(data), strict=True).embedded_signatures
        if len(signatures) != 1:
            return False
        context = ValidationContext(
            trust_roots=roots, allow_fetching=False, moment=signatures[0].self_reported_timestamp
        )
        status: Any = validate_pdf_signature(signatures[0], signer_validation_context=context)
        return bool(status.bottom_line and status.docmdp_ok)
    except Exception:
        return False  # whatever a hostile file does to the parser, the answer is the same: not sealed by us
