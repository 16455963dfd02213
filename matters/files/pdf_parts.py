"""What a page needs, as a table; everything else of a PDF is taken away. No Django.

Each kind of dictionary names the keys that may stay and the kind of what stands there. A list passes its kind on to what it holds; what is
plain holds numbers alone, names or texts only where the key takes them. The keys are those of ISO 32000-1 that decide how a page looks. So nothing stays of
private data (`/PieceInfo`), metadata, thumbnails, outlines, tags, attachments, scripts, PostScript, films, or of what is yet to be invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from matters.files.limits import TEST_VIRUS
from matters.files.pdf_streams import TestVirus

PLAIN = "plain"  # numbers, true and false
NAMED = "named"  # or names, of the length that the standard allows
TEXT = "text"  # or texts: what a field says, a name of a place to go to
LONGEST_NAME, LONGEST_TEXT, LONGEST_PLACE = 127, 64 * 1024, 1024
TEXT_KEYS = {
    *(f"field/{key}" for key in ("T", "V", "Opt", "DA")),
    *("form_fields/DA", "button/CA", "layer/Name", "tree/Limits"),
    *("descriptor/FontFamily", "descriptor/CharSet", "descriptor/Lang", "collection/Registry", "collection/Ordering"),
}
INDEXED = ("/Indexed", "/I")
# What stays and has nothing below it that must be looked at.
DONE = "done"
STREAM = {"/Length": PLAIN, "/Filter": PLAIN, "/DecodeParms": "parms"}
FUNCTION = dict.fromkeys(
    ("/FunctionType", "/Domain", "/Range", "/Size", "/BitsPerSample", "/Order", "/Encode", "/Decode", "/C0", "/C1", "/N", "/Bounds"),
    PLAIN,
) | {"/Functions": "function"}  # fmt: skip


def _plain(names: str) -> dict[str, str]:
    return {f"/{name}": PLAIN for name in names.split()}


NAMED_KEYS = frozenset(
    _plain(
        "Type Subtype S BM RI Intent BaseState ProcSet Filter BaseFont FontName FontStretch BaseEncoding Differences CMapName H FT AS Lang Name"
    )
)
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


def _typed(kinds: dict[str, dict[str, str]]) -> None:
    """Say of each plain key whether names or texts may stand there."""
    for kind, keys in kinds.items():
        for key, wanted in keys.items():
            if wanted == PLAIN:
                keys[key] = TEXT if f"{kind}{key}" in TEXT_KEYS else NAMED if key in NAMED_KEYS else PLAIN


_typed(KINDS)
# Kinds that are always streams.
ONLY_STREAMS = {"content", "bytes", "image", "form", "font_file"}


@dataclass
class Cleaning:
    """A walk over what stays: ``taken`` names what did not (``kind/Key``), ``streams`` holds each stream that does, with its kind."""

    pages: set[tuple[int, int]]
    kinds: dict[str, dict[str, str]] = field(default_factory=lambda: KINDS)
    own: str = ""  # how an address begins that a link may lead to (of `matters.files.pdf_of_signed`)
    taken: set[str] = field(default_factory=set)
    streams: list[tuple[pikepdf.Stream, str]] = field(default_factory=list)
    _seen: set[tuple[Any, ...]] = field(default_factory=set)
    _waiting: list[tuple[Any, str]] = field(default_factory=list)

    def walk(self, root: Any, kind: str = "catalog") -> None:
        """Take away from the catalog, and all it leads to, what no page needs."""
        self._waiting.append((root, kind))
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
                self._keys(part, kind, ((key, self.kinds[kind].get(key, "")) for key in list(part.keys())))

    def _keys(self, part: Any, kind: str, keys: Iterator[tuple[str, str]]) -> None:
        for key, wanted in keys:
            value = part.get(key)
            _refuse_test_virus(key.encode(errors="replace"))
            found = self._kind(value, wanted) if wanted else ""
            if not found:
                self.taken.add(f"{kind}{key}")
                del part[key]
            elif found != DONE:
                self._waiting.append((value, found))

    def _list(self, part: pikepdf.Array, kind: str) -> None:
        for number, value in enumerate(part):
            if number == 3 and kind == "color" and isinstance(value, pikepdf.String) and _named(part[0]) in INDEXED:
                colours = _lookup(part)
                if colours != bytes(value):
                    self.taken.add("color[]")
                    part[3] = pikepdf.String(colours)
                continue
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
            return DONE if _may_stand(value, wanted) else ""
        if wanted in (PLAIN, NAMED, TEXT):
            return ""
        is_stream = isinstance(value, pikepdf.Stream)
        if wanted == "dest" and value.objgen in self.pages:
            return DONE  # met in the tree of pages
        kind = _narrowed(value, wanted, is_stream)
        if wanted == "way" and str(value.get("/S", "")) == "/URI" and self.own:
            kind = "address" if str(value.get("/URI", "")).startswith(self.own) else ""
        takes_streams = "/Length" in self.kinds.get(kind, {})
        return kind if kind and (takes_streams or not is_stream) and (is_stream or kind not in ONLY_STREAMS) else ""


def _may_stand(value: Any, wanted: str) -> bool:
    """Whether a number, a name or a text may stand where this kind is wanted. Raises ``TestVirus``."""
    if isinstance(value, pikepdf.Name):
        _refuse_test_virus(str(value).encode(errors="replace"))
        return wanted != PLAIN and len(str(value).encode(errors="replace")) <= LONGEST_NAME
    if isinstance(value, pikepdf.String):
        _refuse_test_virus(bytes(value))
        longest = LONGEST_TEXT if wanted in (TEXT, "value") else LONGEST_PLACE if wanted in ("dest", "tag_place") else 0
        return longest > 0 and len(bytes(value)) <= longest
    return True


def _refuse_test_virus(said: bytes) -> None:
    if TEST_VIRUS in said:
        raise TestVirus


def _lookup(space: pikepdf.Array) -> bytes:
    """Return the colours of an indexed space, without what lies behind the last. Raises ``TestVirus``."""
    colours = bytes(space[3])
    last: Any = space[2]
    _refuse_test_virus(colours)
    parts = {"/DeviceGray": 1, "/G": 1, "/DeviceRGB": 3, "/RGB": 3, "/DeviceCMYK": 4, "/CMYK": 4}.get(
        _named(space[1]), 32
    )
    return colours[: (min(max(last, 0), 255) + 1 if isinstance(last, int) else 256) * parts]


def _named(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


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
        case "tag_or_root":
            return "tags" if str(value.get("/Type", "")) == "/StructTreeRoot" else "tag"
        case "tag_place":
            return "tag"
        case "value":
            return "" if is_stream else "signature"
        case "step" | "way":
            return "step" if str(value.get("/S", "")) == "/GoTo" else ""
    return wanted
