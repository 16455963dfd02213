"""The order of the files of one paper: its pages, as whoever hands them in has put them and as everybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from matters.models import SubmittedMaterial


def shifted(ids: Sequence[str], moved: str, by: int) -> list[str]:
    """Return the ids with one of them ``by`` places further down (less than 0: up); as they are where there is no such place."""
    order = list(ids)
    if moved in order and 0 <= order.index(moved) + by < len(order):
        at = order.index(moved)
        order.insert(at + by, order.pop(at))
    return order


def put_in_order(papers: Sequence[SubmittedMaterial]) -> None:
    """Let files of one paper stand in this order, inside the caller's transaction. What is handed in later stands behind them. One query."""
    if not papers:
        return
    first = min(paper.place for paper in papers)
    for at, paper in enumerate(papers):
        paper.placed_at = first + timedelta(microseconds=at)
    SubmittedMaterial.objects.bulk_update(papers, ["placed_at"])
