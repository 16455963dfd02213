"""What is printed on a certificate, frozen at issue: the only thing its rendering may look at (pure)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from portal.identifiers.characters import unusable, with_plain_breaks


class FaceInvalid(ValueError):
    """Face data that may not be printed. ``code``: ``unknown_code`` or ``control_character``; ``field``: where."""

    def __init__(self, code: str, field: str) -> None:
        self.code = code
        self.field = field
        super().__init__(f"{code}: {field}")


@dataclass(frozen=True, slots=True)
class FaceLine:
    """One line of the face: its code, its labels and the value granted (empty: does not apply)."""

    code: str
    label: str
    label_en: str
    value: str


@dataclass(frozen=True, slots=True)
class Face:
    """The whole face. Dates are ``YYYY-MM-DD`` in Asia/Shanghai; `expires_on` is empty for a certificate without a term."""

    type_name: str
    type_name_en: str
    issuer_name: str
    identifier: str
    serial: str
    issued_on: str
    expires_on: str
    lines: tuple[FaceLine, ...]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Face:
        """Return the face that `to_json` wrote."""
        return cls(**{**data, "lines": tuple(FaceLine(**line) for line in data["lines"])})

    def to_json(self) -> dict[str, Any]:
        """Return the face as JSON values, lines in the order printed."""
        return asdict(self)

    def text(self) -> str:
        """Return every character that will be printed from this face, for the glyph guard."""
        own = [self.type_name, self.type_name_en, self.issuer_name, self.identifier, self.serial]
        return "".join([*own, *(line.label + line.label_en + line.value.replace("\n", "") for line in self.lines)])


def build_lines(definition: list[dict[str, str]], values: dict[str, str]) -> tuple[FaceLine, ...]:
    """Return the lines of a face in the order of the type's `definition` (``code``, ``label``, ``label_en``).

    A value left out is printed as a dash; ends of lines are kept. Whatever a form takes is taken here too: what no font can draw, or
    no page can hold, is found when the file is made, and a person sees to it. Raises `FaceInvalid` for a code the type does not
    print, and for characters that no form takes.
    """
    known = {line["code"] for line in definition}
    for code, value in values.items():
        if code not in known:
            raise FaceInvalid("unknown_code", code)
        if unusable(value):
            raise FaceInvalid("control_character", code)
    return tuple(
        FaceLine(line["code"], line["label"], line.get("label_en", ""), with_plain_breaks(values.get(line["code"], "")))
        for line in definition
    )
