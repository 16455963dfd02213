"""A newborn's plan, example by example: what is asked before, and what the answers lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.fields.validation import FieldProblem
from catalog.merging.planned import Stop
from tests.worlds.family import (
    INSURANCE,
    MATTER,
    ONE,
    TWINS,
    compiled,
    var,
)


def test_it_asks_only_questions_that_apply_and_offers_only_options_that_apply() -> None:
    matter = compiled()
    assert [q.key for q in matter.questions_for({})] == ["marriage", "applicant", "children", "items"]
    single = {q.key: [o.value for o in q.options] for q in matter.questions_for({"marriage": "single"})}
    assert single["applicant"] == ["mother"]
    (items,) = [q for q in matter.questions_for({}) if q.implied]
    assert [(o.value, o.label, o.note) for o in items.options] == [
        ("insurance", INSURANCE.name, "一年内参保，出生之日起享受待遇")
    ]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({}, []),
        ({"items": []}, []),
        ({"items": None}, []),
        ({"children": "2"}, []),
        ({"marriage": ""}, [("marriage", "missing_answer"), ("applicant", "not_an_option")]),
        ({"marriage": "divorced"}, [("marriage", "not_an_option"), ("applicant", "not_an_option")]),
        ({"marriage": ["married"]}, [("marriage", "not_one_answer"), ("applicant", "not_an_option")]),
        ({"marriage": "single"}, [("applicant", "not_an_option")]),
        ({"children": 0}, [("children", "out_of_range")]),
        ({"children": 4}, [("children", "out_of_range")]),
        ({"children": True}, [("children", "not_a_number")]),
        ({"children": "二"}, [("children", "not_a_number")]),
        ({"children": "²"}, [("children", "not_a_number")]),
        ({"children": "9" * 5000}, [("children", "not_a_number")]),
        ({"children": [1]}, [("children", "not_a_number")]),
        ({"items": "insurance"}, []),
        ({"items": ["insurance", "moon"]}, [("items", "not_an_option")]),
        ({"items": {"a": 1}}, [("items", "not_an_option")]),
        ({"items": [["insurance"]]}, [("items", "not_an_option")]),
        ({"weather": "sun"}, [("weather", "unknown_question")]),
    ],
)
def test_it_says_what_is_wrong_with_answers(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    answers = {**ONE, "applicant": "father", **change}
    matter = compiled()
    assert [(p.field, p.code) for p in matter.check_answers(answers)] == problems
    plan = matter.plan_for(answers)  # invalid answers count as not given
    assert matter.check_answers(plan.answers) == [] or problems
    for key, _ in problems:
        assert key not in plan.answers


def test_it_tells_the_range_of_a_number() -> None:
    (problem,) = compiled().check_answers({**ONE, "children": 9})
    assert problem == FieldProblem("children", "out_of_range", {"minimum": 1, "maximum": 3})


def test_it_remembers_plans_by_their_valid_answers() -> None:
    matter = compiled()
    assert matter.plan_for(ONE) is matter.plan_for({**ONE, "children": "1", "weather": "sun"})
    assert matter.plan_for(ONE) is not matter.plan_for(TWINS)
    assert matter.plan_for(ONE).answers == ONE


def test_it_stops_where_an_answer_cannot_go_on_online() -> None:
    assert compiled().plan_for({**ONE, "marriage": "single"}).stops == (Stop("marriage", "single", "请到窗口办理"),)
    assert compiled().plan_for(ONE).stops == ()


def test_it_chooses_one_of_a_group() -> None:
    ways = replace(
        MATTER,
        items=(
            replace(MATTER.items[0], group="way", condition={"==": [var("answers.applicant"), "mother"]}),
            replace(MATTER.items[1], group="way", after=()),
        ),
    )
    matter = compiled(matter=ways)
    assert [q.key for q in matter.questions_for(ONE)][-1] == "group.way"
    assert [p.code for p in matter.check_answers({**ONE, "items": None})] == ["missing_answer", "unknown_question"]
    assert matter.plan_for(ONE).items == ()
    chosen = matter.plan_for({**ONE, "group.way": "registration"})
    assert [item.key for item in chosen.items] == ["registration"]
    assert [reason.answer for reason in chosen.items[0].reasons] == ["出生登记"]
    father = {**ONE, "applicant": "father"}
    assert "group.way" not in [q.key for q in matter.questions_for(father)]
    assert [item.key for item in matter.plan_for(father).items] == ["registration"]
    mother = matter.plan_for({**ONE, "group.way": "certificate"})
    assert [(r.text, r.answer) for r in mother.items[0].reasons] == [
        ("谁来申请？", "母亲"),
        ("下列办理方式任选其一，您选哪一种？", "出生医学证明首次签发"),
    ]
