"""What fonts, colours and functions of a PDF are made of, each read as what it must be and written anew without the rest. No Django.

A font program is its tables of outlines and measures, a colour profile its curves and matrices, a map of codes its ranges, a function its
arithmetic. What none of this can be is taken away (`taken`): a viewer then takes another font, or the plain colours of as many parts.
"""

from __future__ import annotations

import math
import re
import struct
from typing import Any

import pikepdf

# Tables of a font by which it is drawn (OpenType 1.9); not its names, licences, signatures and private ones.
FONT_TABLES = set(b"cmap cvt  fpgm glyf head hhea hmtx loca maxp OS/2 post prep gasp vhea vmtx VORG CFF  CFF2 HVAR VVAR avar fvar gvar MVAR BASE GDEF GPOS GSUB".replace(b"cvt  ", b"cvt_ ").replace(b"CFF  ", b"CFF_ ").split())  # fmt: skip
FONT_MARKS = (b"\0\1\0\0", b"true", b"OTTO")
# Tags of a profile that say how colours are meant (ICC.1:2022, 9.2); not its description, copyright and private ones.
COLOUR_TAGS = set(b"rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt chad lumi A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 B2D0 B2D1 B2D2 D2B0 D2B1 D2B2 gamt".split())  # fmt: skip
PLAIN_COLOUR = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
RANGES = re.compile(
    rb"begin(codespacerange|bfchar|bfrange|cidchar|cidrange|notdefchar|notdefrange)([\s<>\[\]0-9A-Fa-f]*)end\1"
)
ARITHMETIC = {"abs", "add", "atan", "ceiling", "cos", "cvi", "cvr", "div", "exp", "floor", "idiv", "ln", "log", "mod", "mul", "neg", "round", "sin", "sqrt", "sub", "truncate", "and", "bitshift", "eq", "false", "ge", "gt", "le", "lt", "ne", "not", "or", "true", "xor", "if", "ifelse", "copy", "dup", "exch", "index", "pop", "roll", "{", "}"}  # fmt: skip
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
WORD = re.compile(r"[{}]|[^\s{}]+")


def settle_programs(document: pikepdf.Pdf) -> set[str]:
    """Write every font program, profile, map of codes and function anew; return what could not stay. Raises ``ValueError``."""
    taken: set[str] = set()
    for part in document.objects:
        if isinstance(part, pikepdf.Stream) and "/FunctionType" in part:
            _settle_function(part)
        elif isinstance(part, pikepdf.Dictionary) and part.get("/Type") == "/OCG":
            part["/Name"] = pikepdf.String(str(part.objgen[0]))
        for each in _below(part):
            _settle_part(each, taken)
    return taken


def _below(part: Any) -> list[Any]:
    """Return a part with all that is no object of its own below it."""
    found, waiting = [], [part]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
            continue
        found.append(one)
        inner = list(one) if isinstance(one, pikepdf.Array) else [value for _key, value in one.items()]
        waiting += [each for each in inner if not getattr(each, "is_indirect", False)]
    return found


def _settle_part(part: Any, taken: set[str]) -> None:
    if isinstance(part, pikepdf.Array):
        if len(part) == 2 and part[0] == "/ICCBased" and isinstance(part[1], pikepdf.Stream):
            _settle_profile(part, taken)
        return
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        stream = part.get(key)
        if isinstance(stream, pikepdf.Stream):
            program = _font_program(stream.read_bytes(), key)
            if program is None:
                taken.add(f"descriptor{key}")
                del part[key]
            elif program != stream.read_bytes():
                stream.write(program)
    for key in ("/ToUnicode", "/Encoding"):
        stream = part.get(key) if "/BaseFont" in part or part.get("/Type") == "/Font" else None
        if isinstance(stream, pikepdf.Stream):
            if key == "/ToUnicode":
                for said in set(stream.keys()) - {"/Length", "/Filter", "/DecodeParms"}:
                    del stream[said]
            stream.write(code_map(stream.read_bytes()))


def _font_program(program: bytes, key: str) -> bytes | None:
    if program.startswith(FONT_MARKS):
        return _font_tables(program)
    if key == "/FontFile3":  # the compact form (CFF): its header says how long it is, and how wide its offsets are
        return (
            program if len(program) > 4 and program[0] == 1 and 4 <= program[2] < 32 and 1 <= program[3] <= 4 else None
        )
    return (
        program if key == "/FontFile" and program.startswith((b"%!PS-AdobeFont", b"%!FontType1", b"\x80\x01")) else None
    )


