"""A service item and its parts: form lines, papers, outputs, results, consents, rules over several lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.definitions.dictionary import Option
from catalog.definitions.words import DEFERRED_DAYS, WORKING_DAYS, Rule


@dataclass(frozen=True, slots=True)
class LineDefinition:
    """One line of an item's own form. (role, element) is the merge key; ``code`` is the department's own field code.

    ``required`` is True, False or a rule. ``condition`` and ``required`` read guide answers and lines *of the same item* only: a line
    that is hidden reads as null. ``type`` may repeat the element's type; anything incompatible is refused at compiling.
    ``reuse``: ``reuse`` known data is taken over, ``confirm`` the applicant looks at it, ``ask`` always typed.
    """

    code: str
    role: str
    element: str
    label: str = ""
    required: Rule = True
    condition: Rule = None
    section: str = ""
    reuse: str = "reuse"
    constraints: Mapping[str, Any] = field(default_factory=dict)
    help: str = ""
    order: int = 0
    type: str = ""
    reason: str = ""  # what the department needs it for: 用于…


@dataclass(frozen=True, slots=True)
class Exemption:
    """A way to meet a material without the applicant handing it in.

    ``reference``: for ``result`` the slug of an item, or of a certificate type that an item of the same plan issues; for
    ``certificate`` a certificate type; for ``shared_data`` a department; else free.
    """

    kind: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MaterialNeed:
    """An item asks for a material. ``role``: whose paper it is; a paper of a repeated role is asked once per instance.

    Of a deferrable one: it is handed in within ``deferred_days`` working days from acceptance, and with ``result_waits`` there is no approval
    before it is there and was looked at.
    """

    material: str
    necessity: str = "required"
    condition: Rule = None
    form: str = "electronic"
    copies: int = 1
    exemptions: tuple[Exemption, ...] = ()
    reason: str = ""
    role: str = ""
    excludes: tuple[str, ...] = ()  # materials that contradict this one (never both required)
    deferred_days: int = DEFERRED_DAYS
    result_waits: bool = True


@dataclass(frozen=True, slots=True)
class OutputDefinition:
    """What the department fills in when it decides. ``feeds``: the field key this decision answers for later items.

    ``repeats``: lines of the item's own form that say it already, the first that is filled in counts; it is the default, and decided otherwise
    only for a reason. Without ``options`` of its own a choice has those of the field it repeats or feeds. ``series``: the name of a row of
    numbers of which each is given once, by whichever item.
    """

    code: str
    label: str
    type: str = "text"
    options: tuple[Option, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    feeds: str = ""
    repeats: tuple[str, ...] = ()
    series: str = ""


@dataclass(frozen=True, slots=True)
class FaceLineDefinition:
    """A line of a certificate's face, as it is printed."""

    code: str
    label: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class CertificateTypeDefinition:
    """What a type of certificate says, as published: its code, what kind of subject holds it, its term, the lines of its face in order.

    Without a ``code`` it was not frozen: the version is from before types were, and the type's row counts.
    """

    code: str = ""
    subject: str = ""
    valid_years: int | None = None
    face: tuple[FaceLineDefinition, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultDefinition:
    """A certificate issued on approval. ``face``: face code → ``field:<field key>`` | ``output:<code>`` | ``const:<text>``.

    The face code ``valid_until`` is the certificate's term. ``holder`` is the role of whom it is about, ``co_holders`` of who holds it as
    well (both spouses); ``holder_name``: where the holder's name is read (as in ``face``) if what is granted changes it.
    ``issued_as``: what the certificate's type said when this was published. ``founds``: the holder is an organisation that comes into being
    by this result, and this is the role of whoever represents it.
    """

    certificate_type: str
    face: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    holder: str = ""  # empty: the applicant
    co_holders: tuple[str, ...] = ()
    holder_name: str = ""
    founds: str = ""
    issued_as: CertificateTypeDefinition = CertificateTypeDefinition()


@dataclass(frozen=True, slots=True)
class ConsentDefinition:
    """A consent or declaration of this item alone; never merged with another item's (law 4)."""

    code: str
    text: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class CrossRule:
    """A rule over several lines of one item: violated when ``violated`` is true of the item's own record."""

    code: str
    violated: Rule
    message: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """One thing a reviewer makes sure of before deciding (审查要点).

    ``message``: what an applicant is told where it fails; ``fields`` (field keys) and ``materials`` (codes): what it is about, so that a
    failed point names them for correction. Versions frozen before points had codes hold the text alone.
    """

    code: str = ""
    text: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what tells the point from the others of its item, in every version."""
        return self.code or self.text


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A fact that a department's source has to have said before a rule decides; rules read it as ``facts.<code>``.

    ``asked``: ``element:<code>`` of a line of the item's own form, or ``material:<code>`` of one of its papers, whose it is by ``role``.
    ``about``: the roles of whom the source may have been asked; empty for whose it is. The form may not say otherwise.
    """

    code: str
    asked: str
    department: str
    role: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionClause:
    """One condition of a rule that decides: in words for those it is about, and as data."""

    code: str
    text: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """When an item is approved without a person: every clause is true and every fact is there. Without clauses nobody but a person decides.

    ``outputs``: output → ``field:<field key>`` | ``fact:<code>`` | ``today`` | ``serial:<prefix>`` | ``const:<text>``. ``share``: of a hundred
    automatic decisions, how many a person looks at afterwards.
    """

    clauses: tuple[DecisionClause, ...] = ()
    facts: tuple[DecisionFact, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    share: int = 0


def is_beyond_statute(promised: int | None, statutory: int | None) -> bool:
    """Tell whether a promised limit is longer than the statutory one; what is not known is not longer."""
    return promised is not None and statutory is not None and promised > statutory


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A service item (政务服务事项) with its own form, papers, outputs and results.

    Limits are in ``limit_unit``. A limit or a number of visits that is not known is None, never 0.

    ``handling``: ``immediate`` (即办件) or ``promised`` (承诺件). ``visits``: times the applicant must come when the item is applied for alone,
    ``visits_together`` when it is applied for within a matter. ``steps``: 办理环节 when applied for alone.
    """

    slug: str
    name: str
    department: str
    lines: tuple[LineDefinition, ...] = ()
    materials: tuple[MaterialNeed, ...] = ()
    outputs: tuple[OutputDefinition, ...] = ()
    results: tuple[ResultDefinition, ...] = ()
    consents: tuple[ConsentDefinition, ...] = ()
    cross_rules: tuple[CrossRule, ...] = ()
    review_points: tuple[ReviewPoint, ...] = ()
    handling: str = "promised"
    statutory_limit_days: int | None = None
    promised_limit_days: int | None = None
    legal_basis: str = ""
    visits: int | None = None
    visits_together: int | None = None
    steps: int = 1
    code: str = ""  # 事项编码
    item_type: str = ""  # 行政许可, 行政确认, 公共服务 …
    short_name: str = ""  # what lanes and sentences call it
    limit_unit: str = WORKING_DAYS
    decision_rule: DecisionRule = DecisionRule()
    # How far the applicant's identity must be proved: 0 not at all, 1 by a platform or channel, 2 in person.
    identity_level: int = 0
    # Whether nobody may apply for it in the applicant's name (Civil Code art. 161).
    in_person_only: bool = False
