"""What the index knows a text by: characters, pairs of them and of their sounds, concepts, initials. Pure.

A feature is one number, the same in every process: what it is made of, then one bit that says whether it says little,
then four that say of which kind it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from catalog.search.core.lexicon import Lexicon
from catalog.search.core.syllables import read_aloud, sound, sound_name, spell
from catalog.search.core.text import is_han, runs

CHARACTER, PAIR, SOUND_PAIR, CONCEPT, CONCEPTS, WORD, INITIALS = range(7)
KIND_BITS: Final = 15
LIGHT: Final = 16
MADE_OF: Final = 5  # bits to the right of what a feature is made of
HALF: Final = 22  # bits for the second part of a feature made of two
MOST_CONCEPTS: Final = 5
LONGEST_WORD: Final = 16
SHORTEST_INITIALS: Final = 2
LONGEST_INITIALS: Final = 5
# Letters longer than an abbreviation that are no pinyin: stretches of so many of them may be initials.
STRETCHES: Final = (3, 4)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text. ``spelled``: those that letters were read as, which are no strange words if unknown."""

    keys: frozenset[int]
    spelled: frozenset[int] = frozenset()


def kind_of(feature: int) -> int:
    return feature & KIND_BITS


def is_light(feature: int) -> bool:
    return bool(feature & LIGHT)


def features(text: str, lexicon: Lexicon, *, as_query: bool = False, with_initials: bool = False) -> Features:
    """Return the features of a normalised text.

    ``as_query`` reads letters as pinyin and hears words behind wrong characters; ``with_initials`` adds the initials of
    a short text, so that ``sfz`` finds 身份证.
    """
    found: set[int] = set()
    spelled: set[int] = set()
    concepts: dict[int, None] = {}
    sounds: list[int] = []
    initials = ""
    for run in runs(text):
        if is_han(run[0]):
            syllables = _characters(run, lexicon, found, concepts)
            sounds += map(sound, syllables)
            if with_initials:
                initials += "".join([syllable[0] for syllable in syllables])
            continue
        for group in lexicon.groups.get(run, ()):
            concepts[group] = None
        light = run in lexicon.stop_words
        readable = False
        if as_query and not light and not run[0].isdigit():
            heard, pieces = _letters(run, lexicon)
            readable = bool(heard)
            sounds += heard
            (spelled if readable else found).update(pieces)
        (spelled if readable else found).add(_word(run) << MADE_OF | (LIGHT if light else 0) | WORD)
    found.update([(one << HALF | other) << MADE_OF | SOUND_PAIR for one, other in pairwise(sounds)])
    if as_query:
        concepts.update(dict.fromkeys(sorted(lexicon.sounded(sounds))))
    for size in range(SHORTEST_INITIALS, LONGEST_INITIALS + 1) if initials else ():
        found.update(_initials(initials, size))
    light_groups = lexicon.light_groups
    found.update([concept_key(group, lexicon) for group in concepts])
    telling = sorted([group for group in concepts if group not in light_groups][:MOST_CONCEPTS])
    found.update([(one << HALF | other) << MADE_OF | CONCEPTS for one, other in combinations(telling, 2)])
    return Features(frozenset(found | spelled) if spelled else frozenset(found), frozenset(spelled))


def concept_key(group: int, lexicon: Lexicon) -> int:
    """Return the feature of a group of words that mean the same."""
    return group << MADE_OF | (LIGHT if group in lexicon.light_groups else 0) | CONCEPT


def word_key(word: str) -> int:
    """Return what a feature made of letters or digits begins with, its kind still to be added."""
    return _word(word) << MADE_OF


def letters_as_sounds(run: str, lexicon: Lexicon) -> list[int]:
    """Return the sounds that letters are read as; none where they are no pinyin."""
    return _letters(run, lexicon)[0]


def initials_of(letters: str, size: int) -> list[int]:
    """Return the features of every stretch of so many letters, read as initials."""
    return list(_initials(letters, size))


def name_of(feature: int, lexicon: Lexicon) -> str:
    """Return what a feature stands for, as a catalog manager reads it."""
    kind, made_of = kind_of(feature), feature >> MADE_OF
    if kind in {WORD, INITIALS}:
        return made_of.to_bytes((made_of.bit_length() + 7) // 8, "big").decode("utf-8", "replace")
    one, other = made_of >> HALF, made_of & ((1 << HALF) - 1)
    if kind == CHARACTER:
        return chr(made_of)
    if kind == PAIR:
        return chr(one) + chr(other)
    if kind == SOUND_PAIR:
        return f"{sound_name(one)} {sound_name(other)}"
    if kind == CONCEPT:
        return lexicon.names[made_of]
    return f"{lexicon.names[one]}＋{lexicon.names[other]}"


def _characters(run: str, lexicon: Lexicon, found: set[int], concepts: dict[int, None]) -> list[str]:
    """Add the features of Chinese characters; return the syllables of those that say something."""
    stops = lexicon.stop_words
    kept = lexicon.concepts(run)
    for _start, _end, group in kept:
        concepts[group] = None
    bare = lexicon.without_stop_words(run, kept)
    found.update([ord(char) << MADE_OF | (LIGHT if char in stops else 0) | CHARACTER for char in run])
    for one, other in pairwise(run):
        saying_little = (one in stops and other in stops) or one + other in stops
        found.add((ord(one) << HALF | ord(other)) << MADE_OF | (LIGHT if saying_little else 0) | PAIR)
    if len(bare) != len(run):
        for one, other in pairwise(bare):
            if not (one in stops and other in stops):
                found.add((ord(one) << HALF | ord(other)) << MADE_OF | PAIR)
    return read_aloud(bare)


def _letters(run: str, lexicon: Lexicon) -> tuple[list[int], list[int]]:
    """Return letters as sounds (none where they are no pinyin), and the further features they may stand for."""
    ways = [[sound(syllable) for syllable in way] for way in spell(run)]
    best: list[int] = max(ways, key=lambda way: (len(lexicon.sounded(way)), -len(way)), default=[])
    pieces = [
        (one << HALF | other) << MADE_OF | SOUND_PAIR for way in ways if way != best for one, other in pairwise(way)
    ]
    sizes: Sequence[int] = (len(run),) if len(run) <= LONGEST_INITIALS else () if best else STRETCHES
    if len(best) != 1:
        for size in sizes:
            pieces += _initials(run, size)
    return best, pieces


def _initials(letters: str, size: int) -> Iterable[int]:
    return [_word(letters[start : start + size]) << MADE_OF | INITIALS for start in range(len(letters) - size + 1)]


def _word(word: str) -> int:
    return int.from_bytes(word[:LONGEST_WORD].encode(), "big")
