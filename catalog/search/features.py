"""What the index knows a text by: characters, pairs, sounds, initials and concepts. Pure.

A feature is a number: 60 bits of its hash over four bits that say of which kind it is (`KINDS`) and whether it says
little. Numbers take half the room of strings, and the index holds a hundred thousand of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

from catalog.search.lexicon import Lexicon
from catalog.search.syllables import fuzzy, read_aloud, spell
from catalog.search.text import is_han, runs

CHARACTER, PAIR, GAP, SOUND, SOUND_PAIR, CONCEPT, CONCEPTS, WORD = range(8)
KINDS: Final = ("字", "词", "隔字", "音", "连音", "同义", "同义组合", "字母")
LIGHT: Final = 8
MOST_CONCEPTS: Final = 7
SHORTEST_INITIALS: Final = 2
LONGEST_INITIALS: Final = 5


def kind_of(feature: int) -> int:
    return feature & 7


def is_light(feature: int) -> bool:
    return bool(feature & LIGHT)


def _key(kind: int, text: str, light: bool = False) -> int:
    return (hash((kind, text)) & ~15) | kind | (LIGHT if light else 0)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text; ``named`` only where asked for: feature → what it stands for."""

    keys: frozenset[int]
    named: dict[int, str]


def features(
    text: str, lexicon: Lexicon, *, as_query: bool = False, with_initials: bool = False, named: bool = False
) -> Features:
    """Return the features of a normalised text.

    ``as_query`` reads letters as pinyin and hears words behind wrong characters; ``with_initials`` adds the initials of
    a short text, so that ``sfz`` finds 身份证.
    """
    found: dict[int, str] = {}
    parts = runs(text)
    stops, light_groups = lexicon.stop_words, lexicon.light_groups
    concepts: dict[int, None] = {}
    syllables: list[str] = []
    initials: list[str] = []
    for run in parts:
        if is_han(run[0]):
            kept = lexicon.concepts(run)
            concepts.update(dict.fromkeys(group for _start, _end, group in kept))
            bare = lexicon.without_stop_words(run, kept)
            for char in run:
                found[_key(CHARACTER, char, char in stops)] = char
            for first, second in zip(run, run[1:], strict=False):
                pair = first + second
                found[_key(PAIR, pair, pair in stops or (first in stops and second in stops))] = pair
            if bare != run:
                for first, second in zip(bare, bare[1:], strict=False):
                    pair = first + second
                    found[_key(PAIR, pair, pair in stops or (first in stops and second in stops))] = pair
            for first, third in zip(bare, bare[2:], strict=False):
                found[_key(GAP, first + third)] = f"{first}…{third}"
            sounds = read_aloud(bare)
            syllables += sounds
            initials += [sound[0] for sound in sounds]
        else:
            light = run in stops
            found[_key(WORD, run, light)] = run
            concepts.update(dict.fromkeys(lexicon.groups.get(run, ())))
            if run[0].isdigit():
                continue
            if as_query and not light:
                spelled = spell(run)
                syllables += spelled
                if len(run) <= LONGEST_INITIALS and len(spelled) != 1:
                    initials_of = run
                    found[_key(WORD, "~" + initials_of)] = run
                elif not spelled:
                    for size in (3, 4):
                        for start in range(len(run) - size + 1):
                            found[_key(WORD, "~" + run[start : start + size])] = run[start : start + size]
    heard = [fuzzy(syllable) for syllable in syllables]
    for syllable in heard:
        found[_key(SOUND, syllable)] = syllable
    for first, second in zip(heard, heard[1:], strict=False):
        pair = f"{first} {second}"
        found[_key(SOUND_PAIR, pair)] = pair
    if as_query:
        concepts.update(dict.fromkeys(sorted(lexicon.sounded(heard))))
    if with_initials:
        for size in range(SHORTEST_INITIALS, LONGEST_INITIALS + 1):
            for start in range(len(initials) - size + 1):
                name = "".join(initials[start : start + size])
                found[_key(WORD, "~" + name)] = name
    for group in concepts:
        found[_key(CONCEPT, str(group), group in light_groups)] = lexicon.names[group] if named else ""
    telling = sorted(group for group in list(concepts)[: 2 * MOST_CONCEPTS] if group not in light_groups)[
        :MOST_CONCEPTS
    ]
    for one, other in combinations(telling, 2):
        found[_key(CONCEPTS, f"{one}+{other}")] = f"{lexicon.names[one]}＋{lexicon.names[other]}" if named else ""
    return Features(frozenset(found), found if named else {})
