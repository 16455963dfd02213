"""Arranging values on the page."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.pdf.page.layout import (
    BODY_BOTTOM,
    BODY_TOP,
    LEFT,
    NEXT_BOTTOM,
    NEXT_TOP,
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


@given(st.lists(st.text("中文字abc 123\n", max_size=900), min_size=1, max_size=16))
def test_every_value_has_a_place_of_its_own_inside_the_body_of_its_page(values: list[str]) -> None:
    layout = arrange(values, advance)
    assert list(dict.fromkeys(cell.index for cell in layout.cells)) == list(range(len(values)))
    assert sorted(cell.page for cell in layout.cells) == [cell.page for cell in layout.cells]
    for cell in layout.cells:
        top, bottom = (NEXT_TOP, NEXT_BOTTOM) if cell.page else (BODY_TOP, BODY_BOTTOM)
        assert cell.left >= LEFT
        assert cell.left + cell.width <= RIGHT + 0.01
        assert cell.top >= top
        assert cell.top + cell.height <= bottom + 0.01
    for one, other in combinations(layout.cells, 2):
        if one.page == other.page:
            assert (
                one.top + one.height <= other.top + 0.01
                or one.left + one.width <= other.left + 0.01
                or other.left + other.width <= one.left + 0.01
            )


@given(st.lists(st.text("中文字abc 123\n", max_size=2000), min_size=1, max_size=6))
def test_no_character_is_lost_overleaf(values: list[str]) -> None:
    layout = arrange(values, advance)
    for index, value in enumerate(values):
        printed = "".join(line for cell in layout.cells if cell.index == index for line in cell.lines)
        assert printed.replace(" ", "") == value.replace(" ", "").replace("\n", "")


def test_its_own_ends_of_lines_are_kept() -> None:
    assert break_lines("许可项目：餐饮服务。\n一般项目：企业管理咨询。", 200, 9.5, advance) == (
        "许可项目：餐饮服务。",
        "一般项目：企业管理咨询。",
    )


def test_what_is_too_long_for_one_page_goes_on_overleaf() -> None:
    layout = arrange(["李小满", "字" * 3000, "女"], advance)
    assert layout.pages > 1
    assert [cell.continued for cell in layout.cells if cell.index == 1] == [False] + [True] * (layout.pages - 1)
    assert arrange(["李小满", "字" * 400, "女"], advance).pages == 1


def test_equal_shapes_share_one_drawn_page() -> None:
    assert arrange(["李䶮", "女"], advance).shape == arrange(["王晓梅", "男"], advance).shape
    assert arrange(["李䶮", "女"], advance).shape != arrange(["字" * 60, "女"], advance).shape


def test_it_refuses_what_no_certificate_can_hold() -> None:
    with pytest.raises(FaceTooLong):
        arrange(["字" * 5000] * 12, advance)
