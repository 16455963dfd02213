"""The round red seal, drawn from the issuer's name (pure). A drawing, not a seal in law: that is the signature."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

RADIUS = 100.0
WIDEST_ARC = 216.0


@dataclass(frozen=True, slots=True)
class SealGlyph:
    """One character on the rim: its place in a drawing of radius 100, its turn in degrees and its size."""

    character: str
    x: float
    y: float
    turn: float
    size: float


def seal_glyphs(name: str) -> list[SealGlyph]:
    """Return the characters of `name` set clockwise along the upper rim, feet to the middle.

    Short names stand wide apart, long ones closer and smaller; forty characters still read.
    """
    count = len(name)
    if not count:
        return []
    step = min(25.0, WIDEST_ARC / max(count - 1, 1))
    size = min(27.0, radians(step) * 76 * 1.02)
    middle = RADIUS - 8 - size / 2
    glyphs = []
    for place, character in enumerate(name):
        turn = (place - (count - 1) / 2) * step
        glyphs.append(
            SealGlyph(
                character,
                round(middle * sin(radians(turn)), 2),
                round(-middle * cos(radians(turn)), 2),
                round(turn, 2),
                round(size, 2),
            )
        )
    return glyphs
