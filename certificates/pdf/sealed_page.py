"""Sealing a page that was printed by WeasyPrint: the field and the hole for the signature, in a file of one revision (pure).

A certificate's page is put together by hand, because thousands of them share one template (``certificates.pdf.page``). A letter is printed
once; qpdf writes it anew with its field, and the signature covers every byte but itself.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

from certificates.pdf.page.stamping import RANGE_WIDTH, Prepared

# Where the numbers of the range will stand: four of them, wide enough for any file.
_WIDE = 9_999_999_999
_RANGE = re.compile(rb"/ByteRange \[ 0 9999999999 9999999999 9999999999 \]")
_HOLE = re.compile(rb"/Contents (<0+>)")


def prepare_page(
    pdf: bytes, *, title: str, author: str, reason: str, signer_name: str, moment: datetime, reserve_bytes: int
) -> Prepared:
    """Return a printed `pdf` with everything but its signature. ``author``: whose seal it is; ``reason``: what the seal says.

    The field has no box of its own: the drawn seal is part of the page. Raises `ValueError` where the file is not as expected.
    """
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    from certificates.pdf.fonts.font_subsetting import subset_fonts

    stamp = moment.strftime("D:%Y%m%d%H%M%S+00'00'")
    with pikepdf.open(BytesIO(pdf)) as document:
        subset_fonts(document)
        signature = document.make_indirect(
            Dictionary(
                Type=Name.Sig,
                Filter=Name("/Adobe.PPKLite"),
                SubFilter=Name("/ETSI.CAdES.detached"),
                M=String(stamp),
                Name=String(signer_name),
                Reason=String(reason),
                ByteRange=Array([0, _WIDE, _WIDE, _WIDE]),
                Contents=String(bytes(reserve_bytes)),
                Reference=Array(
                    [
                        Dictionary(
                            Type=Name.SigRef,
                            TransformMethod=Name.DocMDP,
                            TransformParams=Dictionary(Type=Name.TransformParams, P=1, V=Name("/1.2")),
                        )
                    ]
                ),
            )
        )
        page = document.pages[-1]
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String("Seal"),
                TU=String("电子印章"),
                F=134,  # hidden, printed, locked
                Rect=Array([0, 0, 0, 0]),
                P=page.obj,
                V=signature,
            )
        )
        page.obj["/Annots"] = Array([*page.obj.get("/Annots", Array()), field])
        document.Root["/AcroForm"] = Dictionary(Fields=Array([field]), SigFlags=3)
        document.Root["/Perms"] = Dictionary(DocMDP=signature)
        document.docinfo["/Title"], document.docinfo["/Author"] = title, author
        out = BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return _with_range(bytearray(out.getvalue()))


def _with_range(content: bytearray) -> Prepared:
    ranges, holes = list(_RANGE.finditer(content)), list(_HOLE.finditer(content))
    if len(ranges) != 1 or len(holes) != 1:
        raise ValueError("the file has not one place for its signature")
    hole_start, hole_end = holes[0].span(1)
    start, end = ranges[0].start() + len(b"/ByteRange "), ranges[0].end()
    covered = b"[ 0 %d %d %d ]" % (hole_start, hole_end, len(content) - hole_end)
    assert len(covered) <= end - start <= RANGE_WIDTH
    content[start:end] = covered.ljust(end - start)
    return Prepared(content, hole_start, hole_end)
