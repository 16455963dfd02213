"""Arranging values on the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.pdf.page.layout import (
    BODY_BOTTOM,
    BODY_TOP,
    LEFT,
    NOT_FIRST,
    POINT,
    RIGHT,
    FaceTooLong,
    arrange,
    break_lines,
)

texts = st.text("中文字，。（）· abcXYZ0123456789-", max_size=120)


def advance(character: str) -> int:
    return 1000 if ord(character) > 0x2E80 else 550


@given(texts, st.floats(20, 200))
def test_it_loses_nothing_but_spaces_at_a_break(text: str, width: float) -> None:
    lines = break_lines(text, width, 13.5, advance)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(texts, st.floats(20, 200))
def test_no_line_is_wider_than_its_place(text: str, width: float) -> None:
    for line in break_lines(text, width, 13.5, advance):
        assert sum(map(advance, line)) * 13.5 * POINT / 1000 <= width + 1e-6


def test_no_line_begins_with_a_closing_mark() -> None:
    text = "江西省南昌市西湖区站前西路，八一大道。" * 4
    for width in range(30, 120):
        lines = break_lines(text, width, 13.5, advance)
        assert all(line[0] not in NOT_FIRST for line in lines[1:])


def test_a_word_in_latin_script_stays_whole() -> None:
    lines = break_lines("Nanchang Maternal and Child Health Hospital", 60, 13.5, advance)
    assert all(word in " ".join(lines).split() for word in ["Maternal", "Hospital"])
    assert len(lines) > 1


@given(st.lists(st.text("中文字abc 123", max_size=90), min_size=1, max_size=16))
def test_every_value_has_a_place_of_its_own_inside_the_body(values: list[str]) -> None:
    try:
        layout = arrange(values, advance)
    except FaceTooLong:
        return
    assert [cell.index for cell in layout.cells] == list(range(len(values)))
    for cell in layout.cells:
        assert cell.left >= LEFT
        assert cell.left + cell.width <= RIGHT + 0.01
        assert cell.top >= BODY_TOP
        assert cell.top + cell.height <= BODY_BOTTOM + 0.01
    for one in layout.cells:
        for other in layout.cells:
            if one.index < other.index:
                assert (
                    one.top + one.height <= other.top + 0.01
                    or one.left + one.width <= other.left + 0.01
                    or other.left + other.width <= one.left + 0.01
                )


def test_equal_shapes_share_one_drawn_page() -> None:
    assert arrange(["李䶮", "女"], advance).shape == arrange(["王晓梅", "男"], advance).shape
    assert arrange(["李䶮", "女"], advance).shape != arrange(["字" * 60, "女"], advance).shape


def test_it_refuses_what_no_page_can_hold() -> None:
    with pytest.raises(FaceTooLong):
        arrange(["字" * 400] * 12, advance)
