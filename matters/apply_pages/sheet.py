"""The sheet of consents for display: one line a source, with what it would spare and fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

from matters.drafts.inquiring import SheetLine


@dataclass(frozen=True, slots=True)
class SheetView:
    """One source. ``state``: ``open`` to be agreed to, ``asking``, ``failed`` (may be asked again), ``done``, ``held`` (nothing more is asked),
    ``by_law`` (to be asked without consent). ``is_by_law``: nobody is asked to agree.

    ``papers``: the papers and facts that it is about.
    """

    source: str
    department: str
    papers: str
    text: str
    state: str
    found: int
    is_by_law: bool = False

    @property
    def documents(self) -> tuple[str, ...]:
        """The name of the document in which all of it can be read."""
        return () if self.is_by_law else (f"sharing:{self.source}",)

    @property
    def words(self) -> str:
        """Which words stood on the page: what is agreed to is what was read."""
        return words_of(self.source, self.text)


def words_of(source: str, text: str) -> str:
    """Return the source with a digest of the words of a consent."""
    return f"{source}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def sheet_lines(
    lines: Iterable[SheetLine], outcomes: Mapping[tuple[str, str], str], handed_in: Collection[str] = ()
) -> list[SheetView]:
    """Return the lines to be shown: open ones where they would spare or fill in something that is not there yet, and all that
    were agreed to or asked.

    ``handed_in``: the papers that are there.
    """
    shown = []
    for line in lines:
        asked = dict.fromkeys((each.key, each.name) for each in line.everything)
        said = [outcomes.get((line.source.code, key), "") for key, _name in asked]
        is_asked = line.consent is not None or bool({*said} - {"offered", "by_law"})
        if not is_asked and not line.facts and all(each.key in handed_in for each in line.papers):
            continue
        shown.append(
            SheetView(
                source=line.source.code,
                department=line.department,
                papers=pgettext("between names", "、").join(dict.fromkeys(name for _key, name in asked)),
                text=line.text,
                state=_state(line, said),
                found=said.count("found"),
                is_by_law=line.is_by_law,
            )
        )
    return shown


def _state(line: SheetLine, said: Collection[str]) -> str:
    if line.consent is None and not line.is_by_law:
        return "open"
    if not line.everything:
        return "held"
    if "pending" in said:
        return "asking"
    if "by_law" in said:
        return "by_law"
    return "failed" if {"away", "unreadable", "refused"} & set(said) else "done"
