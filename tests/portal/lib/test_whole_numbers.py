"""What somebody sends as a number is one, or none: never an error."""

from __future__ import annotations

import pytest

from catalog.composing.constraint_rows import read
from catalog.definitions.naming import split_instance
from portal.lib.whole_numbers import whole_number

ODD = ("", "²", "٣", "１", "-1", "1 ", "1.0", "9" * 5000)


@pytest.mark.parametrize("text", ODD)
def test_only_digits_of_a_length_that_the_database_holds_are_a_number(text: str) -> None:
    assert whole_number(text) is None
    assert split_instance(f"child#{text}") == (f"child#{text}", 1)


@pytest.mark.parametrize("text", ["--5", "²", "9" * 5000])
def test_a_bound_that_is_no_number_is_kept_as_typed(text: str) -> None:
    assert read("min", text) == text
    assert read("min", "-5") == -5


def test_a_number_is_read() -> None:
    assert (whole_number("0"), whole_number("007"), whole_number("9" * 18)) == (0, 7, 10**18 - 1)
    assert whole_number("1000", 3) is None
