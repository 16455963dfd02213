"""Narrowing a list by links: each kind of filter with its values, how many each would show, and the address that shows them. Pure.

The filters are the query string, so that a narrowed list can be kept, shared and gone back to, with or without scripts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

Row = TypeVar("Row")


@dataclass(frozen=True)
class FacetKind(Generic[Row]):
    """A kind of filter: ``values`` of a row, ``in_words`` for what it is called, and the ``order`` of values (others come after, most first)."""

    name: str
    label: str
    values: Callable[[Row], Iterable[str]]
    in_words: Callable[[str], str] = str
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value: how many rows it shows beside the other filters chosen, and the query string that chooses it."""

    value: str
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of filter on the page. ``chosen`` is the label of the value in force, empty for all; ``all_query`` leaves the filter out."""

    name: str
    label: str
    options: tuple[FacetOption, ...]
    chosen: str
    all_query: str
    total: int


def narrow(
    rows: Sequence[Row], kinds: Sequence[FacetKind[Row]], given: Mapping[str, str]
) -> tuple[list[Row], list[Facet], list[str]]:
    """Return the rows that all filters leave, the filters with their counts, and the names of filters whose value nothing has."""
    values = {kind.name: [frozenset(kind.values(row)) for row in rows] for kind in kinds}
    wanted = {kind.name: given[kind.name] for kind in kinds if given.get(kind.name)}
    orders = {kind.name: kind.order for kind in kinds}
    unknown = [
        name
        for name, value in wanted.items()
        if value not in orders[name] and not any(value in each for each in values[name])
    ]
    chosen = {name: value for name, value in wanted.items() if name not in unknown}

    def passes(index: int, without: str = "") -> bool:
        return all(value in values[name][index] for name, value in chosen.items() if name != without)

    facets = []
    for kind in kinds:
        left = [index for index in range(len(rows)) if passes(index, kind.name)]
        counts = Counter(value for index in left for value in values[kind.name][index])
        known = [value for value in kind.order if counts[value] or chosen.get(kind.name) == value]
        rest = sorted(counts.keys() - set(known), key=lambda value: (-counts[value], value))
        others = {name: value for name, value in chosen.items() if name != kind.name}
        facets.append(
            Facet(
                kind.name,
                kind.label,
                tuple(
                    FacetOption(
                        value,
                        kind.in_words(value),
                        counts[value],
                        urlencode({**others, kind.name: value}),
                        chosen.get(kind.name) == value,
                    )
                    for value in [*known, *rest]
                ),
                kind.in_words(chosen[kind.name]) if kind.name in chosen else "",
                urlencode(others),
                len(left),
            )
        )
    return [row for index, row in enumerate(rows) if passes(index)], facets, unknown
