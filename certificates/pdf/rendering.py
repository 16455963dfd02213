"""From a frozen face to a sealed file. Nothing but the face and the public address goes in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from certificates.core.face import Face
from certificates.core.status_list import StatusSpot
from certificates.core.strict_cms import is_exact
from certificates.core.strict_pdf import find_faults
from certificates.pdf.fonts.stack import font_stack
from certificates.pdf.page.layout import SPOTS, FaceTooLong, Layout, arrange
from certificates.pdf.page.stamping import PERPETUAL, Prepared, prepare, runs_of, seal_into, written_date
from certificates.pdf.page_template import page_html, page_template_for
from certificates.seal.signing import FileSealProvider, seal_provider
from portal.lib.qr import address_modules, svg_path


class RenderingRefused(Exception):
    """This face needs a person. ``code``: ``rare_characters`` (``detail``: which), ``face_too_long`` or ``not_strict``."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


def verification_address(token: str) -> str:
    """Return the public address that the code on the certificate leads to."""
    return f"{settings.YIJIAN_PUBLIC_URL}/verify/{token}/"


def render_certificate(face: Face, token: str, *, moment: datetime, spot: StatusSpot | None = None) -> bytes:
    """Return the sealed PDF of `face`, sealed by whoever holds the key in this very process: for tests and measurements.

    Raises as `prepare_certificate` and `finish_certificate` do.
    """
    prepared = prepare_certificate(face, token, moment=moment, spot=spot)
    provider = seal_provider()
    assert isinstance(provider, FileSealProvider)
    return finish_certificate(prepared, provider.seal(prepared.digest()))


def prepare_certificate(face: Face, token: str, *, moment: datetime, spot: StatusSpot | None = None) -> Prepared:
    """Return the file of `face` up to its seal; `spot`: where its status is published. Raises `RenderingRefused`, `SealRefused`, `SignerAway`, `FontMissing`.

    About 5 ms once this process has drawn the page that all certificates of this kind share, 150 ms before.
    """
    return _prepare(face, token, moment, spot)


def finish_certificate(prepared: Prepared, signature: bytes) -> bytes:
    """Return the file with its seal. Raises `RenderingRefused` if it has not the one strict shape."""
    content = seal_into(prepared, signature)
    faults = find_faults(content)
    if not is_exact(signature, [one.dump() for one in seal_provider().trusted()]):
        faults.append("seal")
    if faults:
        raise RenderingRefused("not_strict", ", ".join(faults))
    return content


def check_face(face: Face) -> Layout:
    """Return the arrangement of `face`. Raises `RenderingRefused` unless every character can be drawn and all of it fits."""
    fonts = font_stack()
    missing = fonts.missing(face.text())
    if missing:
        raise RenderingRefused("rare_characters", missing)
    try:
        return arrange([line.value for line in face.lines], fonts.advance)
    except FaceTooLong:
        raise RenderingRefused("face_too_long") from None


def complete_page(face: Face, token: str) -> str:
    """Return the same page as HTML with its values in place: what a plain renderer would be given. For comparison."""
    modules = address_modules(verification_address(token))
    values = {
        "term": written_date(face.expires_on) or PERPETUAL,
        "issued": written_date(face.issued_on),
        "qr_path": svg_path(modules),
        "qr_scale": SPOTS.qr_size / modules[0],
    }
    return page_html(face, check_face(face), demonstration=seal_provider().is_demonstration, values=values)


def _prepare(face: Face, token: str, moment: datetime, spot: StatusSpot | None) -> Prepared:
    layout, fonts, provider = check_face(face), font_stack(), seal_provider()
    address = verification_address(token)
    return prepare(
        page_template_for(face, layout, demonstration=provider.is_demonstration),
        face,
        runs_of(face, layout, fonts.advance),
        fonts.glyph,
        address_modules(address),
        address=address,
        signer_name=provider.signer_name,
        moment=moment,
        reserve_bytes=provider.reserve_bytes,
        spot=spot,
    )
