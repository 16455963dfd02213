"""Phrases by what they are made of, and how much of a query each target answers to. Pure; one writer, any number of readers.

Two kinds of evidence are weighed together: the phrase most like the query (cosine over weighted features), and how
telling the query's features are for a target among all targets (log likelihood over the target's phrases).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nlargest
from math import log, sqrt
from operator import itemgetter
from typing import Final

from catalog.search.core.features import INITIALS, KIND_BITS, LIGHT, Features, features, is_light, kind_of
from catalog.search.core.lexicon import Lexicon

# How much a feature counts by kind: 字 词 连音 同义 同义组合 字母 首字母.
KIND_WEIGHTS: Final = (0.75, 0.6, 0.33, 0.8, 1.2, 1.2, 1.0)
LIGHT_WEIGHT: Final = 0.25
# Phrase kinds: how much a phrase of that kind counts.
PHRASE_WEIGHTS: Final = {"name": 1.0, "alias": 1.0, "phrase": 1.0, "keyword": 0.7}
SHORT_PHRASE: Final = 6
# How many postings one query may touch, for how many targets a feature may speak, and how many features are remembered.
MOST_TOUCHED: Final = 1000
MOST_TOLD: Final = 20
MOST_REMEMBERED: Final = 8000
# What the phrases of more targets than this have in common tells none of them from another.
MOST_HOLDERS: Final = 200


@dataclass(frozen=True, slots=True)
class Tuning:
    """Weights of the evidence, found by cross-validation: ``others`` the next two phrases beside the best, ``same`` a phrase
    that is the query, ``telling`` the likelihood over all phrases, smoothed by so many imagined ones.
    """

    others: float = 0.5
    telling: float = 1.2
    smoothing: float = 3.0
    same: float = 3.0
    kinds: tuple[float, ...] = KIND_WEIGHTS
    telling_kinds: tuple[float, ...] = (0.6, 1.0, 0.5, 0.8, 1.8, 0.8, 1.0)


TUNING: Final = Tuning()


@dataclass(slots=True)
class Hit:
    """One target's standing: ``score`` decides; ``likeness`` 0…1 of its best phrase."""

    target: int
    score: float
    likeness: float
    phrase: int
    telling: float = 0.0


