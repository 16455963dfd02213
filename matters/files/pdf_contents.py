"""What the pages of a PDF draw, written anew operator by operator, and of their resources what is drawn. No Django.

A program of drawing (a page, a form, a tile, a glyph) may hold more than what is drawn: comments, words that are no operator, tags. And
what lies among its resources need not be used. Here only the operators of ISO 32000-1 (table 51) with operands of their kinds stay, and
only what one of them names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

from matters.files.pdf_long_programs import LONG, NAMED, PROGRAM

# Operator → its operands: n number, N name, s text, a list of numbers and texts; "*" as many numbers as there are, and perhaps a name.
OPERATORS: dict[str, str] = {
    **dict.fromkeys(
        ["b", "B", "b*", "B*", "f", "F", "f*", "n", "s", "S", "W", "W*", "h", "q", "Q", "BT", "ET", "T*"], ""
    ),
    **dict.fromkeys(["w", "J", "j", "M", "i", "Tc", "Tw", "Tz", "TL", "Tr", "Ts", "G", "g"], "n"),
    **dict.fromkeys(["m", "l", "Td", "TD", "d0"], "nn"),
    **dict.fromkeys(["RG", "rg"], "nnn"),
    **dict.fromkeys(["v", "y", "re", "K", "k"], "nnnn"),
    **dict.fromkeys(["cm", "c", "Tm", "d1"], "nnnnnn"),
    **dict.fromkeys(["ri", "gs", "CS", "cs", "sh", "Do"], "N"),
    **dict.fromkeys(["SC", "sc", "SCN", "scn"], "*"),
    **{"d": "an", "Tf": "Nn", "Tj": "s", "'": "s", '"': "nns", "TJ": "a"},
}
NAMING = {"gs": "/ExtGState", "CS": "/ColorSpace", "cs": "/ColorSpace", "sh": "/Shading", "Do": "/XObject", "Tf": "/Font", "SCN": "/Pattern", "scn": "/Pattern"}  # fmt: skip
PLAIN_COLOURS = {"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern", "/G", "/RGB", "/CMYK"}
DEFAULT_COLOURS = ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")
INTENTS = {"/AbsoluteColorimetric", "/RelativeColorimetric", "/Saturation", "/Perceptual"}
OF_INLINE = {"/W", "/H", "/BPC", "/CS", "/D", "/DP", "/F", "/IM", "/I", "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Decode", "/DecodeParms", "/Filter", "/ImageMask", "/Interpolate", "/Intent"}  # fmt: skip
# Tags say nothing that is seen; layers do.
TAGS = {"BMC", "BDC", "EMC", "MP", "DP", "BX", "EX"}
DEEPEST = 40
TEXTS = re.compile(rb"\((?:\\.|[^()\\])*\)", re.S)


@dataclass
class Scope:
    """The resources that a program names things by, and a dictionary of those it names, which takes their place."""

    source: Any
    target: Any
    drawn: set[tuple[int, int]] = field(default_factory=set)

    def take(self, category: str, name: Any) -> Any:
        """Return what a name stands for, and keep it; None where it stands for nothing."""
        found = self.source.get(category) if self.source is not None else None
        value = found.get(str(name)) if isinstance(found, pikepdf.Dictionary) else None
        if value is not None:
            if category not in self.target:
                self.target[category] = pikepdf.Dictionary()
            self.target[category][str(name)] = value
        return value


@dataclass
class Drawing:
    """Writes all programs of a document anew. ``taken``: what did not stay, as in `matters.files.pdf_parts`."""

    document: pikepdf.Pdf
    is_signed: bool = False
    taken: set[str] = field(default_factory=set)
    _scopes: list[Scope] = field(default_factory=list)
    _written: set[tuple[int, int]] = field(default_factory=set)
    _glyphs: dict[tuple[int, int], tuple[Any, Scope]] = field(default_factory=dict)
    _codes: dict[tuple[int, int], set[int]] = field(default_factory=dict)

    def settle(self) -> set[str]:
        """Leave of every program what it draws, and of the resources what is drawn; return what was taken away."""
        found: list[tuple[Any, Any]] = [(page.obj, _inherited(page.obj)) for page in self.document.pages]
        for node in {
            page.get("/Parent").objgen: page.get("/Parent") for page, _ in found if "/Parent" in page
        }.values():
            _forget_resources(node)
        for page, resources in found:
            scope = self._scope(page, resources)
            program = self._program(pikepdf.Page(page), scope, 0) if "/Contents" in page else b""
            page["/Contents"] = self.document.make_stream(program)
        for look, own in self._looks():
            self._form(look, Scope(own, pikepdf.Dictionary()), 0)
        self._settle_glyphs()
        for scope in self._scopes:
            if set(scope.source.get("/XObject", {}).keys()) - set(scope.target.get("/XObject", {}).keys()):
                self.taken.add("resources/unused")
        self._settle_fields()
        return self.taken

    def _settle_fields(self) -> None:
        """Of the resources of the fields leave the fonts in which somebody types."""
        form: Any = self.document.Root.get("/AcroForm")
        resources = form.get("/DR") if isinstance(form, pikepdf.Dictionary) else None
        if not isinstance(resources, pikepdf.Dictionary):
            return
        scope = Scope(resources, pikepdf.Dictionary())
        for part in [form, *self.document.objects]:
            if isinstance(part, pikepdf.Dictionary) and isinstance(part.get("/DA"), pikepdf.String):
                looks = self.document.make_stream(bytes(part["/DA"]))
                part["/DA"] = pikepdf.String(self._program(looks, scope, 0).decode("latin-1").replace("\n", " "))
        form["/DR"] = scope.target

    def _scope(self, owner: Any, resources: Any) -> Scope:
        scope = Scope(resources, pikepdf.Dictionary())
        self._scopes.append(scope)
        owner["/Resources"] = scope.target
        for name in DEFAULT_COLOURS:
            scope.take("/ColorSpace", name)
        return scope

    def _form(self, form: Any, caller: Scope, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError("forms in forms without end")
        own = form.get("/Resources")
        if isinstance(own, pikepdf.Dictionary):
            if form.objgen in self._written:
                return
            self._written.add(form.objgen)
            caller = self._scope(form, own)
        elif form.objgen in caller.drawn:
            return
        caller.drawn.add(form.objgen)
        form.write(self._program(form, caller, depth))

    def _program(self, program: Any, scope: Scope, depth: int) -> bytes:
        said = _said_by(program)
        if len(said) > LONG and self._is_taken_whole(said + b"\n", scope, depth):
            return said
        if self.is_signed and b"%" in TEXTS.sub(b"", said):
            self.taken.add("content/comment")
        kept: list[Any] = []
        layers: list[bool] = []
        fonts: list[Any] = [None]
        for one in pikepdf.parse_content_stream(program):
            if isinstance(one, pikepdf.ContentStreamInlineImage):
                kept.append(self._inline(one, scope))
                continue
            name = str(one.operator)
            if name in TAGS:
                self._tag(name, one, scope, layers, kept)
                continue
            operands = _operands(name, one.operands)
            if operands is None or not self._names_what_is_there(name, operands, scope, fonts, depth):
                self.taken.add("content/operator")
                continue
            self._text(name, operands, fonts)
            kept.append((operands, one.operator))
        kept += [([], pikepdf.Operator("EMC"))] * sum(layers)
        return pikepdf.unparse_content_stream(kept)

    def _is_taken_whole(self, said: bytes, scope: Scope, depth: int) -> bool:
        """Return whether a long program says nothing but what it draws; then what it names is taken, and all glyphs of its fonts."""
        if PROGRAM.fullmatch(said) is None:
            return False
        operators = {(name, operator or font) for name, operator, font in NAMED.findall(said)}
        for name, operator in sorted(operators):
            operands = [pikepdf.Name("/" + name.decode("latin-1")), *([1] if operator == b"Tf" else [])]
            if not self._names_what_is_there(operator.decode(), operands, scope, [None], depth):
                return False
        self._codes.setdefault((-1, -1), set()).update(range(256))
        return True

    def _tag(self, name: str, one: Any, scope: Scope, layers: list[bool], kept: list[Any]) -> None:
        if name == "EMC":
            if layers and layers.pop():
                kept.append(([], one.operator))
        elif name in {"BMC", "BDC"}:
            operands = list(one.operands)
            is_layer = (
                name == "BDC"
                and len(operands) == 2
                and operands[0] == pikepdf.Name.OC
                and isinstance(operands[1], pikepdf.Name)
                and scope.take("/Properties", operands[1]) is not None
            )
            layers.append(is_layer)
            if is_layer:
                kept.append((operands, one.operator))
        if name in {"MP", "DP"}:
            self.taken.add("content/operator")
        if name in {"BDC", "DP"} and any(_says_more_than_a_number(each) for each in one.operands):
            self.taken.add("content/tag")

    def _names_what_is_there(self, name: str, operands: list[Any], scope: Scope, fonts: list[Any], depth: int) -> bool:
        if name == "ri":
            return str(operands[0]) in INTENTS
        category = NAMING.get(name)
        if category is None or not operands:
            return True
        said = operands[0] if name == "Tf" else operands[-1]
        if not isinstance(said, pikepdf.Name) or (category == "/ColorSpace" and str(said) in PLAIN_COLOURS):
            return True
        if category == "/Font":
            self._make_object(scope, said)
        value = scope.take(category, said)
        if category == "/Font":
            fonts[-1] = self._font(value, scope) if value is not None else None
        elif category == "/ExtGState":
            self._state(value, scope, fonts, depth)
        elif isinstance(value, pikepdf.Stream) and _is_program(value, category):
            self._form(value, scope, depth + 1)
        return value is not None

    def _make_object(self, scope: Scope, name: Any) -> None:
        """Make an object of a font that stands within its resources, so that it is known again."""
        fonts: Any = scope.source.get("/Font") if scope.source is not None else None
        font = fonts.get(str(name)) if isinstance(fonts, pikepdf.Dictionary) else None
        if isinstance(font, pikepdf.Dictionary) and not font.is_indirect:
            fonts[str(name)] = self.document.make_indirect(font)

    def _state(self, state: Any, scope: Scope, fonts: list[Any], depth: int) -> None:
        if not isinstance(state, pikepdf.Dictionary):
            return
        mask, font = state.get("/SMask"), state.get("/Font")
        if isinstance(mask, pikepdf.Dictionary) and isinstance(mask.get("/G"), pikepdf.Stream):
            self._form(mask["/G"], scope, depth + 1)
        if isinstance(font, pikepdf.Array) and len(font):
            fonts[-1] = self._font(font[0], scope)

    def _font(self, font: Any, scope: Scope) -> Any:
        """Remember a font whose glyphs are programs; return its key."""
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Subtype") != "/Type3":
            return (0, 0)
        if not font.is_indirect:
            raise ValueError("a font of programs that is no object of its own")
        self._glyphs.setdefault(font.objgen, (font, scope))
        return font.objgen

    def _text(self, name: str, operands: list[Any], fonts: list[Any]) -> None:
        if name == "q":
            fonts.append(fonts[-1])
        elif name == "Q" and len(fonts) > 1:
            fonts.pop()
        elif name in {"Tj", "'", '"', "TJ"}:
            texts = operands[-1] if name == "TJ" else operands[-1:]
            codes = {code for text in texts if isinstance(text, pikepdf.String) for code in bytes(text)}
            self._codes.setdefault(fonts[-1] or (-1, -1), set()).update(codes)

    def _settle_glyphs(self) -> None:
        settled: dict[tuple[int, int], int] = {}
        # A text without a font of its own is in its caller's: any of them.
        while any(settled.get(key) != self._count(key) for key in self._glyphs):
            for key, (font, scope) in list(self._glyphs.items()):
                settled[key] = self._count(key)
                own = font.get("/Resources")
                for glyph in _used_glyphs(font, self._codes_of(key)):
                    self._form_of_glyph(glyph, Scope(own, pikepdf.Dictionary()) if own is not None else scope)
        for key, (font, _scope) in self._glyphs.items():
            used = {glyph.objgen for glyph in _used_glyphs(font, self._codes_of(key))}
            for name, glyph in list(font.get("/CharProcs", {}).items()):
                if glyph.objgen not in used:
                    self.taken.add("font/glyph")
                    del font["/CharProcs"][name]
            if isinstance(font.get("/Resources"), pikepdf.Dictionary):
                font["/Resources"] = self._of_glyphs(font)

    def _of_glyphs(self, font: Any) -> Any:
        scope = Scope(font["/Resources"], pikepdf.Dictionary())
        for _name, glyph in font.get("/CharProcs", {}).items():
            self._program(glyph, scope, 1)
        return scope.target

    def _form_of_glyph(self, glyph: Any, scope: Scope) -> None:
        if isinstance(glyph, pikepdf.Stream):
            glyph.write(self._program(glyph, scope, 1))

    def _codes_of(self, key: tuple[int, int]) -> set[int]:
        return self._codes.get(key, set()) | self._codes.get((-1, -1), set())

    def _count(self, key: tuple[int, int]) -> int:
        return len(self._codes_of(key))

    def _inline(self, one: Any, scope: Scope) -> Any:
        picture = one.iimage
        said = list(picture._image_object)
        kept = type(picture._image_object)()
        for key, value in zip(said[::2], said[1::2], strict=False):
            if str(key) not in OF_INLINE:
                self.taken.add("content/picture")
                continue
            if (
                str(key) in {"/CS", "/ColorSpace"}
                and isinstance(value, pikepdf.Name)
                and str(value) not in PLAIN_COLOURS
            ):
                scope.take("/ColorSpace", value)
            kept.append(key)
            kept.append(value)
        instruction: Any = pikepdf.ContentStreamInlineImage
        return instruction(pikepdf.PdfInlineImage(image_data=picture._data, image_object=kept))

    def _looks(self) -> Iterator[tuple[Any, Any]]:
        for page in self.document.pages:
            marks: Any = page.obj.get("/Annots", ())
            for mark in marks:
                looks: Any = mark.get("/AP") if isinstance(mark, pikepdf.Dictionary) else None
                look: Any = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
                states = [look] if isinstance(look, pikepdf.Stream) else list(look.values()) if look is not None else []
                for one in states:
                    if isinstance(one, pikepdf.Stream):
                        yield one, one.get("/Resources")


def _operands(name: str, given: Any) -> list[Any] | None:
    """Return the operands of an operator, the last ones where there are too many; None where they are not of their kinds."""
    wanted, operands = OPERATORS.get(name), list(given)
    if wanted is None:
        return None
    if wanted == "*":
        numbers = [each for each in operands if _is_number(each)]
        names = [each for each in operands[-1:] if isinstance(each, pikepdf.Name) and name in {"SCN", "scn"}]
        return numbers + names
    operands = operands[len(operands) - len(wanted) :] if len(operands) > len(wanted) else operands
    if len(operands) < len(wanted):
        return None
    fitting = [_fitting(kind, each) for kind, each in zip(wanted, operands, strict=True)]
    return None if None in fitting else fitting


def _fitting(kind: str, value: Any) -> Any:
    if kind == "a":
        if not isinstance(value, pikepdf.Array):
            return None
        return pikepdf.Array([each for each in value if _is_number(each) or isinstance(each, pikepdf.String)])
    fits = {"n": _is_number, "N": lambda each: isinstance(each, pikepdf.Name), "s": lambda each: isinstance(each, pikepdf.String)}[kind]  # fmt: skip
    return value if fits(value) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _says_more_than_a_number(value: Any) -> bool:
    """Whether a tag holds more than the number by which a program of tagged text knows its places."""
    return isinstance(value, pikepdf.Dictionary) and any(
        key != "/MCID" or not _is_number(each) for key, each in value.items()
    )


def _is_program(stream: Any, category: str) -> bool:
    if category == "/XObject":
        return bool(stream.get("/Subtype") == "/Form")
    return bool(category == "/Pattern" and stream.get("/PatternType") == 1)


def _used_glyphs(font: Any, codes: set[int]) -> list[Any]:
    """Return the programs of the glyphs that the codes stand for."""
    programs, encoding = font.get("/CharProcs", {}), font.get("/Encoding")
    named, code = {}, 0
    for each in encoding.get("/Differences", ()) if isinstance(encoding, pikepdf.Dictionary) else ():
        if isinstance(each, pikepdf.Name):
            named[code] = str(each)
            code += 1
        elif _is_number(each):
            code = int(each)
    return [programs[named[code]] for code in sorted(codes) if code in named and named[code] in programs]


def _said_by(program: Any) -> bytes:
    if not isinstance(program, pikepdf.Page):
        return bytes(program.read_bytes())
    contents: Any = program.obj["/Contents"]
    return b"\n".join(
        bytes(one.read_bytes()) for one in (contents if isinstance(contents, pikepdf.Array) else [contents])
    )


def _inherited(page: Any) -> Any:
    node, steps = page, 0
    while isinstance(node, pikepdf.Dictionary) and steps < 50:
        if isinstance(node.get("/Resources"), pikepdf.Dictionary):
            return node["/Resources"]
        node, steps = node.get("/Parent"), steps + 1
    return pikepdf.Dictionary()


def _forget_resources(node: Any) -> None:
    steps = 0
    while isinstance(node, pikepdf.Dictionary) and steps < 50:
        if "/Resources" in node:
            del node["/Resources"]
        node, steps = node.get("/Parent"), steps + 1
