"""Which answers lead to a condition is decided as by trying everything, or not at all."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.definitions import (
    GuideOption,
    GuideQuestion,
)
from catalog.linting.reaching import Reach, Undecided, exact_choices
from tests.catalog.linting.many_questions import is_, question
from tests.catalog.merging.examples import examples
from tests.worlds.family import var


@examples(60)
@given(st.data())
def test_reach_decides_as_trying_everything_would(data: st.DataObject) -> None:
    questions = [question("a", "xy"), question("b", "xyz"), GuideQuestion("n", "?", minimum=1, maximum=4)]
    atoms = [is_("a", "x"), is_("b", "z"), is_("n", 3), {"<": [var("answers.n"), 2]}, {"!=": [var("answers.b"), "y"]}]
    if data.draw(st.booleans()):
        questions[1] = replace(questions[1], condition=data.draw(st.sampled_from(atoms[:1])))
    rules = data.draw(
        st.lists(
            st.sampled_from(atoms)
            | st.tuples(st.sampled_from(atoms), st.sampled_from(atoms)).map(lambda pair: {"or": list(pair)})
            | st.sampled_from(atoms).map(lambda one: {"!": [one]}),
            min_size=1,
            max_size=4,
        )
    )
    from catalog.merging.selection import flat
    from catalog.rules.language import holds

    everything = []
    for a, b, n in itertools.product("xy", "xyz", range(1, 5)):
        answers: dict[str, Any] = {"a": a, "b": b, "n": n}
        if questions[1].condition is not None and a != "x":
            del answers["b"]
        everything.append(flat(answers))
    possible = any(all(holds(rule, known) for rule in rules) for known in everything)
    found = Reach(questions).first(rules)
    assert (found is not None) == possible
    if found is not None:
        complete = Reach(questions).complete(found)
        assert all(holds(rule, flat(complete)) for rule in rules)
        assert flat(complete) in everything


def test_reach_gives_up_rather_than_guess() -> None:
    with pytest.raises(Undecided):
        Reach([question("a", "xyz"), question("b", "xyz")], limit=8).first([is_("a", "no"), is_("b", "no")])
    assert Reach([question("a", "xyz"), question("b", "xyz")], limit=9).first([is_("a", "no"), is_("b", "no")]) is None
    with pytest.raises(Undecided):
        exact_choices(question("many", "abcdefghi", multiple=True))
    assert len(exact_choices(question("many", "abcdefgh", multiple=True))) == 255
    assert exact_choices(question("wish", "ab", multiple=True, required=False)) == [None, ["a"], ["b"], ["a", "b"]]
    assert exact_choices(question("wish", "ab", required=False)) == [None, "a", "b"]
    assert exact_choices(GuideQuestion("n", "?", minimum=2, maximum=26)) == list(range(2, 27))
    assert exact_choices(GuideQuestion("n", "?", minimum=2, maximum=27), [10, 99]) == [2, 9, 10, 11, 27]
    assert exact_choices(GuideQuestion("n", "?", minimum=2)) == [2]


def test_reach_completes_with_the_first_answers_that_stop_nobody() -> None:
    stopping = GuideQuestion(
        "s",
        "?",
        options=(GuideOption("no", "no", stops="请到窗口"), GuideOption("yes", "yes"), GuideOption("so", "so")),
    )
    only = GuideQuestion("only", "?", options=(GuideOption("no", "no", stops="请到窗口"),))
    reach = Reach(
        [
            stopping,
            only,
            question("must", "abc", multiple=True),
            question("may", "abc", multiple=True, required=False),
            question("b"),
            GuideQuestion("n", "?", minimum=3, maximum=5),
        ]
    )
    assert reach.complete({"b": "c"}) == {"s": "yes", "only": "no", "must": ["a"], "b": "c", "n": 3}
    assert reach.complete({"s": "no", "n": 5})["s"] == "no"


def test_what_leads_to_a_question_is_answered_as_well() -> None:
    second = replace(question("b", "xyz"), condition=is_("a", "y"))
    third = replace(question("c", "xy"), condition=is_("b", "z"))
    reach = Reach([question("other"), question("a", "xy"), second, third])
    assert reach.first([is_("c", "y")]) == {"a": "y", "b": "z", "c": "y"}
    many = GuideQuestion("n", "?", minimum=0, maximum=1000)
    large = replace(
        question("b", "xy"), condition={"and": [{"in": [var("answers.n"), [3, 500]]}, {"<": [99, var("answers.n")]}]}
    )
    assert Reach([many, large]).first([is_("b", "y")]) == {"n": 500, "b": "y"}


def test_only_what_is_offered_is_chosen() -> None:
    offered = tuple(GuideOption(value, value, condition=is_("a", value)) for value in "xy")
    several = GuideQuestion("s", "?", options=(*offered, GuideOption("z", "z")), multiple=True, required=False)
    reach = Reach([question("a", "xy"), several])
    chosen = [answers.get("s") for answers in reach.every(["answers.s"]) if answers["a"] == "x"]
    assert chosen == [None, ["x"], ["z"], ["x", "z"]]
    assert reach.first([{"in": ["x", var("answers.s")]}]) == {"a": "x", "s": ["x"]}
    assert reach.first([is_("a", "y"), {"in": ["x", var("answers.s")]}]) is None