@dataclass(slots=True)
class PhraseIndex:
    """Phrases are numbered as they come; a removed one keeps its number and is passed over."""

    lexicon: Lexicon
    tuning: Tuning = TUNING
    postings: dict[int, int | array[int]] = field(default_factory=dict)
    targets: array[int] = field(default_factory=lambda: array("I"))
    # What a phrase of its kind counts, over its length as a vector; 0 for a removed one.
    scales: array[float] = field(default_factory=lambda: array("f"))
    sizes: dict[int, int] = field(default_factory=dict)
    live: int = 0
    _telling: dict[int, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    _holders: dict[int, frozenset[int]] = field(default_factory=dict)

    def add_all(self, rows: Iterable[tuple[int, str, str]]) -> list[int]:
        """Add (target, normalised text, kind) in order and weigh them; return their numbers."""
        first = len(self.targets)
        postings = self.postings
        get = postings.get
        added: list[frozenset[int]] = []
        worth: list[float] = []
        few = first > 0
        for target, text, kind in rows:
            number = len(self.targets)
            # A reader in another thread may meet the number at once: what it stands for comes first.
            self.targets.append(target)
            self.scales.append(0.0)
            worth.append(PHRASE_WEIGHTS.get(kind, 1.0))
            self.sizes[target] = self.sizes.get(target, 0) + 1
            found = features(
                text, self.lexicon, with_initials=kind in {"name", "alias"} or len(text) <= SHORT_PHRASE
            ).keys
            for key in found:
                held = get(key)
                if held is None:
                    postings[key] = number
                elif type(held) is int:
                    postings[key] = array("I", (held, number))
                else:
                    held.append(number)  # type: ignore[union-attr]
            self.live += 1
            if few:
                added.append(found)
        lengths = [self._length(found) for found in added] if few else self._lengths()
        for number, (value, length) in enumerate(zip(worth, lengths, strict=True), first):
            self.scales[number] = value / length
        self._forget()
        return list(range(first, len(self.targets)))

    def remove_all(self, numbers: Iterable[int]) -> None:
        """Take phrases out of the count; their room is given back when the index is next built."""
        for number in numbers:
            if self.scales[number]:
                self.scales[number] = 0.0
                self.sizes[self.targets[number]] -= 1
                self.live -= 1
        self._forget()

    def has(self, key: int, target: int) -> bool:
        """Whether a target's phrases have a feature, or nearly everybody's have it."""
        held = self.postings.get(key)
        if held is None:
            return False
        if isinstance(held, int):
            return self.targets[held] == target and self.scales[held] > 0
        holders = self._holders.get(key)
        if holders is None:
            holders = self._holders[key] = frozenset(self.targets[number] for number in held if self.scales[number])
            if len(self._holders) > MOST_REMEMBERED:
                self._holders.clear()
        return target in holders or len(holders) > MOST_HOLDERS

    def telling_weight(self, key: int) -> float:
        """Return what a feature tells, whatever its kind: most where no phrase has it."""
        held = self.postings.get(key)
        count = 1 if held is None or isinstance(held, int) else len(held)
        return log(1 + len(self.targets) / (count + 0.5))

    def __len__(self) -> int:
        return self.live

    def _length(self, found: Iterable[int]) -> float:
        """Return the length of a text as a vector. It is not longer for having initials."""
        return sqrt(sum(self._weight(key) ** 2 for key in found if kind_of(key) != INITIALS)) or 1.0

    def _lengths(self) -> list[float]:
        """Return the lengths of all phrases, as `_length` would, in one pass over the postings."""
        squares = [0.0] * len(self.targets)
        powers: dict[tuple[int, int], float] = {}
        for key, held in self.postings.items():
            kind = key & (KIND_BITS | LIGHT)
            if kind == INITIALS:
                continue
            single = type(held) is int
            shape = (kind, 1 if single else len(held))  # type: ignore[arg-type]
            power = powers.get(shape)
            if power is None:
                power = powers[shape] = self._weight(key) ** 2
            if single:
                squares[held] += power  # type: ignore[index]
            else:
                for number in held:  # type: ignore[union-attr]
                    squares[number] += power
        return [sqrt(square) or 1.0 for square in squares]

    def _weight(self, key: int) -> float:
        held = self.postings.get(key)
        count = 1 if held is None or isinstance(held, int) else len(held)
        weight = self.tuning.kinds[kind_of(key)] * log(1 + len(self.targets) / (count + 0.5))
        return weight * LIGHT_WEIGHT if is_light(key) else weight

    def hits(self, query: Features, most: int = 30) -> list[Hit]:
        """Return the ``most`` targets that share something telling with the query, best first.

        Cost: at most some `MOST_TOUCHED` postings, however many phrases there are: the telling features come first, and
        what nearly everybody says is left out once the measure is full.
        """
        total = len(self.targets)
        if not total or not query.keys:
            return []
        tuning, postings, targets, scales = self.tuning, self.postings, self.targets, self.scales
        kinds, telling_kinds = tuning.kinds, tuning.telling_kinds
        known: list[tuple[float, int, int | array[int]]] = []
        square = telling_square = 0.0
        telling: defaultdict[int, float] = defaultdict(float)
        for key in query.keys:
            held = postings.get(key)
            kind, light = key & KIND_BITS, LIGHT_WEIGHT if key & LIGHT else 1.0
            if held is None:
                if key not in query.spelled:
                    square += (kinds[kind] * light * log(1 + total / 1.5)) ** 2
                continue
            count = 1 if isinstance(held, int) else len(held)
            power = (kinds[kind] * light * log(1 + total / (count + 0.5))) ** 2
            square += power
            known.append((power, key, held))
            scale = telling_kinds[kind] * light
            telling_square += scale
            for target, value in self._telling.get(key) or self._tells(key, held):
                telling[target] += scale * value
        known.sort(key=itemgetter(0), reverse=True)
        likeness: defaultdict[int, float] = defaultdict(float)
        room = MOST_TOUCHED
        for power, _key, held in known:
            if isinstance(held, int):
                likeness[held] += power
            elif len(held) <= room:
                room -= len(held)
                for number in held:
                    likeness[number] += power
        length = sqrt(square) or 1.0
        best: dict[int, tuple[float, float, float, int]] = {}
        nothing = (0.0, 0.0, 0.0, 0)
        for number, value in likeness.items():
            value *= scales[number]
            target = targets[number]
            first, second, third, chosen = best.get(target, nothing)
            if value > third:
                if value > first:
                    best[target] = (value, first, second, number)
                elif value > second:
                    best[target] = (first, value, second, chosen)
                else:
                    best[target] = (first, second, value, chosen)
        scale = tuning.telling / (telling_square or 1.0)
        others, same = tuning.others / length, tuning.same / length**3
        tells = telling.get
        scored = [
            (first / length + others * (second + third) + same * first**3 + scale * tells(target, 0.0), target)
            for target, (first, second, third, _chosen) in best.items()
        ]
        found = []
        for score, target in nlargest(most, scored):
            first, _second, _third, chosen = best[target]
            found.append(Hit(target, score, min(1.0, first / length), chosen, scale * tells(target, 0.0)))
        return found

    def _tells(self, key: int, held: int | array[int]) -> tuple[tuple[int, float], ...]:
        """Return (target, log likelihood ratio) of a feature for the targets whose phrases have it."""
        numbers = (held,) if isinstance(held, int) else held
        counts: dict[int, int] = {}
        for number in numbers:
            if self.scales[number]:
                target = self.targets[number]
                counts[target] = counts.get(target, 0) + 1
        share = (sum(counts.values()) + 0.5) / (self.live + 1.0)
        smoothing, sizes = self.tuning.smoothing, self.sizes
        ratios = (
            ((count + smoothing * share) / ((sizes[target] + smoothing) * share), target)
            for target, count in counts.items()
        )
        found = tuple((target, log(ratio)) for ratio, target in nlargest(MOST_TOLD, ratios) if ratio > 1.0)
        if len(self._telling) >= MOST_REMEMBERED:
            self._telling.clear()
        self._telling[key] = found
        return found

    def _forget(self) -> None:
        self._telling.clear()
        self._holders.clear()
