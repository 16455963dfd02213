"""Narrowing a list: counts say what each choice would show, and filters combine in any order."""

from __future__ import annotations

from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from catalog.browse.facets import FacetKind, narrow

Row = tuple[str, tuple[str, ...]]

KINDS: list[FacetKind[Row]] = [
    FacetKind("colour", "颜色", lambda row: [row[0]], order=["red", "blue"]),
    FacetKind("size", "大小", lambda row: row[1]),
]
rows = st.lists(st.tuples(st.sampled_from(["red", "blue", "green"]), st.sets(st.sampled_from("SML")).map(tuple)))
choices = st.fixed_dictionaries(
    {}, optional={"colour": st.sampled_from(["red", "green", "pink"]), "size": st.sampled_from(["S", "M", "", "XXL"])}
)


@given(rows, choices)
def test_a_count_is_what_following_its_link_shows(all_rows: list[Row], chosen: dict[str, str]) -> None:
    _shown, facets, _unknown = narrow(all_rows, KINDS, chosen)
    for facet in facets:
        for option in facet.options:
            query = {name: values[0] for name, values in parse_qs(option.query).items()}
            then, _facets, unknown = narrow(all_rows, KINDS, query)
            assert not unknown
            assert len(then) == option.count
        everything = {name: values[0] for name, values in parse_qs(facet.all_query).items()}
        assert len(narrow(all_rows, KINDS, everything)[0]) == facet.total


@given(rows, choices)
def test_what_is_shown_has_every_value_chosen(all_rows: list[Row], chosen: dict[str, str]) -> None:
    shown, facets, unknown = narrow(all_rows, KINDS, chosen)
    used = {name: value for name, value in chosen.items() if value and name not in unknown}
    for row in shown:
        assert all(value in (row[0], *row[1]) for value in used.values())
    assert {facet.name for facet in facets if facet.chosen} == used.keys()


def test_a_value_of_the_order_that_nothing_has_shows_nothing() -> None:
    shown, facets, unknown = narrow([("red", ())], KINDS, {"colour": "blue"})
    assert (shown, unknown) == ([], [])
    assert [(option.value, option.count) for option in facets[0].options] == [("red", 1), ("blue", 0)]


def test_a_value_nothing_has_is_left_out_and_named() -> None:
    shown, _facets, unknown = narrow([("red", ())], KINDS, {"colour": "pink"})
    assert shown == [("red", ())]
    assert unknown == ["colour"]
