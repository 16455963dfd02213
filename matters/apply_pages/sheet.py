"""The sheet of consents for display: one line a source, with what it would spare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

from matters.apply_pages.materials import MaterialView
from matters.drafts.inquiring import SheetLine


@dataclass(frozen=True, slots=True)
class SheetView:
    """One source. ``state``: ``open`` to be agreed to, ``asking``, ``failed`` (may be asked again), ``done``; ``papers``: what it is about."""

    source: str
    department: str
    papers: str
    text: str
    state: str
    found: int

    @property
    def documents(self) -> list[str]:
        """The name of the document in which all of it can be read."""
        return [f"sharing:{self.source}"]


def sheet_lines(
    lines: Iterable[SheetLine], outcomes: Mapping[str, str], papers: Collection[MaterialView]
) -> list[SheetView]:
    """Return the lines to be shown: open ones where they would spare a paper that is not there yet, and all that were agreed to."""
    handed_in = {view.key for view in papers if view.papers}
    shown = []
    for line in lines:
        keys = [paper.key for paper in line.papers]
        if line.consent is None and all(key in handed_in for key in keys):
            continue
        said = [outcomes.get(key, "") for key in keys]
        shown.append(
            SheetView(
                source=line.source.code,
                department=line.department,
                papers=pgettext("between names", "、").join(dict.fromkeys(paper.name for paper in line.papers)),
                text=line.text,
                state=_state(line, said),
                found=said.count("found"),
            )
        )
    return shown


def _state(line: SheetLine, said: Collection[str]) -> str:
    if line.consent is None:
        return "open"
    if "pending" in said:
        return "asking"
    return "failed" if {"away", "unreadable", "refused"} & set(said) else "done"
