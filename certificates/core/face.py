"""What is printed on a certificate, frozen at issue: the only thing its rendering may look at (pure)."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

LONGEST_VALUE = 400
# Controls, marks of direction, separators of lines. Characters newer than Python knows are the glyph guard's business.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class FaceInvalid(ValueError):
    """Face data that may not be printed. ``code``: ``unknown_code``, ``control_character`` or ``too_long``; ``field``: where."""

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
        return "".join([*own, *(line.label + line.label_en + line.value for line in self.lines)])


def build_lines(definition: list[dict[str, str]], values: dict[str, str]) -> tuple[FaceLine, ...]:
    """Return the lines of a face in the order of the type's `definition` (``code``, ``label``, ``label_en``).

    A value left out is printed as a dash. Raises `FaceInvalid` for a code the type does not print, for control
    characters and for values of more than 400 characters.
    """
    known = {line["code"] for line in definition}
    for code, value in values.items():
        if code not in known:
            raise FaceInvalid("unknown_code", code)
        if any(unicodedata.category(character) in UNPRINTABLE for character in value.strip()):
            raise FaceInvalid("control_character", code)
        if len(value) > LONGEST_VALUE:
            raise FaceInvalid("too_long", code)
    return tuple(
        FaceLine(line["code"], line["label"], line.get("label_en", ""), values.get(line["code"], "").strip())
        for line in definition
    )
