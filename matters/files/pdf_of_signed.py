"""What a signed PDF that stays as it is may hold beside its pages: known shapes, looked at like everything else. No Django.

Anybody can sign. So for the signature's sake nothing stays that is not of a shape that programs write into every file, and its streams are
counted and searched as well.
"""

from __future__ import annotations

import copy
import io
from typing import Any

import pikepdf

from matters.files.pdf_parts import KINDS, NAMED, PLAIN, STREAM, TEXT, Cleaning
from matters.files.pdf_streams import TooMuch, Unpacking, filters_of, unpacked

TREE = {"/Limits": TEXT}


def _keys(plain: str = "", names: str = "", texts: str = "") -> dict[str, str]:
    kinds = ((plain, PLAIN), (names, NAMED), (texts, TEXT))
    return {f"/{key}": kind for keys, kind in kinds for key in keys.split()}


_MORE: dict[str, dict[str, str]] = {
    "trailer": {"/Root": "catalog", "/Info": "*text", "/ID": TEXT, **_keys("Size")},
    "catalog": {
        **_keys("Version", "PageMode PageLayout Version", "Lang"),
        **{"/Metadata": "metadata", "/Outlines": "outline", "/PageLabels": "labels", "/MarkInfo": "*plain"},
        **{"/ViewerPreferences": "*named", "/StructTreeRoot": "tags", "/OutputIntents": "intent"},
        **{"/Extensions": "*extension", "/Perms": "permissions"},
    },
    "metadata": {**STREAM, **_keys("", "Type Subtype")},
    "outline": {
        **_keys("Count C F", "Type", "Title"),
        **dict.fromkeys(("/First", "/Last", "/Next", "/Prev", "/Parent"), "outline"),
        **{"/Dest": "dest", "/A": "step", "/SE": "tag"},
    },
    "labels": {**TREE, "/Nums": "label", "/Kids": "labels"},
    "label": _keys("St", "Type S", "P"),
    "extension": _keys("ExtensionLevel", "Type BaseVersion", "URL ExtensionRevision"),
    "intent": {**_keys("", "Type S", "OutputCondition OutputConditionIdentifier RegistryName Info"), "/DestOutputProfile": "profile"},
    "profile": {**STREAM, **_keys("N Range"), "/Alternate": "color"},
    "tags": {**_keys("ParentTreeNextKey", "Type"), "/K": "tag", "/IDTree": "tag_tree", "/ParentTree": "tag_tree", "/RoleMap": "*named", "/ClassMap": "*attributes"},
    "tag_tree": {**TREE, "/Nums": "tag_place", "/Names": "tag_place", "/Kids": "tag_tree"},
    "tag": {**_keys("MCID R", "Type S C", "ID T Lang Alt E ActualText"), "/P": "tag_or_root", "/Pg": "dest", "/K": "tag", "/A": "attributes", "/Obj": "mark"},
    "attributes": _keys(
        "BBox Width Height SpaceBefore SpaceAfter StartIndent EndIndent TextIndent Padding BorderThickness Color BackgroundColor "
        "BorderColor LineHeight BaselineShift TextDecorationThickness TextDecorationColor ColumnCount ColumnGap ColumnWidths RowSpan ColSpan",
        "O Placement WritingMode TextAlign BlockAlign InlineAlign TextDecorationType BorderStyle TBorderStyle TPadding RubyAlign "
        "RubyPosition GlyphOrientationVertical ListNumbering Scope Role checked Checked",
        "Headers Summary Short Desc",
    ),
    "permissions": {"/DocMDP": "signature"},
    "signature": {
        **_keys("ByteRange V R", "Type Filter SubFilter", "Contents Reason Name Location M ContactInfo Cert"),
        **{"/Reference": "reference", "/Prop_Build": "build"},
    },
    "reference": {**_keys("", "Type TransformMethod DigestMethod"), "/TransformParams": "transform"},
    "transform": _keys("P", "Type V Action", "Fields"),
    "build": dict.fromkeys(("/Filter", "/PubSec", "/App", "/SigQ"), "build_data"),
    "build_data": _keys("R V NonEFontNoWarn PreRelease TrustedMode", "Name OS", "Date REx"),
    "form_fields": _keys("SigFlags"),
    "field": {**_keys("StructParent", "", "TU"), "/V": "value", "/P": "dest"},
    "page": {**_keys("StructParents", "Tabs"), "/Tabs": NAMED},
    "form": _keys("StructParents StructParent"),
    "image": _keys("StructParent"),
    "link": {**_keys("StructParent", "", "Contents"), "/P": "dest", "/A": "way"},
    "address": {**_keys("IsMap", "Type S", "URI")},
}  # fmt: skip
SHAPES: dict[str, dict[str, str]] = copy.deepcopy(KINDS)
for _kind, _allowed in _MORE.items():
    SHAPES[_kind] = SHAPES.get(_kind, {}) | _allowed
XMP = (b"<?xpacket", b"<x:xmpmeta", b"<?xml", b"<rdf:RDF")


def holds_known_shapes(content: bytes, own: str) -> bool:
    """Return whether a signed PDF holds nothing but known shapes, none of which unpacks to too much. Raises ``TestVirus``.

    ``own``: how addresses begin that its pages may lead to: our own certificates name where they are verified.
    """
    try:
        return _holds_known_shapes(content, own)
    except (pikepdf.PdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return False  # it is written anew


def _holds_known_shapes(content: bytes, own: str) -> bool:
    with pikepdf.open(io.BytesIO(content)) as document:
        cleaning = Cleaning({page.obj.objgen for page in document.pages}, SHAPES, own)
        cleaning.walk(document.trailer, "trailer")
        if cleaning.taken:
            return False
        unpacking, seen = Unpacking(), set()
        try:
            for stream, kind in cleaning.streams:
                if stream.objgen not in seen:
                    seen.add(stream.objgen)
                    unpacking.check(stream, kind)
                    if not _is_what_it_says(stream, kind):
                        return False
        except TooMuch:
            return False  # what its pages need is counted again when it is written anew
    return True


def _is_what_it_says(stream: Any, kind: str) -> bool:
    if kind not in ("metadata", "profile"):
        return True
    start = b""
    for part in unpacked(stream.read_raw_bytes(), filters_of(stream)):
        start += part
        if len(start) >= 64:
            break
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(XMP) if kind == "metadata" else start[36:40] == b"acsp"
