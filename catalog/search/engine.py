"""The search of this process: an index in memory, kept in step with the database.

At most every `PATIENCE` seconds one query compares the revision token. When it has changed, the phrases are read
again and only the differences go into the index; changed synonyms mean a new index.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from catalog.models import SearchPhrase, SearchQuestion, SearchRevision, SearchTarget, SynonymGroup
from catalog.search.content import split_phrases, stop_words
from catalog.search.core.asking import Asking, Question
from catalog.search.core.features import features, name_of
from catalog.search.core.index import Hit, PhraseIndex
from catalog.search.core.lexicon import Lexicon
from catalog.search.core.meaning import Telling, cells_of, enough, explained
from catalog.search.core.negation import read_denial
from catalog.search.core.text import normalise

PATIENCE: Final = 2.0
# Beyond this share of removed phrases the index is built anew.
MOST_DEAD: Final = 0.2
# So many of the best are looked at for whether they explain the query; one below the first must come this close to it.
CANDIDATES: Final = 3
CLOSE: Final = 0.6
# What explains less than this of a query is not even near it.
NEAR: Final = 0.2
# A phrase this like the query answers it, whatever it is made of.
THE_SAME: Final = 0.95
# Of a query that denies something: how much the whole of it still counts, and how much what it denies counts against.
WHOLE: Final = 0.5
DENIED: Final = 0.3


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
    """What the search says to a query: results best first, and the question to ask back where it is ambiguous.

    Where nothing explains enough of the query it is not ``found``: the results are then what is nearest, often nothing. ``elsewhere`` is
    what it is about, where that is known to be no matter of the catalog.
    """

    query: str
    results: list[Result]
    found: bool
    ask: str | None = None
    choices: tuple[Choice, ...] = ()
    elsewhere: Target | None = None


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
        if reading := read_denial(text, state.lexicon):
            answer = _answer(state, text, limit, wanted=reading.wanted, denied=reading.denied)
            if answer.found:
                return answer
        return _answer(state, text, limit)

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


def _answer(state: EngineState, text: str, limit: int, *, wanted: str = "", denied: str = "") -> Answer:
    wanted = wanted or text
    found = features(wanted, state.lexicon, as_query=True)
    hits = _without_denied(state, state.index.hits(found), text, denied) if denied else state.index.hits(found)
    hits = [hit for hit in hits if hit.target in state.targets]
    ours = [hit for hit in hits if state.targets[hit.target].kind != SearchTarget.Kind.ELSEWHERE]
    question = state.asking.question_for(found, wanted, ours) if ours else None
    ask, choices = _in_words(state, question)
    elsewhere = state.targets[hits[0].target] if hits and hits[0] not in ours[:1] else None
    cells = cells_of(wanted, state.index)
    ours, is_explained = _explaining_first(state, cells, ours, hits[0].score if hits else 0.0)
    if is_explained or ask:
        return Answer(text, [_result(state, hit) for hit in ours[:limit]], True, ask, choices)
    near = [hit for hit in ours[:limit] if explained(cells, hit.target, state.index) >= NEAR]
    return Answer(text, [_result(state, hit) for hit in near], False, elsewhere=elsewhere)


def _explaining_first(state: EngineState, cells: list[Telling], hits: list[Hit], best: float) -> tuple[list[Hit], bool]:
    """Return the hits with the first of the best that explains enough of the query in front, and whether there is one.

    ``best``: the score of what is likest, which may be a thing that is not applied for here.
    """
    needed = enough(cells)
    for place, hit in enumerate(hits[:CANDIDATES]):
        if hit.score < best * (1.0 if place == 0 else CLOSE) or hits[0].score < best:
            break
        if hit.likeness >= THE_SAME or (cells and explained(cells, hit.target, state.index) >= needed):
            return [hit, *hits[:place], *hits[place + 1 :]], True
    return hits, False


def _without_denied(state: EngineState, hits: list[Hit], text: str, denied: str) -> list[Hit]:
    """Return the hits of what is wanted, those of what is denied behind the others; the whole query lends its context."""
    whole, against = (
        {hit.target: hit for hit in state.index.hits(features(each, state.lexicon, as_query=True))}
        for each in (text, denied)
    )
    known = {hit.target: hit for hit in hits}
    for target in known.keys() | whole.keys():
        if target not in known:
            known[target] = replace(whole[target], score=0.0)
        hit = known[target]
        hit.score += sum(
            weight * found[target].score for weight, found in ((WHOLE, whole), (-DENIED, against)) if target in found
        )
    return sorted(known.values(), key=lambda hit: hit.score, reverse=True)


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
