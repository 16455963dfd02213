"""The sheet of consents for display: one line a source, with what it would spare and fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

from matters.drafts.inquiring import AskedThing, SheetLine


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
    # Beside what was agreed to: where the words shown are for what is new alone, all that is agreed to with them.
    whole: str = ""

    @property
    def documents(self) -> tuple[str, ...]:
        """The name of the document in which all of it can be read."""
        return () if self.is_by_law else (f"sharing:{self.source}",)

    @property
    def words(self) -> str:
        """Which words stood on the page: what is agreed to is what was read."""
        return words_of(self.source, self.whole or self.text)


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
        if line.added:
            shown += _in_two(line, outcomes, handed_in)
            continue
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


def _in_two(line: SheetLine, outcomes: Mapping[tuple[str, str], str], handed_in: Collection[str]) -> list[SheetView]:
    """Return what was agreed to, as it came out, and what is new, to be agreed to; the new part only where it would spare or fill in something."""
    assert line.given is not None
    agreed = [each for each in line.everything if each not in line.added]
    said = [outcomes.get((line.source.code, each.key), "") for each in agreed]
    shown = [
        SheetView(
            source=line.source.code,
            department=line.department,
            papers=_names(agreed),
            text=line.given.text,
            state=_came_of(said) if agreed else "held",
            found=said.count("found"),
        )
    ]
    facts = {each.key for each in line.facts}
    if any(each.key in facts or each.key not in handed_in for each in line.added):
        shown.append(
            SheetView(
                source=line.source.code,
                department=line.department,
                papers=_names(line.added),
                text=line.added_text,
                state="open",
                found=0,
                whole=line.text,
            )
        )
    return shown


def _names(things: Iterable[AskedThing]) -> str:
    return pgettext("between names", "、").join(dict.fromkeys(each.name for each in things))


def _state(line: SheetLine, said: Collection[str]) -> str:
    if line.consent is None and not line.is_by_law:
        return "open"
    if not line.everything:
        return "held"
    if "pending" in said:
        return "asking"
    if "by_law" in said:
        return "by_law"
    return _came_of(said)


def _came_of(said: Collection[str]) -> str:
    if "pending" in said:
        return "asking"
    return "failed" if {"away", "unreadable", "refused"} & set(said) else "done"
