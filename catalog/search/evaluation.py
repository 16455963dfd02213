"""Measure the search on queries whose right answer is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from catalog.search.content import CONTENT
from catalog.search.engine import search

JUDGED: Final = CONTENT / "judged.yaml"
DEPTH: Final = 10


@dataclass
class Measure:
    """Shares of judged queries answered at the first place and among the first three; mean reciprocal rank down to the tenth."""

    total: int = 0
    first: int = 0
    among_three: int = 0
    reciprocal: float = 0.0
    missed: list[tuple[str, str, list[str]]] = field(default_factory=list)

    @property
    def hit_at_1(self) -> float:
        return self.first / self.total if self.total else 0.0

    @property
    def hit_at_3(self) -> float:
        return self.among_three / self.total if self.total else 0.0

    @property
    def mrr(self) -> float:
        return self.reciprocal / self.total if self.total else 0.0


def judged_queries(file: Path = JUDGED) -> list[tuple[str, str]]:
    """Return (query, slug) of a YAML or JSON file. Raises ValueError for a file of another shape.

    Shapes: ``{slug: [query, …]}``, ``[{query, slug}, …]``, or ``{targets: [{target, phrases}, …]}``.
    """
    try:
        content: Any = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ValueError(str(error)) from None
    try:
        if isinstance(content, dict) and isinstance(content.get("targets"), list):
            content = {row["target"]: list(row["phrases"]) for row in content["targets"]}
        if isinstance(content, dict) and all(isinstance(queries, list) for queries in content.values()):
            return [(str(query), str(slug)) for slug, queries in content.items() for query in queries]
        if isinstance(content, list):
            return [(str(row["query"]), str(row["slug"])) for row in content]
    except (TypeError, KeyError):
        pass
    raise ValueError(f"{file}: {{slug: [query, …]}}")


def evaluate(judged: Iterable[tuple[str, str]]) -> Measure:
    """Search every query and see where its answer stands."""
    measure = Measure()
    for query, slug in judged:
        found = [result.target.slug for result in search(query, DEPTH).results]
        place = found.index(slug) + 1 if slug in found else 0
        measure.total += 1
        measure.first += place == 1
        measure.among_three += 1 <= place <= 3
        measure.reciprocal += 1 / place if place else 0.0
        if place != 1:
            measure.missed.append((query, slug, found[:3]))
    return measure
