"""The search of this process: an index in memory, kept in step with the database.

At most every `PATIENCE` seconds one query compares the revision token. When it has changed, the phrases are read
again and only the differences go into the index; changed synonyms mean a new index.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from catalog.models import SearchPhrase, SearchQuestion, SearchRevision, SearchTarget, SynonymGroup
from catalog.search.content import split_phrases, stop_words
from catalog.search.core.asking import Asking, Question
from catalog.search.core.features import features, name_of
from catalog.search.core.index import Hit, PhraseIndex
from catalog.search.core.lexicon import Lexicon
from catalog.search.core.text import normalise

PATIENCE: Final = 2.0
# Beyond this share of removed phrases the index is built anew.
MOST_DEAD: Final = 0.2
# Results below this likeness are guesses: shown as such, and recorded as a miss.
GUESS: Final = 0.16


@dataclass(frozen=True, slots=True)
class Target:
    """A target as results show it."""

    number: int
    slug: str
    kind: str
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Result:
    """One line of an answer. ``score`` orders; ``likeness`` (0…1) says how like the query the best ``phrase`` is."""

    target: Target
    score: float
    likeness: float
    phrase: str
    telling: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to the question asked back."""

    target: Target
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the search says to a query: results best first, and the question to ask back where it is ambiguous."""

    query: str
    results: list[Result]
    ask: str | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def is_guess(self) -> bool:
        return not self.results or self.results[0].likeness < GUESS


@dataclass(slots=True)
class EngineState:
    """One consistent set of what the search knows. ``rows``: phrase id → (target, text, kind); ``numbers``: → place in the index."""

    token: UUID | None
    words: tuple[str, ...]
    lexicon: Lexicon
    index: PhraseIndex
    targets: dict[int, Target]
    asking: Asking
    rows: dict[int, tuple[int, str, str]]
    numbers: dict[int, int]
    texts: list[str] = field(default_factory=list)
    pairs: frozenset[str] | None = None  # made when first asked for


class Engine:
    """The index of one process. Any number of threads may search; one at a time brings it up to date."""

    def __init__(self) -> None:
        self._state: EngineState | None = None
        self._checked = 0.0
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Build everything anew at the next search."""
        self._state = None

    def state(self) -> EngineState:
        """Return what the search knows, at most `PATIENCE` seconds old. Cost: usually nothing, else one small query."""
        state = self._state
        if state is not None and time.monotonic() - self._checked < PATIENCE:
            return state
        if state is not None and not self._lock.acquire(blocking=False):
            return state  # somebody else is bringing it up to date
        if state is None:
            self._lock.acquire()
        try:
            token = SearchRevision.objects.values_list("token", flat=True).first()
            if self._state is None or self._state.token != token:
                self._state = _renew(self._state, token)
            self._checked = time.monotonic()
            return self._state
        finally:
            self._lock.release()

    def search(self, query: str, limit: int = 10) -> Answer:
        """Return the best ``limit`` targets for what somebody typed, of any length and content."""
        state = self.state()
        text = normalise(query)
        found = features(text, state.lexicon, as_query=True)
        hits = [hit for hit in state.index.hits(found) if hit.target in state.targets]
        question = state.asking.question_for(found, text, hits) if hits else None
        ask, choices = _in_words(state, question)
        return Answer(text, [_result(state, hit) for hit in hits[:limit]], ask, choices)

    def explain(self, query: str, result: Result) -> list[str]:
        """Return what a query and a result's best phrase have in common, as words."""
        state = self.state()
        mine = features(normalise(query), state.lexicon, as_query=True).keys
        theirs = features(normalise(result.phrase), state.lexicon, with_initials=True).keys
        names = {name_of(key, state.lexicon) for key in mine & theirs}
        return sorted(names, key=lambda name: (-len(name), name))


ENGINE: Final = Engine()


def search(query: str, limit: int = 10) -> Answer:
    """Search everything that can be applied for."""
    return ENGINE.search(query, limit)


def known_pairs() -> frozenset[str]:
    """Return every two neighbouring characters in what the search itself knows: words of matters, never of persons."""
    return _pairs_of(ENGINE.state())


def _pairs_of(state: EngineState) -> frozenset[str]:
    if state.pairs is None:
        texts = [*state.texts, *(word for group in state.words for word in group.split())]
        state.pairs = frozenset("".join(pair) for text in texts for pair in pairwise(normalise(text)))
    return state.pairs


def _result(state: EngineState, hit: Hit) -> Result:
    return Result(
        state.targets[hit.target],
        round(hit.score, 4),
        round(hit.likeness, 4),
        state.texts[hit.phrase],
        round(hit.telling, 4),
    )


def _in_words(state: EngineState, question: Question | None) -> tuple[str | None, tuple[Choice, ...]]:
    if question is None:
        return None, ()
    choices = tuple(
        Choice(target, label or target.name)
        for number, label in question.options
        if (target := state.targets.get(number)) is not None
    )
    return (question.ask, choices) if len(choices) > 1 else (None, ())


def _renew(old: EngineState | None, token: UUID | None) -> EngineState:
    targets = {
        row[0]: Target(*row)
        for row in SearchTarget.objects.filter(is_active=True).values_list("pk", "slug", "kind", "name", "department")
    }
    words = tuple(SynonymGroup.objects.filter(is_active=True).order_by("pk").values_list("words", flat=True))
    rows: dict[int, tuple[int, str, str]] = {
        pk: (target, text, kind)
        for pk, target, text, kind in SearchPhrase.objects.filter(is_active=True, target__is_active=True)
        .order_by("pk")
        .values_list("pk", "target_id", "text", "kind")
        .iterator(chunk_size=5000)
    }
    if old is not None and old.words != words:
        old = None
    lexicon = old.lexicon if old else Lexicon.build((group.split() for group in words), stop_words())
    asking = _asking(lexicon, targets)
    gone = [pk for pk, row in old.rows.items() if rows.get(pk) != row] if old else []
    if old is None or len(gone) + len(old.numbers) - len(old.index) > MOST_DEAD * len(old.texts):
        state = EngineState(token, words, lexicon, PhraseIndex(lexicon), targets, asking, {}, {})
        _add(state, rows.items())
        return state
    come = [(pk, row) for pk, row in rows.items() if old.rows.get(pk) != row]
    old.index.remove_all(old.numbers.pop(pk) for pk in gone)
    for pk in gone:
        del old.rows[pk]
    state = EngineState(token, words, lexicon, old.index, targets, asking, old.rows, old.numbers, old.texts)
    _add(state, come)
    return state


def _add(state: EngineState, rows: Iterable[tuple[int, tuple[int, str, str]]]) -> None:
    listed = list(rows)
    state.texts.extend(text for _pk, (_target, text, _kind) in listed)
    numbers = state.index.add_all((target, normalise(text), kind) for _pk, (target, text, kind) in listed)
    for (pk, row), number in zip(listed, numbers, strict=True):
        state.rows[pk] = row
        state.numbers[pk] = number


def _asking(lexicon: Lexicon, targets: dict[int, Target]) -> Asking:
    by_slug = {target.slug: number for number, target in targets.items()}
    questions: list[tuple[Question, list[str]]] = []
    row: Any
    for row in SearchQuestion.objects.filter(is_active=True).order_by("pk"):
        options = tuple((by_slug[slug], label) for slug, label in row.candidates if slug in by_slug)
        questions.append((Question(row.ask, options), [normalise(text) for text in split_phrases(row.phrases)]))
    return Asking.build(lexicon, questions)
