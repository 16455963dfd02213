"""What lies on the pages of a PDF: drawn marks become part of the page, comments and films go, links and fields stay. No Django."""

from __future__ import annotations

from typing import Any

import pikepdf

# Marks that are what somebody wrote or drew on the page: a form filled in on a phone consists of them.
DRAWN = {"/FreeText", "/Ink", "/Stamp", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Caret", "/Watermark", "/Redact"}  # fmt: skip
# Marks that show nothing of their own.
SILENT = {"/Link", "/Popup", "/PrinterMark", "/TrapNet"}
# Invisible, hidden, or not to be seen on a screen.
NOT_SHOWN = 1 | 2 | 32


def settle_marks(document: pikepdf.Pdf) -> bool:
    """Draw the marks of all pages onto them, and leave nothing but links and the fields of forms.

    Return whether something was lost that a reader of the file could see: a comment, a film, a mark that no picture of itself came with.
    """
    is_lost = False
    widgets: list[Any] = []
    for page in document.pages:
        marks = page.obj.get("/Annots")
        if not isinstance(marks, pikepdf.Array):
            continue
        kept, drawn = pikepdf.Array(), b""
        for mark in marks:
            kind = str(mark.get("/Subtype", "")) if isinstance(mark, pikepdf.Dictionary) else "/Popup"
            if kind == "/Widget":
                widgets.append(mark)
                kept.append(mark)
            elif kind == "/Link" and _leads_inside(mark):
                kept.append(mark)
            elif kind in DRAWN and pikepdf.Annotation(mark).get_appearance_stream(pikepdf.Name.N) is not None:
                drawn += _drawn(page, mark)
            elif kind not in SILENT:
                is_lost = True
        page.obj["/Annots"] = kept
        if drawn:
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(b"\nQ\n" + drawn)
    _keep_fields_of(document, widgets)
    return is_lost


def _leads_inside(link: Any) -> bool:
    step = link.get("/A")
    return step is None or (isinstance(step, pikepdf.Dictionary) and str(step.get("/S", "")) == "/GoTo")


def _drawn(page: pikepdf.Page, mark: Any) -> bytes:
    """Add the picture of a mark to the page's resources, and return what draws it."""
    annotation = pikepdf.Annotation(mark)
    picture: Any = annotation.get_appearance_stream(pikepdf.Name.N)
    if "/OC" in mark and "/OC" not in picture:
        picture["/OC"] = mark["/OC"]
    if "/Resources" not in page.obj:
        page.obj["/Resources"] = _inherited(page.obj)
    resources: Any = page.obj["/Resources"]
    if "/XObject" not in resources:
        resources["/XObject"] = pikepdf.Dictionary()
    pictures: Any = resources["/XObject"]
    name = pikepdf.Name(next(name for n in range(len(pictures) + 1) if (name := f"/Mark{n}") not in pictures))
    pictures[name] = picture
    turned = int(getattr(page, "rotation", 0) or 0)
    return annotation.get_page_content_for_appearance(name, turned, 0, NOT_SHOWN)


def _inherited(page: Any) -> Any:
    node, steps = page, 0
    while node is not None and steps < 50:
        if isinstance(node.get("/Resources"), pikepdf.Dictionary):
            return pikepdf.Dictionary(node["/Resources"])
        node, steps = node.get("/Parent"), steps + 1
    return pikepdf.Dictionary()


def _keep_fields_of(document: pikepdf.Pdf, widgets: list[Any]) -> None:
    """Leave to the form the fields that stand on a page, and no other."""
    form = document.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    roots: dict[tuple[int, int], Any] = {}
    kids: dict[tuple[int, int], dict[tuple[int, int], Any]] = {}
    parents: dict[tuple[int, int], Any] = {}
    for widget in widgets:
        part, steps = widget, 0
        while part.is_indirect and steps < 50:
            above = part.get("/Parent")
            if not isinstance(above, pikepdf.Dictionary) or not above.is_indirect:
                roots[part.objgen] = part
                break
            parents[above.objgen] = above
            kids.setdefault(above.objgen, {})[part.objgen] = part
            part, steps = above, steps + 1
    for number, below in kids.items():
        parents[number]["/Kids"] = pikepdf.Array(below.values())
    form["/Fields"] = pikepdf.Array(roots.values())
