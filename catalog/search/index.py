"""Phrases by what they are made of, and how much of a query each target answers to. Pure; one writer, any number of readers.

Two kinds of evidence are weighed together: the phrase most like the query (cosine over weighted features), and how
telling the query's features are for a target among all targets (log likelihood over the target's phrases).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Final

from catalog.search.features import Features, features, is_light, kind_of
from catalog.search.lexicon import Lexicon

# How much a feature counts by kind: 字 词 隔字 音 连音 同义 同义组合 字母.
KIND_WEIGHTS: Final = (0.35, 1.0, 0.4, 0.15, 0.33, 0.8, 0.9, 1.2)
LIGHT_WEIGHT: Final = 0.25
# Phrase kinds: how much a phrase of that kind counts.
PHRASE_WEIGHTS: Final = {"name": 1.0, "alias": 1.0, "phrase": 1.0, "keyword": 0.7}
SHORT_PHRASE: Final = 6


@dataclass(frozen=True, slots=True)
class Tuning:
    """Weights of the two kinds of evidence, found by cross-validation."""

    others: float = 0.5
    telling: float = 1.2
    smoothing: float = 3.0
    kinds: tuple[float, ...] = KIND_WEIGHTS
    telling_kinds: tuple[float, ...] = (0.3, 1.0, 0.4, 0.1, 0.5, 0.8, 1.35, 1.0)
    most_common: float = 0.1


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
    norms: array[float] = field(default_factory=lambda: array("f"))
    weights: array[float] = field(default_factory=lambda: array("f"))
    sizes: dict[int, int] = field(default_factory=dict)
    live: int = 0
    _telling: dict[int, tuple[tuple[int, float], ...]] = field(default_factory=dict)

    def add_all(self, rows: Iterable[tuple[int, str, str]]) -> list[int]:
        """Add (target, normalised text, kind) in order and weigh them; return their numbers."""
        first = len(self.targets)
        postings = self.postings
        added: list[frozenset[int]] = []
        few = first > 0
        for target, text, kind in rows:
            number = len(self.targets)
            # A reader in another thread may meet the number at once: what it stands for comes first.
            self.targets.append(target)
            self.weights.append(PHRASE_WEIGHTS.get(kind, 1.0))
            self.norms.append(1e9)
            self.sizes[target] = self.sizes.get(target, 0) + 1
            found = features(
                text, self.lexicon, with_initials=kind in {"name", "alias"} or len(text) <= SHORT_PHRASE
            ).keys
            for key in found:
                held = postings.get(key)
                if held is None:
                    postings[key] = number
                elif isinstance(held, int):
                    postings[key] = array("I", (held, number))
                else:
                    held.append(number)
            self.live += 1
            if few:
                added.append(found)
        if few:
            for number, found in enumerate(added, first):
                self.norms[number] = sqrt(sum(self._weight(key) ** 2 for key in found)) or 1.0
        else:
            self._weigh_all()
        self._telling.clear()
        return list(range(first, len(self.targets)))

    def remove_all(self, numbers: Iterable[int]) -> None:
        """Take phrases out of the count; their room is given back when the index is next built."""
        for number in numbers:
            if self.weights[number]:
                self.weights[number] = 0.0
                self.sizes[self.targets[number]] -= 1
                self.live -= 1
        self._telling.clear()

    def __len__(self) -> int:
        return self.live

    def _weigh_all(self) -> None:
        squares = [0.0] * len(self.targets)
        for key, held in self.postings.items():
            weight = self._weight(key) ** 2
            if isinstance(held, int):
                squares[held] += weight
            else:
                for number in held:
                    squares[number] += weight
        self.norms = array("f", (sqrt(square) or 1.0 for square in squares))

    def _weight(self, key: int) -> float:
        held = self.postings.get(key)
        count = 1 if held is None or isinstance(held, int) else len(held)
        weight = self.tuning.kinds[kind_of(key)] * log(1 + len(self.targets) / (count + 0.5))
        return weight * LIGHT_WEIGHT if is_light(key) else weight

    def hits(self, query: Features) -> list[Hit]:
        """Return every target that shares something with the query, best first. Cost: the postings of its features."""
        total = len(self.targets)
        if not total or not query.keys:
            return []
        tuning, postings, targets, norms, weights = self.tuning, self.postings, self.targets, self.norms, self.weights
        likeness: dict[int, float] = {}
        get = likeness.get
        square = telling_square = 0.0
        telling: dict[int, float] = {}
        ceiling = max(200.0, total * tuning.most_common)
        for key in query.keys:
            weight = self._weight(key)
            square += weight * weight
            held = postings.get(key)
            if held is None:
                continue
            power = weight * weight
            if isinstance(held, int):
                likeness[held] = get(held, 0.0) + power
            elif len(held) <= ceiling:
                for number in held:
                    likeness[number] = get(number, 0.0) + power
            scale = tuning.telling_kinds[kind_of(key)] * (LIGHT_WEIGHT if is_light(key) else 1.0)
            if scale:
                telling_square += scale
                for target, value in self._tells(key, held):
                    telling[target] = telling.get(target, 0.0) + scale * value
        length = sqrt(square) or 1.0
        best: dict[int, list[float]] = {}
        chosen: dict[int, int] = {}
        for number, value in likeness.items():
            value *= weights[number] / norms[number]
            if not value:
                continue
            target = targets[number]
            top = best.get(target)
            if top is None:
                best[target] = [value, 0.0, 0.0]
                chosen[target] = number
            elif value > top[2]:
                if value > top[0]:
                    top[2], top[1], top[0] = top[1], top[0], value
                    chosen[target] = number
                elif value > top[1]:
                    top[2], top[1] = top[1], value
                else:
                    top[2] = value
        scale = tuning.telling / (telling_square or 1.0)
        found = [
            Hit(
                target,
                (top[0] + tuning.others * (top[1] + top[2])) / length + scale * telling.get(target, 0.0),
                min(1.0, top[0] / length),
                chosen[target],
                scale * telling.get(target, 0.0),
            )
            for target, top in best.items()
        ]
        found.sort(key=lambda hit: (-hit.score, hit.target))
        return found

    def _tells(self, key: int, held: int | array[int]) -> tuple[tuple[int, float], ...]:
        """Return (target, log likelihood ratio) of a feature for the targets whose phrases have it."""
        cached = self._telling.get(key)
        if cached is not None:
            return cached
        numbers = (held,) if isinstance(held, int) else held
        counts: dict[int, int] = {}
        for number in numbers:
            if self.weights[number]:
                target = self.targets[number]
                counts[target] = counts.get(target, 0) + 1
        share = (sum(counts.values()) + 0.5) / (self.live + 1.0)
        smoothing = self.tuning.smoothing
        found = tuple(
            (target, log((count + smoothing * share) / ((self.sizes[target] + smoothing) * share)))
            for target, count in counts.items()
            if count + smoothing * share > (self.sizes[target] + smoothing) * share
        )
        if len(self._telling) < 20_000:
            self._telling[key] = found
        return found
