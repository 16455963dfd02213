"""How much of what somebody typed a target explains, and whether that is enough to answer with it. Pure.

A query is laid out in cells: one for each character or syllable that says something, one for each word in letters. A cell weighs what it
tells, and lists what would explain it: the pair it stands in, a word that means the same, the same sound. What nothing explains counts
against the target, so that 养狐狸许可 is no 卫生许可, however alike the two are otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from catalog.search.core.features import (
    CHARACTER,
    HALF,
    LIGHT,
    MADE_OF,
    PAIR,
    SOUND_PAIR,
    WORD,
    concept_key,
    initials_of,
    letters_as_sounds,
    word_key,
)
from catalog.search.core.index import PhraseIndex
from catalog.search.core.lexicon import Lexicon
from catalog.search.core.syllables import read_aloud, sound
from catalog.search.core.text import is_han, runs

# How well a cell is explained: by itself or in its pair, by a word of one character, by its sound beside the right character, by its
# sound alone, by a lone character, by an abbreviation.
SAME: Final = 1.0
ONE_CHARACTER: Final = 0.6
MISHEARD: Final = 0.8
SOUND_ALONE: Final = 0.3
CHARACTER_ALONE: Final = 0.2
SHORT_FOR: Final = 0.8
# The share that must be explained of a query of so few cells, and of one of so many; in between it falls evenly. Who tells a story says
# much that no matter is about.
FEW: Final = 4
MANY: Final = 14
SHARE_OF_FEW: Final = 0.52
SHARE_OF_MANY: Final = 0.36
# Two characters that only sound like something are another word, unless they sound like a word of the lexicon.
FEWEST_MISHEARD: Final = 3
SYLLABLE_WEIGHT: Final = 6.0
NUMBER_WEIGHT: Final = 2.0
SHORTEST_NUMBER: Final = 3
LONGEST_INITIALS: Final = 5


@dataclass(slots=True)
class Telling:
    """One character, syllable or word. ``ways``: (how well, features a target must all have for it), best first."""

    weight: float
    ways: list[tuple[float, tuple[int, ...]]] = field(default_factory=list)


def cells_of(text: str, index: PhraseIndex) -> list[Telling]:
    """Return the cells of a normalised query, none for words that say little."""
    lexicon = index.lexicon
    cells: list[Telling] = []
    aloud: list[tuple[int, Telling, int | None]] = []  # syllable, cell, its character
    for run in runs(text):
        if is_han(run[0]):
            _add_characters(run, index, cells, aloud)
        elif run not in lexicon.stop_words:
            _add_word(run, index, cells, aloud)
    _add_sounds(aloud, lexicon)
    for cell in cells:
        cell.ways.sort(reverse=True)
    return cells


def explained(cells: Sequence[Telling], target: int, index: PhraseIndex) -> float:
    """Return the share (0…1) of the cells' weight that the target's phrases explain."""
    has = index.has
    got = whole = 0.0
    for cell in cells:
        whole += cell.weight
        for worth, keys in cell.ways:
            if all(has(key, target) for key in keys):
                got += cell.weight * worth
                break
    return got / (whole or 1.0)


def enough(cells: Sequence[Telling]) -> float:
    """Return the share of these cells that must be explained before a target is an answer."""
    reach = min(1.0, max(0.0, (len(cells) - FEW) / (MANY - FEW)))
    return SHARE_OF_FEW + reach * (SHARE_OF_MANY - SHARE_OF_FEW)


def _add_characters(
    run: str, index: PhraseIndex, cells: list[Telling], aloud: list[tuple[int, Telling, int | None]]
) -> None:
    lexicon = index.lexicon
    words = lexicon.concepts(run)
    places = lexicon.telling_places(run, words)
    at: dict[int, Telling] = {}
    for place in places:
        key = ord(run[place]) << MADE_OF | (LIGHT if run[place] in lexicon.stop_words else 0) | CHARACTER
        at[place] = Telling(index.telling_weight(key), [(CHARACTER_ALONE, (key,))])
    for start, end, group in words:
        way = (SAME if end - start > 1 else ONE_CHARACTER, (concept_key(group, lexicon),))
        for place in range(start, end):
            if place in at:
                at[place].ways.append(way)
    for one, other in pairwise(places):
        pair = (ord(run[one]) << HALF | ord(run[other])) << MADE_OF | PAIR
        for place in (one, other):
            at[place].ways.append((SAME, (pair,)))
    for place, syllable in zip(places, read_aloud("".join(run[place] for place in places)), strict=True):
        aloud.append((sound(syllable), at[place], at[place].ways[0][1][0]))
    cells.extend(at.values())


def _add_word(run: str, index: PhraseIndex, cells: list[Telling], aloud: list[tuple[int, Telling, int | None]]) -> None:
    lexicon, key = index.lexicon, word_key(run) | WORD
    ways: list[tuple[float, tuple[int, ...]]] = [(SAME, (key,))]
    if run[0].isdigit():
        cells.append(Telling(NUMBER_WEIGHT, ways if len(run) >= SHORTEST_NUMBER else []))
        return
    ways += [(SAME, (concept_key(group, lexicon),)) for group in lexicon.groups.get(run, ())]
    if len(ways) == 1 and key not in index.postings:
        heard = letters_as_sounds(run, lexicon)
        if len(heard) > 1 or (heard and len(run) > 1):
            for syllable in heard:
                cell = Telling(SYLLABLE_WEIGHT)
                cells.append(cell)
                aloud.append((syllable, cell, None))
            if len(run) > LONGEST_INITIALS:
                return
            ways = [(SHORT_FOR, (initial,)) for initial in initials_of(run, len(run))]
            for cell in cells[-len(heard) :]:
                cell.ways += ways
            return
    if len(run) <= LONGEST_INITIALS:
        ways += [(SHORT_FOR, (initial,)) for initial in initials_of(run, len(run))]
    cells.append(Telling(index.telling_weight(key), ways))


def _add_sounds(aloud: Sequence[tuple[int, Telling, int | None]], lexicon: Lexicon) -> None:
    sounds = [syllable for syllable, _cell, _character in aloud]
    for start, end, groups in lexicon.sounded_at(sounds):
        # Written in characters, one of them must be right: 推休 is 退休, 纺织 is not 房子.
        typed = [character for _syllable, _cell, character in aloud[start:end] if character is not None]
        beside = [(character,) for character in typed] if len(typed) == end - start else [()]
        keys = [(concept_key(group, lexicon), *each) for group in groups for each in beside]
        for _syllable, cell, _character in aloud[start:end]:
            cell.ways += [(MISHEARD, each) for each in keys]
    for (one, cell, character), (other, next_cell, next_character) in pairwise(aloud):
        key = (one << HALF | other) << MADE_OF | SOUND_PAIR
        typed = [each for each in (character, next_character) if each is not None]
        if len(typed) < 2:
            ways: list[tuple[float, tuple[int, ...]]] = [(MISHEARD, (key,))]
        elif len(aloud) < FEWEST_MISHEARD:
            continue
        else:
            ways = [(SOUND_ALONE, (key,))]
            ways += [(MISHEARD, (key, each)) for each in typed]
        cell.ways += ways
        next_cell.ways += ways
