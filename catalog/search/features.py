"""What the index knows a text by: characters, pairs, sounds, initials and concepts. Pure.

A feature is a number: a hash over five bits that say of which kind it is and whether it says little. Numbers take half
the room of strings, and the index holds more than a hundred thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final

from catalog.search.lexicon import Lexicon
from catalog.search.syllables import fuzzy, read_aloud, spell
from catalog.search.text import is_han, runs

CHARACTER, PAIR, GAP, SOUND, SOUND_PAIR, CONCEPT, CONCEPTS, WORD, INITIALS = range(9)
KIND_BITS: Final = 15
LIGHT: Final = 16
HASH_BITS: Final = ~31
MOST_CONCEPTS: Final = 7
SHORTEST_INITIALS: Final = 2
LONGEST_INITIALS: Final = 5
# Letters longer than an abbreviation that are no pinyin: stretches of so many of them may be initials.
STRETCHES: Final = (3, 4)

# A kind and what it is made of, as strings, or as numbers of groups.
Piece = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text. ``spelled``: those that letters were read as, which are no strange words if unknown."""

    keys: frozenset[int]
    spelled: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Pieces:
    """What a text is made of, before it becomes numbers."""

    plain: list[Piece]
    light: list[Piece]
    spelled: list[Piece]


def kind_of(feature: int) -> int:
    return feature & KIND_BITS


def is_light(feature: int) -> bool:
    return bool(feature & LIGHT)


def features(text: str, lexicon: Lexicon, *, as_query: bool = False, with_initials: bool = False) -> Features:
    """Return the features of a normalised text.

    ``as_query`` reads letters as pinyin and hears words behind wrong characters; ``with_initials`` adds the initials of
    a short text, so that ``sfz`` finds 身份证.
    """
    pieces = _take_apart(text, lexicon, as_query, with_initials)
    keys = {hash(piece) & HASH_BITS | piece[0] for piece in pieces.plain}
    keys.update(hash(piece) & HASH_BITS | piece[0] | LIGHT for piece in pieces.light)
    spelled = frozenset(hash(piece) & HASH_BITS | piece[0] for piece in pieces.spelled)
    return Features(frozenset(keys | spelled), spelled)


def named_features(text: str, lexicon: Lexicon, *, as_query: bool = False) -> dict[int, str]:
    """Return feature → what it stands for, as a catalog manager reads it."""
    pieces = _take_apart(text, lexicon, as_query, not as_query)
    found = {hash(piece) & HASH_BITS | piece[0] | LIGHT: _name(piece, lexicon) for piece in pieces.light}
    found.update({hash(piece) & HASH_BITS | piece[0]: _name(piece, lexicon) for piece in pieces.plain})
    return found


def _name(piece: Piece, lexicon: Lexicon) -> str:
    kind, *parts = piece
    if kind in {CONCEPT, CONCEPTS}:
        return "＋".join(lexicon.names[part] for part in parts)
    return {GAP: "…", SOUND_PAIR: " "}.get(kind, "").join(parts)


def _take_apart(text: str, lexicon: Lexicon, as_query: bool, with_initials: bool) -> _Pieces:
    plain: list[Piece] = []
    light: list[Piece] = []
    spelled: list[Piece] = []
    concepts: dict[int, None] = {}
    syllables: list[str] = []
    stops, light_groups = lexicon.stop_words, lexicon.light_groups
    for run in runs(text):
        if is_han(run[0]):
            kept = lexicon.concepts(run)
            for _start, _end, group in kept:
                concepts[group] = None
            bare = lexicon.without_stop_words(run, kept)
            for char in run:
                (light if char in stops else plain).append((CHARACTER, char))
            for one, other in pairwise(run):
                saying_little = (one in stops and other in stops) or one + other in stops
                (light if saying_little else plain).append((PAIR, one, other))
            if bare != run:
                plain += [(PAIR, one, other) for one, other in pairwise(bare) if not (one in stops and other in stops)]
            plain += [(GAP, one, third) for one, third in zip(bare, bare[2:], strict=False)]
            syllables += read_aloud(bare)
            continue
        (light if run in stops else plain).append((WORD, run))
        for group in lexicon.groups.get(run, ()):
            concepts[group] = None
        if as_query and run not in stops and not run[0].isdigit():
            way, pieces, certain = _letters(run, lexicon)
            syllables += way
            (spelled if certain else plain).extend(pieces)
            if certain:
                spelled.append((WORD, run))
                plain.pop()
    heard = [fuzzy(syllable) for syllable in syllables]
    plain += [(SOUND, syllable) for syllable in heard]
    plain += [(SOUND_PAIR, one, other) for one, other in pairwise(heard)]
    if as_query:
        concepts.update(dict.fromkeys(sorted(lexicon.sounded(heard))))
    if with_initials:
        plain += _initials([syllable[0] for syllable in syllables])
    for group in concepts:
        (light if group in light_groups else plain).append((CONCEPT, group))
    telling = [group for group in concepts if group not in light_groups][:MOST_CONCEPTS]
    plain += [(CONCEPTS, one, other) for one, other in combinations(sorted(telling), 2)]
    return _Pieces(plain, light, spelled)


def _letters(run: str, lexicon: Lexicon) -> tuple[tuple[str, ...], list[Piece], bool]:
    """Return letters as syllables, the further pieces they may stand for, and whether they can be read as pinyin at all."""
    ways = spell(run)
    best: tuple[str, ...] = max(ways, key=lambda way: (_heard(way, lexicon), -len(way)), default=())
    pieces: list[Piece] = [
        (SOUND_PAIR, fuzzy(one), fuzzy(other)) for way in ways if way != best for one, other in pairwise(way)
    ]
    sizes = (len(run),) if len(run) <= LONGEST_INITIALS else () if best else STRETCHES
    if len(best) != 1:
        pieces += [(INITIALS, run[start : start + size]) for size in sizes for start in range(len(run) - size + 1)]
    return best, pieces, bool(best)


def _heard(way: Iterable[str], lexicon: Lexicon) -> int:
    return len(lexicon.sounded([fuzzy(syllable) for syllable in way]))


def _initials(letters: list[str]) -> list[Piece]:
    return [
        (INITIALS, "".join(letters[start : start + size]))
        for size in range(SHORTEST_INITIALS, LONGEST_INITIALS + 1)
        for start in range(len(letters) - size + 1)
    ]
