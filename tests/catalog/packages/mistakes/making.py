"""How a mistake is made in the small catalog, and what must be said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MATTER = "opening/matter.yaml"
ITEM = "opening/items/registration.yaml"
OTHER_ITEM = "opening/items/invoicing.yaml"


@dataclass(frozen=True)
class Mistake:
    """``make(root)`` makes the mistake. ``line`` 0: the file as a whole; ``sentence``: what is said about it, whole."""

    name: str
    make: Callable[[Path], None]
    file: str
    line: int
    code: str
    sentence: str
    follows: str = ""  # code of what cannot but follow from it


def edit(
    name: str, file: str, old: str, new: str, line: int, code: str, sentence: str, at: str = "", follows: str = ""
) -> Mistake:
    """Return a mistake that replaces ``old`` (which must be there) by ``new``; ``at``: the file that is blamed, if another."""

    def make(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return Mistake(name, make, at or file, line, code, sentence, follows)


def write(name: str, file: str, content: str | bytes, line: int, code: str, sentence: str, at: str = "") -> Mistake:
    """Return a mistake that is a whole file."""

    def make(root: Path) -> None:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return Mistake(name, make, at or file, line, code, sentence)


def do(name: str, make: Callable[[Path], object], file: str, line: int, code: str, sentence: str) -> Mistake:
    """Return a mistake that is made with the file system."""
    return Mistake(name, lambda root: (make(root), None)[1], file, line, code, sentence)
