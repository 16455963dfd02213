"""What to ask back when a query fits several targets equally well. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from catalog.search.core.features import Features
from catalog.search.core.index import Hit, PhraseIndex
from catalog.search.core.lexicon import Lexicon

# How like one of its phrases a query must be for a written question to be asked.
ENOUGH_ALIKE: Final = 0.8
# A query this like one target's phrase is no riddle, unless the written question is even closer.
CLEAR: Final = 0.9
# Below this likeness the best result is a guess, and asking about guesses helps nobody.
LIKELY: Final = 0.25
# Without a written question: scores this close to the best are rivals, in queries of so few characters.
RIVAL: Final = 0.93
SHORT_QUERY: Final = 6
MOST_RIVALS: Final = 4
# Who writes more than this many characters has said what they want.
LONGEST_RIDDLE: Final = 24


@dataclass(frozen=True, slots=True)
class Question:
    """A question back: ``options`` are (target number, button text)."""

    ask: str
    options: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """The written questions, found by their phrases."""

    questions: tuple[Question, ...]
    index: PhraseIndex

    @classmethod
    def build(cls, lexicon: Lexicon, questions: Sequence[tuple[Question, Sequence[str]]]) -> Asking:
        """Return the questions with the (normalised) phrases that call for them."""
        index = PhraseIndex(lexicon)
        index.add_all((number, text, "phrase") for number, (_question, texts) in enumerate(questions) for text in texts)
        return cls(tuple(question for question, _texts in questions), index)

    def question_for(self, query: Features, text: str, hits: Sequence[Hit]) -> Question | None:
        """Return the question to ask, with an empty ``ask`` where nobody has written one for these rivals."""
        best = hits[0].likeness if hits else 0.0
        if len(text) > LONGEST_RIDDLE:
            return None
        asked = max(self.index.hits(query), key=lambda hit: hit.likeness, default=None)
        if asked is not None and asked.likeness >= max(ENOUGH_ALIKE, min(best, CLEAR)):
            return self.questions[asked.target]
        if not LIKELY <= best < CLEAR or len(text.replace(" ", "")) > SHORT_QUERY:
            return None
        rivals = [hit for hit in hits[:MOST_RIVALS] if hit.score >= RIVAL * hits[0].score]
        return Question("", tuple((hit.target, "") for hit in rivals)) if len(rivals) > 1 else None
