"""Rows: departments, dictionaries, items and matters with their parts, versions, proposals, and the words of the search.

Facts about one row only; what is done with them is in the rooms above. Triggers write the history, and refuse to change what is published."""

from catalog.models.certificate_types import CertificateType
from catalog.models.departments import (
    Appointment,
    Department,
    DepartmentGroupObjectPermission,
    DepartmentUserObjectPermission,
    Division,
    Membership,
)
from catalog.models.dictionary import DataElement, Material
from catalog.models.history import TRACKED, DefinitionEvent
from catalog.models.item_parts import (
    CrossRule,
    FormLine,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    MaterialExemption,
    ReviewPoint,
)
from catalog.models.items import ItemVersion, ServiceItem
from catalog.models.matter_parts import (
    DeclaredFigure,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
    Translation,
)
from catalog.models.matters import Matter, MatterVersion, RegionalVersion
from catalog.models.mistakes import MistakeReport
from catalog.models.parts import PARTS, PartKind, all_parts_of, part_of, parts_of, prefetches
from catalog.models.proposals import Proposal
from catalog.models.regions import ItemImplementation, RegionalGuide
from catalog.models.search import (
    Origin,
    SearchMiss,
    SearchPhrase,
    SearchQuestion,
    SearchRevision,
    SearchTarget,
    SynonymGroup,
)
from catalog.models.sourcing import Confidence, FactSource
