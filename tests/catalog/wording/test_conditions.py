"""Rules as sentences."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.wording.conditions import Subject, Vocabulary, say_condition, say_count

VOCABULARY = Vocabulary(
    {
        "answers.household": Subject(
            "answers.household", "父母的户口在哪里", "choice", (("local", "都在江西省"), ("other", "有一方在外省"))
        ),
        "answers.children": Subject("answers.children", "几个孩子", "number"),
        "child:person.born": Subject("child:person.born", "孩子 · 出生日期", "date"),
        "today": Subject("today", "今天", "date"),
    }
)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (None, "总是"),
        (True, "总是"),
        (False, "从不"),
        ({"==": [{"var": "answers.household"}, "local"]}, "“父母的户口在哪里”是“都在江西省”"),
        ({"!": {"in": [{"var": "answers.household"}, ["local", "x"]]}}, "“父母的户口在哪里”不是“都在江西省”、“x”中的任何一个"),
        (
            {"and": [{">": [{"var": "answers.children"}, 1]}, {"or": [{"!!": {"var": "today"}}, {"!": {"var": "today"}}]}]},
            "“几个孩子”大于 1，并且（“今天”已填，或者“今天”未填）",
        ),
        (
            {"<": [{"years_between": [{"var": "child:person.born"}, {"var": "today"}]}, 18]},
            "从“孩子 · 出生日期”到“今天”的整年数小于 18",
        ),
        (
            {"!": {"and": [{"!!": {"var": "today"}}, {"==": [{"var": "today"}, {"var": "child:person.born"}]}]}},
            "不满足（“今天”已填，并且“今天”是“孩子 · 出生日期”）",
        ),
        ({"any": ["child", {"!!": {"var": "child:person.born"}}]}, "有一位满足（“孩子 · 出生日期”已填）"),
        ({"all": ["child", {"!!": {"var": "child:person.born"}}]}, "每一位都满足（“孩子 · 出生日期”已填）"),
        (
            {"and": [{"!!": {"var": "today"}}, {">": [{"count": ["child", {"!": {"var": "child:person.born"}}]}, 1]}]},
            "（“今天”已填），并且（满足（“孩子 · 出生日期”未填）的人数＞1）",
        ),
        ({"if": [{"var": "answers.children"}, True, False]}, "按专门写的规则，看“几个孩子”"),
    ],
)  # fmt: skip
def test_it_reads_as_a_sentence(rule: Any, sentence: str) -> None:
    assert say_condition(rule, VOCABULARY) == sentence


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (None, "一个"),
        (2, "2 个"),
        ({"var": "answers.children"}, "按“几个孩子”的数"),
        ({"if": [{"==": [{"var": "answers.household"}, "local"]}, 2, 1]}, "“父母的户口在哪里”是“都在江西省”时 2 个；其余 1 个"),
    ],
)  # fmt: skip
def test_a_number_of_persons_reads_as_a_sentence(rule: Any, sentence: str) -> None:
    assert say_count(rule, VOCABULARY) == sentence


def test_it_names_what_a_rule_reads_that_does_not_exist() -> None:
    assert VOCABULARY.unknown({"==": [{"var": "answers.gone"}, {"var": "today"}]}) == ["answers.gone"]
