"""A matter and its parts: which items, for whom, in which situations, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from catalog.definitions.dictionary import DepartmentDefinition, ElementDefinition, MaterialDefinition
from catalog.definitions.items import ItemDefinition
from catalog.definitions.words import OPEN, Rule


@dataclass(frozen=True, slots=True)
class Dependency:
    """What an item of the matter waits for: ``kind`` as in ``DEPENDENCY_KINDS``, ``what`` says why."""

    item: str
    kind: str = "must_finish_first"
    what: str = ""


@dataclass(frozen=True, slots=True)
class MatterItemDefinition:
    """An item within a matter. Included when ``condition`` (on guide answers) holds, and

    * ``optional``: when the applicant chooses it (answer list of the implied question ``items``),
    * ``group``: when it is the one chosen of its exactly-one-of group (implied question ``group.<group>`` where more than one qualifies).

    ``per``: a repeated role; the item is done once for each instance. ``roles`` renames the item's roles to the matter's.
    """

    item: str
    condition: Rule = None
    optional: bool = False
    group: str = ""
    per: str = ""
    after: tuple[Dependency, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """Whose facts they are. ``is_applicant``: True/False or a rule on answers: this role is the person applying.

    ``count``: rule on answers giving how many there are (None: exactly one), cut to 0…``maximum``. ``same_as``: rule on answers
    giving the key of the role that is the same person (the one who applies is the mother): their facts are then asked
    once, under that role's keys; null where it is somebody else.

    ``kin_of``: rule on answers giving the key of a role whose records tell of this one, null where none does; ``kin``: as what they do
    (``KIN``): the mother's tell who the father is as her ``spouse``; a household is ``own``, in the very record of whoever belongs to it.
    """

    key: str
    label: str
    is_applicant: Rule = False
    count: Rule = None
    maximum: int = 1
    same_as: Rule = None
    kin: str = ""
    kin_of: Rule = None


@dataclass(frozen=True, slots=True)
class GuideOption:
    """A choice of a guide question. ``stops``: a sentence why the matter cannot be applied for online with this answer."""

    value: str
    label: str
    note: str = ""
    stops: str = ""
    condition: Rule = None


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A guide question (情形引导). Without options and with ``maximum`` it asks for a number (``minimum``…``maximum``)."""

    key: str
    text: str
    help: str = ""
    options: tuple[GuideOption, ...] = ()
    condition: Rule = None
    multiple: bool = False
    required: bool = True
    minimum: int = 0
    maximum: int | None = None
    implied: str = ""  # "items" or "group": made by compiling, never written by hand


@dataclass(frozen=True, slots=True)
class SectionDefinition:
    """A section of the merged form, in the order listed."""

    key: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class MatterDefinition:
    """One matter (一件事). ``items`` are in the order pages show them; ``labels`` and ``placement`` override the merge's
    own choice of label and section by ``"<role>:<element>"``. ``translations``: language → {source text: translation}.
    """

    slug: str
    name: str
    subject: str = "person"
    stage: str = ""
    lead_department: str = ""
    roles: tuple[RoleDefinition, ...] = ()
    questions: tuple[GuideQuestion, ...] = ()
    items: tuple[MatterItemDefinition, ...] = ()
    sections: tuple[SectionDefinition, ...] = ()
    departments: tuple[DepartmentDefinition, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    placement: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, Any] = field(default_factory=dict)  # figures the authority declares, for comparison
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    summary: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # whatever pages show besides: applies_when, how, sources …
    # Where lists show it, and how far it is open: published with the rest, no part of the plan.
    theme: str = ""
    position: int = 0
    is_listed: bool = True
    status: str = OPEN  # open, guide or coming


class Definition(NamedTuple):
    """A matter with everything it is composed of: the arguments of ``catalog.compiling.compile_matter``, in their order."""

    matter: MatterDefinition
    items: tuple[ItemDefinition, ...]
    elements: tuple[ElementDefinition, ...]
    materials: tuple[MaterialDefinition, ...]