def _font_tables(program: bytes) -> bytes | None:
    """Return a font with the tables by which it is drawn and no other; None where it is none."""
    count = int.from_bytes(program[4:6], "big")
    kept = []
    for number in range(count):
        row = program[12 + 16 * number : 28 + 16 * number]
        if len(row) < 16:
            return None
        tag, check, start, length = struct.unpack(">4sIII", row)
        if tag.replace(b" ", b"_") in FONT_TABLES and start < len(program):
            kept.append((tag, check, program[start : start + length]))
    if not {b"head", b"maxp"} <= {tag for tag, _check, _body in kept} and program[:4] != b"OTTO":
        return None
    if not kept:
        return None
    power = 1 << (len(kept).bit_length() - 1)
    head = struct.pack(
        ">4sHHHH", program[:4], len(kept), power * 16, power.bit_length() - 1, len(kept) * 16 - power * 16
    )
    place, rows, bodies = 12 + 16 * len(kept), b"", b""
    for tag, check, body in kept:
        rows += struct.pack(">4sIII", tag, check, place + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    return head + rows + bodies


def _settle_profile(space: Any, taken: set[str]) -> None:
    """Leave of a profile what says how colours are meant; of what is none, the plain colours of as many parts."""
    stream = space[1]
    program = stream.read_bytes()
    profile = _profile(program)
    if profile is not None:
        if profile != program:
            stream.write(profile)
        return
    taken.add("color/profile")
    plain = PLAIN_COLOUR.get(int(stream.get("/N", 0)))
    if plain is None:
        raise ValueError("a profile that is none, for no plain colours")
    del space[1]
    space[0] = pikepdf.Name(plain)


def _profile(program: bytes) -> bytes | None:
    if len(program) < 132 or program[36:40] != b"acsp" or int.from_bytes(program[:4], "big") > len(program):
        return None
    count = int.from_bytes(program[128:132], "big")
    kept = []
    for number in range(count):
        row = program[132 + 12 * number : 144 + 12 * number]
        if len(row) < 12:
            return None
        tag, start, length = struct.unpack(">4sII", row)
        if tag in COLOUR_TAGS and start + length <= len(program):
            kept.append((tag, program[start : start + length]))
    if not kept:
        return None
    place, rows, bodies = 132 + 12 * len(kept), b"", b""
    for tag, body in kept:
        rows += struct.pack(">4sII", tag, place + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    # Not who made it and with what, nor its digest: none of it is a colour.
    made = bytes(4) + program[8:40] + bytes(8) + bytes(8) + program[56:80]
    return struct.pack(">I", place + len(bodies)) + made + bytes(48) + struct.pack(">I", len(kept)) + rows + bodies


def code_map(program: bytes) -> bytes:
    """Return a map of codes (CMap) with its ranges alone."""
    is_upright = re.search(rb"/WMode\s+1\s+def", program) is not None
    lines = [
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def /CMapName /Codes def",
        b"/WMode 1 def" if is_upright else b"",
    ]
    for kind, body in RANGES.findall(program):
        rows = body.count(b"\n") + 1
        told = {b"codespacerange": body.count(b"<") // 2}.get(kind, rows)
        lines.append(b"%d begin%s%send%s" % (min(max(told, 1), 100), kind, body, kind))
    return b"\n".join([*lines, b"endcmap CMapName currentdict /CMap defineresource pop end end"])


def _settle_function(stream: Any) -> None:
    """Leave of a function what it computes with. Raises ``ValueError`` at any other word."""
    kind = int(stream["/FunctionType"])
    program = stream.read_bytes()
    if kind == 4:
        words = WORD.findall(re.sub(r"%[^\r\n]*", " ", program.decode("ascii")))
        if not all(word in ARITHMETIC or NUMBER.fullmatch(word) for word in words):
            raise ValueError("a function that is no arithmetic")
        stream.write(" ".join(words).encode())
    elif kind == 0:
        parts = math.prod(int(each) for each in stream["/Size"]) * len(stream["/Range"]) // 2
        stream.write(program[: -(-parts * int(stream["/BitsPerSample"]) // 8)])
