"""The definitions a matter is composed of, as frozen values: what publishing compiles.

Models, packages and spreadsheets are read into these classes; ``catalog.merging.compile_matter`` turns them
into one immutable plan. Pure: no Django, no I/O, no clock.

Keys. A *field key* is ``"<role>:<element>"`` (``child:person.name``), for further instances of a repeated role
``child#2:person.name``. A *sub-item key* is the item's slug, ``hukou#2`` for its second instance. Guide answers are
read in rules as ``{"var": "answers.<question>"}``, form values by their field key.

A ``Rule`` is JSON data in the language of ``catalog.rules``; ``None`` means "always".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Rule = Any
Value = str | int | bool | list[str] | None

FIELD_TYPES: Final = frozenset(
    {
        "text",  # one line
        "longtext",  # several lines
        "person_name",
        "organisation_name",
        "select",  # one of the element's options
        "multiselect",  # list of the element's options
        "date",  # YYYY-MM-DD
        "datetime",  # YYYY-MM-DDTHH:MM, Asia/Shanghai
        "integer",
        "decimal",  # kept as text: "12.50"
        "boolean",
        "id_kind",  # kind of identity document; a select
        "id_number",  # read together with the id_kind of the same role
        "phone",
        "credit_code",
        "bank_account",
        "division",  # GB/T 2260, six digits
        "address",
        "email",
        "postcode",
        "signature",  # the signer's name; one per item, never merged (law 4)
    }
)
# Types of which every item keeps its own copy.
NEVER_MERGED: Final = frozenset({"signature"})
# How strict a reuse policy is; merging takes the strictest.
REUSE_ORDER: Final = ("reuse", "confirm", "ask")
# How strict a material's necessity is; merging takes the strictest.
NECESSITY_ORDER: Final = ("optional", "deferrable", "required")
# Ways to meet a material without the applicant, in the order they are preferred. A commitment is the applicant's own
# promise, therefore last.
EXEMPTION_ORDER: Final = ("result", "generated", "shared_data", "certificate", "earlier_upload", "commitment")
# Kinds of dependency that make the later item wait; the others are drawn but hold nobody up.
WAITING_KINDS: Final = frozenset({"must_finish_first", "result_feeds"})
DEPENDENCY_KINDS: Final = WAITING_KINDS | {"parallel_after", "parallel", "independent"}


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a data element."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ElementDefinition:
    """A fact in the dictionary (数据元). ``constraints`` bind every line that asks for it.

    ``sources`` says who knows it already, best first: ``profile`` (the applicant's account, used only where the role is
    the applicant), ``shared:<department>``, ``certificate:<certificate type>``.
    """

    code: str
    name: str
    type: str = "text"
    options: tuple[Option, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict)
    sensitive: bool = False
    authority: str = ""
    sources: tuple[str, ...] = ()


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
class MaterialDefinition:
    """A kind of paper with its standard code. ``accept``: content types or extensions that may be uploaded."""

    code: str
    name: str
    standard_code: str = ""
    accept: tuple[str, ...] = ()
    note: str = ""


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
    """An item asks for a material. ``role``: whose paper it is; a paper of a repeated role is asked once per instance."""

    material: str
    necessity: str = "required"
    condition: Rule = None
    form: str = "electronic"
    copies: int = 1
    exemptions: tuple[Exemption, ...] = ()
    reason: str = ""
    role: str = ""
    excludes: tuple[str, ...] = ()  # materials that contradict this one (never both required)


@dataclass(frozen=True, slots=True)
class OutputDefinition:
    """What the department fills in when it decides. ``feeds``: the field key this decision answers for later items."""

    code: str
    label: str
    type: str = "text"
    options: tuple[Option, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    feeds: str = ""


@dataclass(frozen=True, slots=True)
class ResultDefinition:
    """A certificate issued on approval. ``face``: face code → ``field:<field key>`` | ``output:<code>`` | ``const:<text>``."""

    certificate_type: str
    face: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    holder: str = ""  # role of the holder; empty: the applicant


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
class DepartmentDefinition:
    """A department as pages name it."""

    code: str
    name: str
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A service item (政务服务事项) with its own form, papers, outputs and results. Limits in working days.

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
    review_points: tuple[str, ...] = ()
    handling: str = "promised"
    statutory_limit_days: int | None = None
    promised_limit_days: int | None = None
    legal_basis: str = ""
    visits: int = 0
    visits_together: int = 0
    steps: int = 1
    code: str = ""  # 事项编码
    item_type: str = ""  # 行政许可, 行政确认, 公共服务 …
    description: str = ""
    short_name: str = ""  # what lanes and sentences call it


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
    """

    key: str
    label: str
    is_applicant: Rule = False
    count: Rule = None
    maximum: int = 1
    same_as: Rule = None


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
    title: str
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


@dataclass(frozen=True, slots=True)
class Source:
    """Where a finding comes from: an item (or ``""`` for the matter) and the code, key or field within it."""

    item: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a definition. ``severity``: ``error`` refuses publishing, ``warning`` does not."""

    code: str
    sources: tuple[Source, ...]
    severity: str = "error"
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        places = ", ".join(f"{source.item or 'matter'}/{source.code}" for source in self.sources)
        extra = " ".join(f"{key}={value!r}" for key, value in sorted(self.params.items()))
        return f"{self.severity} {self.code}: {places} {extra}".rstrip()
