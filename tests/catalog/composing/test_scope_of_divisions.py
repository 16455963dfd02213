"""That a division may be anywhere in the country is chosen in the console by a word."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from catalog.composing.constraint_rows import choices, problems, read, written


@pytest.mark.parametrize("typed", ["全国", " country "])
def test_it_is_read_and_written_in_words(typed: str) -> None:
    assert read("scope", typed) == "country"
    assert written("scope", "country") == "全国"
    assert ("scope", "区划的范围") in choices("division")
    assert problems("division", {"scope": "country"}, []) == []


def test_it_is_read_in_the_other_language_too() -> None:
    with override("en"):
        assert read("scope", written("scope", "country")) == "country"
        assert read("scope", "全国") == "country"


def test_another_word_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match="没有这种范围。可以用：全国。"):
        read("scope", "全省")
    assert problems("division", {"scope": "全省"}, []) == ["“区划的范围”的值写得不对。"]
    assert problems("text", {"scope": "country"}, []) == ["“区划的范围”不能用于这一类型。"]
