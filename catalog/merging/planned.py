"""What a plan is made of: the items, fields, papers and consents that one set of guide answers leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.definitions import (
    CERTAIN_EXEMPTIONS,
    WORKING_DAYS,
    DecisionRule,
    Exemption,
    MaterialNeed,
    Option,
    OutputDefinition,
    ResultDefinition,
    ReviewPoint,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is asked: the answer that led to it. ``text`` is the question, ``answer`` the chosen label."""

    question: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asker:
    """One line of one planned item that asks for a field. ``item`` is the sub-item key, ``code`` the own field code."""

    item: str
    slug: str
    code: str
    label: str
    department: str
    required: Any
    condition: Any
    section: str
    reuse: str
    constraints: Mapping[str, Any]
    reason: str = ""
    help: str = ""
    order: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Supply:
    """The decision that answers a field: sub-item key and output code."""

    item: str
    output: str


@dataclass(frozen=True, slots=True)
class PlannedField:
    """A field of the merged form. ``required``: True, False or ``"conditional"``. ``constraints`` are for display: those of the lines that are
    always visible; validation applies each line's own while it is visible. ``instance``: 1 for the first of its role.

    ``known_from``: ``""``, ``profile``, ``shared:<department>``, ``certificate:<type>`` or ``result:<sub-item>.<output>``.
    """

    key: str
    role: str
    instance: int
    element: str
    label: str
    type: str
    options: tuple[Option, ...]
    help: str
    constraints: Mapping[str, Any]
    required: bool | str
    conditional: bool
    asked_by: tuple[Asker, ...]
    reuse: str
    sensitive: bool
    known_from: str
    supplied_by: Supply | None
    section: str
    authority: str = ""
    unit: str = ""
    fixed: bool = False

    @property
    def departments(self) -> tuple[str, ...]:
        """Return the codes of the departments that receive it, each once, in the items' order."""
        return tuple(dict.fromkeys(asker.department for asker in self.asked_by))


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A section of the merged form. ``instance`` above 1: the same section for the second, third … person of a role."""

    key: str
    title: str
    help: str
    instance: int
    fields: tuple[PlannedField, ...]


@dataclass(frozen=True, slots=True)
class MaterialAsker:
    """One planned item that needs a paper, and whose result meets the need."""

    item: str
    slug: str
    department: str
    need: MaterialNeed  # its condition reads this instance's field keys
    supplied_by: tuple[str, ...] = ()  # the sub-items whose result it is
    exemption: Exemption | None = None  # how this need is met without the applicant, if it is


@dataclass(frozen=True, slots=True)
class PlannedMaterial:
    """A paper of the merged list. ``key`` is what uploads are stored under: ``code``, or ``role:code`` where it is someone's own paper.

    ``exemption`` is the first of ``alternatives``: the ways that every asker accepts instead of the paper, to be tried in turn (a certificate may not be
    there). Kinds ``result`` and ``generated`` always succeed. For ``result``, ``supplied_by`` lists the sub-items that issue the paper.
    ``conditional``: whether it is needed depends on the form; ask ``Plan.materials_for(values)``.
    """

    key: str
    code: str
    role: str
    instance: int
    name: str
    standard_code: str
    accept: tuple[str, ...]
    note: str
    necessity: str
    form: str
    copies: int
    exemption: Exemption | None
    alternatives: tuple[Exemption, ...]
    supplied_by: tuple[str, ...]
    conditional: bool
    asked_by: tuple[MaterialAsker, ...]

    @property
    def is_met(self) -> bool:
        """Return whether the applicant need not care: an earlier sub-item's result, or made by the system."""
        return self.exemption is not None and self.exemption.kind in CERTAIN_EXEMPTIONS

    @property
    def deferred_days(self) -> int | None:
        """Return within how many working days from acceptance it may be handed in later; None where it may not be missing."""
        if self.necessity != "deferrable":
            return None
        return min(asker.need.deferred_days for asker in self.asked_by if asker.need.necessity == "deferrable")

    @property
    def fallback(self) -> str:
        """Return what happens where no exemption comes to anything: ``hand_in``, the applicant may hand it in; empty where that cannot be."""
        return "" if self.exemption is None or self.is_met else "hand_in"

    @property
    def is_owed(self) -> bool:
        """Return whether it must be there on submission: handed in, or met by what an alternative really comes to."""
        return self.necessity == "required" and not self.is_met

    @property
    def must_be_uploaded(self) -> bool:
        """Return whether nothing else than handing it in before submission will do."""
        return self.exemption is None and self.necessity == "required"


@dataclass(frozen=True, slots=True)
class PlannedConsent:
    """A consent of one item. ``key``: ``<sub-item key>.<code>``."""

    key: str
    item: str
    code: str
    department: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """``item`` starts only after ``after`` is approved. ``cause``: ``declared``, ``field:<key>`` or ``material:<key>``."""

    item: str
    after: str
    kind: str
    what: str
    cause: str


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A sub-item to be. The limits are in ``limit_unit``, None where not known; ``working_days`` is the promised one in working days.
    ``starts_after_days``/``ends_after_days`` are working days from acceptance of the bundle on the longest path, ``slack_days`` how much
    it may be late without moving the promised date; where a limit before it (or its own) is not known, they are the least.
    ``after``: sub-item keys."""

    key: str
    slug: str
    name: str
    role: str
    instance: int
    department: str
    department_name: str
    department_short_name: str
    after: tuple[str, ...]
    promised_limit_days: int | None
    statutory_limit_days: int | None
    handling: str
    outputs: tuple[OutputDefinition, ...]
    results: tuple[ResultDefinition, ...]
    review_points: tuple[ReviewPoint, ...]
    reasons: tuple[Reason, ...]
    optional: bool
    group: str
    starts_after_days: int
    ends_after_days: int
    slack_days: int
    legal_basis: str = ""
    identity_level: int = 0
    in_person_only: bool = False
    item_type: str = ""
    code: str = ""
    short_name: str = ""
    limit_unit: str = WORKING_DAYS
    working_days: int | None = None
    decision_rule: DecisionRule = field(default_factory=DecisionRule)

    def own_key(self, key: str) -> str:
        """Return the field key that a definition's ``key`` means for this sub-item: the second child's is ``child#2:…``."""
        role, colon, element = key.partition(":")
        if self.instance > 1 and role == self.role:
            return f"{role}#{self.instance}{colon}{element}"
        return key


@dataclass(frozen=True, slots=True)
class PlannedRole:
    """A role with how many persons or things play it in this plan, and whether it is the one applying.

    ``kin_of``: the role whose records tell of this one as its ``kin``; empty where none does.
    """

    key: str
    label: str
    count: int
    is_applicant: bool
    kin: str = ""
    kin_of: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """An answer with which the matter cannot be applied for online, and the sentence that says why."""

    question: str
    option: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of a department's own form as its reviewers see it: own code and label, in the department's own order and section."""

    code: str
    field: str
    label: str
    type: str
    section: str
    sensitive: bool
    unit: str = ""
    options: tuple[Option, ...] = ()
    supplied_by: Supply | None = None
    is_anywhere: bool = False  # a division of the whole country
