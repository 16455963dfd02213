"""The fonts of certificates in the order they are asked, and the guard that lets no character become a box.

Noto Serif CJK SC first; then HanaMin A and B, which draw nearly all of the extensions B to F; then whatever the operator
put into ``YIJIAN_FONT_DIR`` (an office's own font for the rest of GB 18030).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from certificates.pdf.fonts.font_file import FontFile, Glyph

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
MAIN_FONT = ("NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "SourceHanSerifSC-Regular.otf")
MAIN_FACE = "Noto Serif CJK SC"
RARE_FONTS = ("HanaMinA.ttf", "HanaMinB.ttf")
# One glyph is drawn per character, left to right. Letters that join, stack or turn would come out wrong.
SHAPED = {"Mn", "Mc", "Me", "Cc", "Cf", "Cs", "Co", "Cn"}
UPRIGHT = {"L", "EN", "ES", "ET", "CS", "WS", "ON", "NSM"}


class FontMissing(Exception):
    """The main font of certificates is not installed. ``code``: ``font_missing``."""

    code = "font_missing"


class FontStack:
    """Faces in order of preference; answers for coverage, widths and outlines of single characters."""

    def __init__(self, faces: Iterable[FontFile]) -> None:
        self.faces = tuple(faces)
        self._glyphs: dict[str, Glyph] = {}

    def missing(self, text: str) -> str:
        """Return the characters of `text` that cannot be drawn faithfully, each once, in order; empty when all can."""
        return "".join(character for character in dict.fromkeys(text) if not self._can_draw(character))

    def advance(self, character: str) -> int:
        """Return how far `character` moves the pen, in thousandths of the font size; a whole em when no face has it."""
        face = self._face(character)
        return face.advance(character) if face else 1000

    def glyph(self, character: str) -> Glyph:
        """Return the outline of a covered character. Raises `KeyError` for one that is not."""
        found = self._glyphs.get(character)
        if found is None:
            face = self._face(character)
            if face is None:
                raise KeyError(character)
            if len(self._glyphs) >= 20_000:  # about 5 MB: names use a few thousand different characters
                self._glyphs.clear()
            found = self._glyphs[character] = face.glyph(character)
        return found

    def _can_draw(self, character: str) -> bool:
        if unicodedata.category(character) in SHAPED or unicodedata.bidirectional(character) not in UPRIGHT:
            return False
        if self._face(character) is None:
            return False
        # A face may list a character and draw nothing for it.
        return character.isspace() or len(self.glyph(character).charstring) > 4

    def _face(self, character: str) -> FontFile | None:
        return next((face for face in self.faces if character in face), None)


def font_stack() -> FontStack:
    """Return this process's fonts, opened on first use. Raises `FontMissing`."""
    return _open_stack(str(settings.YIJIAN_FONT_DIR))


@lru_cache(maxsize=4)
def _open_stack(operator_folder: str) -> FontStack:
    main = next(filter(None, map(_find, MAIN_FONT)), None)
    if main is None:
        raise FontMissing("Noto Serif CJK SC: apt-get install fonts-noto-cjk")
    faces = [FontFile(main, _face_number(main))]
    faces += [FontFile(path) for path in map(_find, RARE_FONTS) if path]
    folder = Path(operator_folder)
    if folder.is_dir():
        faces += [
            FontFile(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in {".ttf", ".otf", ".ttc"}
        ]
    return FontStack(faces)


def _find(name: str) -> Path | None:
    for folder in FONT_FOLDERS:
        found = next(Path(folder).expanduser().rglob(name), None)
        if found:
            return found
    return None


def _face_number(path: Path) -> int:
    if path.suffix.lower() != ".ttc":
        return 0
    from fontTools.ttLib import TTCollection

    with TTCollection(path, lazy=True) as collection:
        for number, font in enumerate(collection):
            if font["name"].getDebugName(1) == MAIN_FACE:
                return number
    return 0
