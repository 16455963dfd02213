"""The definitions a matter is composed of, as frozen values: what publishing compiles.

Models, packages and spreadsheets are read into these classes; ``catalog.compiling.compile_matter`` turns them
into one immutable plan. Pure: no Django, no I/O, no clock.

Keys. A *field key* is ``"<role>:<element>"`` (``child:person.name``), for further instances of a repeated role
``child#2:person.name``. A *sub-item key* is the item's slug, ``hukou#2`` for its second instance. Guide answers are
read in rules as ``{"var": "answers.<question>"}``, form values by their field key.

A ``Rule`` is JSON data in the language of ``catalog.rules.language``; ``None`` means "always".
"""

from __future__ import annotations

from catalog.definitions.dictionary import DepartmentDefinition, ElementDefinition, MaterialDefinition, Option
from catalog.definitions.finding import Finding, Source
from catalog.definitions.items import (
    CertificateTypeDefinition,
    ConsentDefinition,
    CrossRule,
    DecisionClause,
    DecisionFact,
    DecisionRule,
    Exemption,
    FaceLineDefinition,
    ItemDefinition,
    LineDefinition,
    MaterialNeed,
    OutputDefinition,
    ResultDefinition,
    ReviewPoint,
    is_beyond_statute,
)
from catalog.definitions.matters import (
    Definition,
    Dependency,
    GuideOption,
    GuideQuestion,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.definitions.words import (
    CALENDAR_DAYS,
    CERTAIN_EXEMPTIONS,
    COMING,
    DEFERRED_DAYS,
    DEPENDENCY_KINDS,
    EXEMPTION_ORDER,
    FIELD_TYPES,
    IMMEDIATE,
    LICENCE,
    LIMIT_UNITS,
    LONGEST_DEFERRED,
    NECESSITY_ORDER,
    NEVER_MERGED,
    OPEN,
    PROCEDURE_KINDS,
    REUSE_ORDER,
    WAITING_KINDS,
    WORKING_DAYS,
    Rule,
    Value,
)

__all__ = [
    "CALENDAR_DAYS",
    "CERTAIN_EXEMPTIONS",
    "COMING",
    "DEFERRED_DAYS",
    "DEPENDENCY_KINDS",
    "EXEMPTION_ORDER",
    "FIELD_TYPES",
    "IMMEDIATE",
    "LICENCE",
    "LIMIT_UNITS",
    "LONGEST_DEFERRED",
    "NECESSITY_ORDER",
    "NEVER_MERGED",
    "OPEN",
    "PROCEDURE_KINDS",
    "REUSE_ORDER",
    "WAITING_KINDS",
    "WORKING_DAYS",
    "CertificateTypeDefinition",
    "ConsentDefinition",
    "CrossRule",
    "DecisionClause",
    "DecisionFact",
    "DecisionRule",
    "Definition",
    "DepartmentDefinition",
    "Dependency",
    "ElementDefinition",
    "Exemption",
    "FaceLineDefinition",
    "Finding",
    "GuideOption",
    "GuideQuestion",
    "ItemDefinition",
    "LineDefinition",
    "MaterialDefinition",
    "MaterialNeed",
    "MatterDefinition",
    "MatterItemDefinition",
    "Option",
    "OutputDefinition",
    "ResultDefinition",
    "ReviewPoint",
    "RoleDefinition",
    "Rule",
    "SectionDefinition",
    "Source",
    "Value",
    "is_beyond_statute",
]
