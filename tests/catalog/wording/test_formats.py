"""A refused format is told as length, characters and an example that the pattern itself takes."""

from __future__ import annotations

import pytest
from django.utils import translation

from catalog.fields.validation import FieldProblem
from catalog.wording.problems import format_in_words, sentence


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("[0-9A-Z]{9}", "9 位，字母或数字，如 A12345678"),
        (r"\d{12}", "12 位，数字，如 112345678901"),
        ("[0-9A-Za-z]{6,20}", "6 至 20 位，字母或数字，如 A12345"),
        (r"JY\d{14}", "16 位，字母或数字，如 JY23456789012345"),
        ("J[0-9]{6}-[0-9]{4}-[0-9]{6}", "19 位，如 J123456-8901-345678"),
        (".[A-Z][0-9A-Z]{5,6}", "7 至 8 位"),
        ("[A-Z]+", "至少 1 位，字母，如 A"),
        ("(ab|c)?", "0 至 2 位，字母"),
        ("(?=x)", "规定的格式"),
    ],
)
def test_a_format_is_told_in_words(pattern: str, said: str) -> None:
    assert format_in_words(pattern) == said


def test_the_sentence_names_the_format() -> None:
    problem = FieldProblem("card", "wrong_format", {"pattern": "[0-9A-Z]{9}"})
    assert sentence(problem, "卡号") == "卡号应为 9 位，字母或数字，如 A12345678，请核对。"
    with translation.override("en"):
        assert (
            sentence(problem, "Card")
            == "Card should have 9 characters, letters or digits, like A12345678. Please check."
        )
