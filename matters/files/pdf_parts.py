"""What a page needs, as a table; everything else of a PDF is taken away. No Django.

Each kind of dictionary names the keys that may stay and the kind of what stands there. A list passes its kind on to what it holds; what is
plain holds numbers, names and texts and nothing else. The keys are those of ISO 32000-1 that decide how a page looks. So nothing stays of
private data (`/PieceInfo`), metadata, thumbnails, outlines, tags, attachments, scripts, PostScript, films, or of what is yet to be invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PLAIN = "plain"
# What stays and has nothing below it that must be looked at.
DONE = "done"
STREAM = {"/Length": PLAIN, "/Filter": PLAIN, "/DecodeParms": "parms"}
FUNCTION = dict.fromkeys(
    ("/FunctionType", "/Domain", "/Range", "/Size", "/BitsPerSample", "/Order", "/Encode", "/Decode", "/C0", "/C1", "/N", "/Bounds"),
    PLAIN,
) | {"/Functions": "function"}  # fmt: skip


def _plain(names: str) -> dict[str, str]:
    return {f"/{name}": PLAIN for name in names.split()}


KINDS: dict[str, dict[str, str]] = {
    "catalog": {**_plain("Type"), "/Pages": "pages", "/AcroForm": "form_fields", "/OCProperties": "layers", "/Dests": "*dest", "/Names": "names"},
    "names": {"/Dests": "tree"},
    "tree": {**_plain("Limits"), "/Names": "dest", "/Kids": "tree"},
    "dest": {"/D": "dest"},
    "pages": {**_plain("Type Count MediaBox CropBox Rotate"), "/Parent": "pages", "/Kids": "pages", "/Resources": "resources"},
    "page": {**_plain("Type MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit"), "/Parent": "pages", "/Resources": "resources", "/Contents": "content", "/Group": "group", "/Annots": "mark"},
    "link": {**_plain("Type Subtype Rect Border C H QuadPoints F"), "/BS": "border", "/Dest": "dest", "/A": "step"},
    "step": {**_plain("Type S"), "/D": "dest"},
    "border": _plain("Type W S D"),
    "form_fields": {**_plain("NeedAppearances DA Q"), "/Fields": "field", "/DR": "resources"},
    "field": {**_plain("Type Subtype Rect AS Border F H C FT T Ff V MaxLen Opt TI I DA Q"), "/Parent": "field", "/Kids": "field", "/AP": "looks", "/MK": "button", "/BS": "border", "/OC": "layer"},
    "button": _plain("R BC BG CA"),
    "looks": {"/N": "look"},
    "layers": {"/OCGs": "layer", "/D": "layer_view"},
    "layer_view": {**_plain("BaseState Intent"), "/ON": "layer", "/OFF": "layer"},
    "layer": {**_plain("Type Name Intent P"), "/OCGs": "layer", "/VE": "layer"},
    "resources": {**_plain("ProcSet"), "/ExtGState": "*state", "/ColorSpace": "*color", "/Pattern": "*pattern", "/Shading": "*shading", "/XObject": "*xobject", "/Font": "*font", "/Properties": "*layer"},
    "content": STREAM,
    "bytes": STREAM,
    "parms": {**_plain("Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform"), "/JBIG2Globals": "bytes"},
    "image": {**STREAM, **_plain("Type Subtype Width Height BitsPerComponent Intent ImageMask Decode Interpolate SMaskInData Matte"), "/ColorSpace": "color", "/Mask": "image", "/SMask": "image", "/OC": "layer"},
    "form": {**STREAM, **_plain("Type Subtype FormType BBox Matrix"), "/Resources": "resources", "/Group": "group", "/OC": "layer"},
    "group": {**_plain("Type S I K"), "/CS": "color"},
    "state": {**_plain("Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK"), "/Font": "font", "/SMask": "soft_mask", **dict.fromkeys(("/BG", "/BG2", "/UCR", "/UCR2", "/TR", "/TR2"), "function")},
    "soft_mask": {**_plain("Type S BC"), "/G": "form", "/TR": "function"},
    "pattern": {**STREAM, **_plain("Type PatternType PaintType TilingType BBox XStep YStep Matrix"), "/Resources": "resources", "/Shading": "shading", "/ExtGState": "state"},
    "shading": {**STREAM, **_plain("ShadingType Background BBox AntiAlias Coords Domain Matrix Extend BitsPerCoordinate BitsPerComponent BitsPerFlag Decode VerticesPerRow"), "/ColorSpace": "color", "/Function": "function"},
    "function": {**STREAM, **FUNCTION},
    "color": {**STREAM, **FUNCTION, **_plain("WhitePoint BlackPoint Gamma Matrix Subtype Components"), "/Alternate": "color", "/Colorants": "*color", "/Process": "color", "/ColorSpace": "color"},
    "font": {**_plain("Type Subtype Name BaseFont FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix"), "/FontDescriptor": "descriptor", "/Encoding": "encoding", "/ToUnicode": "encoding", "/DescendantFonts": "font", "/CIDSystemInfo": "collection", "/CIDToGIDMap": "bytes", "/CharProcs": "*content", "/Resources": "resources"},
    "descriptor": {**_plain("Type FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet Lang"), **dict.fromkeys(("/FontFile", "/FontFile2", "/FontFile3"), "font_file"), "/CIDSet": "bytes"},
    "font_file": {**STREAM, **_plain("Subtype Length1 Length2 Length3")},
    "encoding": {**STREAM, **_plain("Type BaseEncoding Differences CMapName WMode"), "/CIDSystemInfo": "collection", "/UseCMap": "encoding"},
    "collection": _plain("Registry Ordering Supplement"),
}  # fmt: skip
STREAMS = {name for name, keys in KINDS.items() if "/Length" in keys}
# Kinds that are always streams.
ONLY_STREAMS = {"content", "bytes", "image", "form", "font_file"}


@dataclass
class Cleaning:
    """A walk over what stays: ``taken`` names what did not (``kind/Key``), ``streams`` holds each stream that does, with its kind."""

    pages: set[tuple[int, int]]
    taken: set[str] = field(default_factory=set)
    streams: list[tuple[pikepdf.Stream, str]] = field(default_factory=list)
    _seen: set[tuple[Any, ...]] = field(default_factory=set)
    _waiting: list[tuple[Any, str]] = field(default_factory=list)

    def walk(self, root: Any) -> None:
        """Take away from the catalog, and all it leads to, what no page needs."""
        self._waiting.append((root, "catalog"))
        while self._waiting:
            part, kind = self._waiting.pop()
            if part.is_indirect:
                if (part.objgen, kind) in self._seen:
                    continue
                self._seen.add((part.objgen, kind))
            if isinstance(part, pikepdf.Array):
                self._list(part, kind)
            elif kind.startswith("*"):
                self._keys(part, kind, ((key, kind[1:]) for key in list(part.keys())))
            else:
                if isinstance(part, pikepdf.Stream):
                    self.streams.append((part, kind))
                self._keys(part, kind, ((key, KINDS[kind].get(key, "")) for key in list(part.keys())))

    def _keys(self, part: Any, kind: str, keys: Iterator[tuple[str, str]]) -> None:
        for key, wanted in keys:
            value = part.get(key)
            found = self._kind(value, wanted) if wanted else ""
            if not found:
                self.taken.add(f"{kind}{key}")
                del part[key]
            elif found != DONE:
                self._waiting.append((value, found))

    def _list(self, part: pikepdf.Array, kind: str) -> None:
        for number, value in enumerate(part):
            found = self._kind(value, kind)
            if not found:
                self.taken.add(f"{kind}[]")
                part[number] = None
            elif found != DONE:
                self._waiting.append((value, found))

    def _kind(self, value: Any, wanted: str) -> str:
        """Return the kind as which a value stays; empty where it does not stay."""
        if isinstance(value, pikepdf.Array):
            return wanted
        if not isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            return DONE
        if wanted == PLAIN:
            return ""
        is_stream = isinstance(value, pikepdf.Stream)
        if wanted == "dest" and value.objgen in self.pages:
            return DONE  # met in the tree of pages
        kind = _narrowed(value, wanted, is_stream)
        return kind if kind and (kind in STREAMS or not is_stream) and (is_stream or kind not in ONLY_STREAMS) else ""


def _narrowed(value: Any, wanted: str, is_stream: bool) -> str:
    """Return the kind that a part says it is, where more than one may stand; empty for one that may not."""
    name = str(value.get("/Subtype", ""))
    match wanted:
        case "pages":
            return "pages" if "/Kids" in value else "page"
        case "mark":
            return {"/Link": "link", "/Widget": "field"}.get(name, "")
        case "xobject":
            is_program = "/PS" in value or str(value.get("/Subtype2", "")) == "/PS"
            return "" if is_program else {"/Image": "image", "/Form": "form"}.get(name, "")
        case "look":
            return "form" if is_stream else "*form"
        case "step":
            return "step" if str(value.get("/S", "")) == "/GoTo" else ""
    return wanted
