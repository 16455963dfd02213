"""The fixed part of a certificate's pages, drawn once by WeasyPrint for all certificates that share it.

A template depends on the type, the issuer, the labels and the arrangement of the body, never on anybody's data. It is kept
as the finished bytes of a PDF's static objects, in which numbered places are left open for what differs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import asdict
from io import BytesIO

from django.conf import settings
from django.template.loader import render_to_string

from certificates.core.face import Face
from certificates.pdf.fonts.font_subsetting import subset_fonts
from certificates.pdf.page.layout import NEXT_TOP, POINT, SPOTS, Cell, Layout
from certificates.pdf.page.open_places import SLOTS, PageTemplate, cut_open, stamp_slots
from certificates.pdf.page.seal_drawing import seal_glyphs
from portal.lib.printing import print_page

TEMPLATES_KEPT = 128  # about 60 kB each
FLOW_CURVES = 26


_templates: OrderedDict[tuple[object, ...], PageTemplate] = OrderedDict()
_lock = threading.Lock()


def page_template_for(face: Face, layout: Layout, *, demonstration: bool) -> PageTemplate:
    """Return the template that `face` is put onto, drawing it if this process has not yet (about 0.1 s)."""
    labels = tuple((line.label, line.label_en) for line in face.lines)
    site = settings.YIJIAN_PUBLIC_URL
    key = (face.type_name, face.type_name_en, face.issuer_name, labels, layout.shape, demonstration, site)
    with _lock:
        template = _templates.get(key)
        if template is not None:
            _templates.move_to_end(key)
            return template
    template = _open_places(print_page(page_html(face, layout, demonstration=demonstration)), layout.pages)
    with _lock:
        _templates[key] = template
        while len(_templates) > TEMPLATES_KEPT:
            _templates.popitem(last=False)
    return template


def page_html(face: Face, layout: Layout, *, demonstration: bool, values: dict[str, object] | None = None) -> str:
    """Return the page as HTML from face data alone; with `values` complete, without them empty in their places."""
    size = layout.size
    context = {
        "face": face,
        "sheets": [
            {"number": number + 1, "cells": [_cell(face, cell, layout) for cell in layout.cells if cell.page == number]}
            for number in range(layout.pages)
        ],
        "pages": layout.pages,
        "size": {
            "points": size.points,
            "line": size.line,
            "label": size.label,
            "label_width": size.label - 3,
        },
        "at": _places(),
        "seal": [
            {
                "character": g.character,
                "x": g.x,
                "y": g.y,
                "turn": g.turn,
                "size": g.size,
                "drop": round(g.size * 0.36, 2),
            }
            for g in seal_glyphs(face.issuer_name)
        ],
        "flow": _flow(),
        "issuer_points": round(min(13.0, 65 / POINT / max(len(face.issuer_name), 1)), 2),
        "demonstration": demonstration,
        "site": settings.YIJIAN_PUBLIC_URL.split("://")[-1] + "/verify/",
        "values": values,
    }
    return render_to_string("print/certificate.html", context)


def _cell(face: Face, cell: Cell, layout: Layout) -> dict[str, object]:
    """Return what the page's template draws of one cell."""
    line, size = face.lines[cell.index], layout.size
    label = f"{line.label}（续）" if cell.continued else line.label
    return {
        "label": label,
        "label_en": line.label_en,
        "left": cell.left,
        "top": cell.top,
        "width": cell.width,
        "height": cell.height,
        "label_en_points": _label_points(line.label_en, size.label - 3, 0.54, 6.6),
        "label_top": round(cell.inset + (size.row - 6.8) / 2, 2),
        "label_points": _label_points(label, size.label - 3, 1.0, 9.5),
        "value_top": round(cell.inset + (size.row - size.line) / 2, 2),
        "lines": cell.lines,
    }


def _label_points(label: str, width: float, breadth: float, most: float) -> float:
    """Return the size, at most `most`, at which `label` stands on one line of `width` mm; a character is `breadth` em wide."""
    return round(max(4.5, min(most, width / POINT / max(len(label) * breadth, 1))), 2)


def _places() -> dict[str, float]:
    """Return where the template puts what it draws itself: tops and lefts in mm."""
    at = SPOTS
    return {
        **asdict(at),
        "number_top": at.number_baseline - 4.1,
        "check_left": at.qr_left + at.qr_size + 8,
        "seal_left": at.seal_middle - at.seal_size / 2,
        "issuer_left": at.issuer_right - 90,
        "issued_top": at.date_baseline - 8.9,
        "date_top": at.date_baseline - 4.7,
        "identifier_top": at.identifier_baseline - 2.9,
        "next_top": NEXT_TOP,
        "next_number_top": NEXT_TOP - at.next_number_above - 4.1,
    }


def _flow() -> list[str]:
    """Return the background: many thin lines that run together into one, up to the seal."""
    end, height = SPOTS.seal_middle - SPOTS.seal_size / 2 - 1, SPOTS.seal_top + SPOTS.seal_size / 2
    curves = []
    for number in range(FLOW_CURVES):
        start = 24 + number * (162 / (FLOW_CURVES - 1))
        curves.append(f"M13 {start:.1f}C110 {start:.1f} 150 {height:.1f} {end:.1f} {height:.1f}")
    return curves


def _open_places(pdf: bytes, pages: int) -> PageTemplate:
    """Return the template of a `pdf` of so many pages: fields for seal, link, font and values wired in, their objects left out."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    with pikepdf.open(BytesIO(pdf)) as document:
        subset_fonts(document)
        if len(document.pages) != pages:
            raise ValueError("the drawn pages are more or fewer than were arranged")
        names = (*SLOTS, *stamp_slots(pages))
        places = {slot: document.make_indirect(Dictionary({"/Open": Name("/" + slot)})) for slot in names}
        before, after = document.make_stream(b"q\n"), document.make_stream(b"\nQ\n")
        for page, stamp in zip(document.pages, stamp_slots(pages), strict=True):
            contents = page.obj.Contents
            drawn = list(contents) if isinstance(contents, Array) else [contents]
            page.obj.Contents = Array([before, *drawn, after, places[stamp]])
            resources = page.obj.Resources
            if "/Font" not in resources:
                resources.Font = Dictionary()
            resources.Font["/Face"] = places["Font"]
        document.pages[0].obj.Annots = Array([places["Link"], places["Widget"]])
        root = document.Root
        root.Lang = pikepdf.String("zh-Hans")
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.AcroForm = Dictionary(Fields=Array([places["Widget"]]), SigFlags=3)
        root.Perms = Dictionary(DocMDP=places["Signature"])
        if "/Info" in document.trailer:
            del document.trailer.Info
        out = BytesIO()
        document.save(
            out,
            min_version="1.7",
            static_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            recompress_flate=False,
        )
    return cut_open(out.getvalue(), pages)
