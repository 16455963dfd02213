"""Whether two conditions can ever hold together."""

from __future__ import annotations

from catalog.definitions import GuideOption, GuideQuestion
from catalog.rules.exclusion import MAX_COMBINATIONS, never_together, possible_answers
from tests.worlds.family import var


def several(options: str) -> GuideQuestion:
    return GuideQuestion("several", "?", options=tuple(GuideOption(v, v) for v in options), multiple=True)


def has(option: str) -> dict[str, object]:
    return {"in": [option, var("answers.several")]}


def test_of_several_choices_any_may_be_taken_together() -> None:
    questions = {"several": several("abc")}
    assert not never_together([has("a"), has("b"), has("c")], questions)
    assert not never_together([has("a"), {"!": [has("b")]}], questions)
    assert never_together([has("a"), {"==": [{"count": [var("answers.several")]}, 1]}, has("b")], questions)
    assert possible_answers(several("abc")) == [
        None,
        ["a"],
        ["b"],
        ["c"],
        ["a", "b"],
        ["a", "c"],
        ["b", "c"],
        ["a", "b", "c"],
    ]


def test_too_many_answers_are_never_called_impossible() -> None:
    assert len(possible_answers(several("abcdefgh"))) == 256
    assert len(possible_answers(several("abcdefghi"))) > MAX_COMBINATIONS
    apart = [has("a"), {"==": [{"count": [var("answers.several")]}, 99]}]
    assert never_together(apart, {"several": several("abcdefgh")})
    assert not never_together(apart, {"several": several("abcdefghi")})


def test_every_number_may_be_answered_and_none_at_all() -> None:
    assert possible_answers(GuideQuestion("n", "?", minimum=2, maximum=4)) == [None, 2, 3, 4]
    assert possible_answers(GuideQuestion("n", "?", options=(GuideOption("a", "a"),))) == [None, "a"]
    assert possible_answers(None) == [None]
