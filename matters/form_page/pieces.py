"""What the form's templates read: sections, groups of one person, fields and their controls."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Puts a text of the catalog into the reader's language.
Translate = Callable[[str], str]

# A place in the skeleton that is filled for each visit: what, for which field, and an argument.
#
# The templates know nothing of the trick: a view's ``slots`` and ``chosen`` are texts that they print like any other. These
# texts are framed by characters of Unicode's private use area, which no keyboard types and which
# HTML escaping leaves alone. So the rendered page can be cut at them once (``skeleton.cut``), and each visit only joins
# the pieces with what belongs between them (``filling.fill``), where every value is escaped: five times as fast as rendering
# the templates again. A new kind of slot is a name in ``fields._FIELD_SLOTS``, a place in a template and a filler in
# ``filling._FILLERS``. What people type never meets the cutting: it is put in afterwards.
SLOT = "\ue000{}\ue001{}\ue001{}\ue000"
SLOT_PATTERN = re.compile("\ue000([^\ue000\ue001]*)\ue001([^\ue000\ue001]*)\ue001([^\ue000\ue001]*)\ue000")


@dataclass(frozen=True, slots=True)
class OptionView:
    """A choice: ``chosen`` is the slot that marks it."""

    value: str
    label: str
    id: str
    chosen: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Choices under one heading (the districts of a city); one group without a heading where there are none."""

    label: str
    options: list[OptionView]


@dataclass(frozen=True, slots=True)
class PartView:
    """One box of a date or moment."""

    name: str
    id: str
    label: str
    width: str
    slot: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """An item that gets the field, its department, and what for."""

    item: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field ready for its template. ``slots`` are filled for each visit; everything else is the same for everybody.

    ``is_known``: it may be filled in for the applicant; ``whose``: the person it is about where there are several of the kind. ``example``: a number that it takes.
    """

    key: str
    id: str
    label: str
    control: str
    kind: str
    hint: str
    unit: str
    is_known: bool
    supplied: str
    attributes: dict[str, str]
    groups: list[OptionGroup]
    parts: list[PartView]
    recipients: list[Recipient]
    departments: str
    slots: dict[str, str]
    whose: str = ""
    example: str = ""

    @property
    def are_options_short(self) -> bool:
        """Whether the choices fit side by side."""
        return len(self.options) <= 4 and all(len(option.label) <= 6 for option in self.options)

    @property
    def options(self) -> list[OptionView]:
        return [option for group in self.groups for option in group.options]


@dataclass(frozen=True, slots=True)
class GroupView:
    """The fields of one person or thing within a section; ``title`` is empty where the section's own title says it.

    ``removes``: the person that can be left out from here and of how many (``child#2/3``); ``whose`` says who that is.
    """

    title: str
    fields: list[FieldView]
    removes: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its groups."""

    id: str
    title: str
    help: str
    groups: list[GroupView]
