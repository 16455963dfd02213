"""From the rows of a matter to the frozen values that publishing compiles."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from django.utils import translation

from catalog.definitions import (
    CertificateTypeDefinition,
    ConsentDefinition,
    CrossRule,
    Definition,
    DepartmentDefinition,
    Dependency,
    ElementDefinition,
    Exemption,
    FaceLineDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    ResultDefinition,
    ReviewPoint,
    RoleDefinition,
    SectionDefinition,
)
from catalog.definitions.deciding import read_decision_rule
from catalog.definitions.texts import texts_of
from catalog.models import (
    CertificateType,
    DataElement,
    Department,
    FormLine,
    ItemMaterial,
    ItemResult,
    Material,
    Matter,
    MatterItem,
    MatterRole,
    ServiceItem,
    Translation,
    prefetches,
)
from catalog.models import GuideQuestion as GuideQuestionRow
from catalog.versions.facts import matter_facts

T = TypeVar("T")


def define(matter: Matter) -> Definition:
    """Read a matter's definition. The same rows give the same values, whatever the active language. Cost: about 25 queries."""
    with translation.override("zh-hans"):
        entries = list(_entries(matter))
        items = [entry.item for entry in entries]
        elements = {line.element for item in items for line in item.lines.all()}
        # What an item decides for a field that nobody asks for here: the item is shared, another matter asks for it.
        decided = {output.feeds.partition(":")[2] for item in items for output in item.outputs.all() if output.feeds}
        if idle := decided - {element.code for element in elements}:
            elements |= set(DataElement.objects.filter(code__in=idle))
        materials = {need.material for item in items for need in item.materials.all()}
        definition = Definition(
            matter=_matter(matter, entries),
            items=tuple(item_definition(item) for item in items),
            elements=tuple(element_definition(each) for each in sorted(elements, key=lambda each: each.code)),
            materials=tuple(material_definition(each) for each in sorted(materials, key=lambda each: each.code)),
        )
        return definition._replace(matter=replace(definition.matter, translations={"en": _english(matter, definition)}))


def _entries(matter: Matter) -> Any:
    return (
        MatterItem.objects.filter(matter=matter)
        .select_related("item__department__division")
        .prefetch_related(*prefetches(MatterItem), *prefetches(ServiceItem, "item__"))
    )


def value_of(kind: type[T], row: Any, **given: Any) -> T:
    """Return a row as a frozen value: its attributes of the same names, and what is given."""
    held = {}
    for each in fields(kind):  # type: ignore[arg-type]
        if each.name not in given:
            value = getattr(row, each.name)
            held[each.name] = tuple(value) if str(each.type).startswith("tuple[") else value
    return kind(**held, **given)


def element_definition(element: DataElement) -> ElementDefinition:
    """Return a dictionary entry as a value."""
    return value_of(ElementDefinition, element, options=_options(element.options))


def material_definition(material: Material) -> MaterialDefinition:
    """Return a kind of paper as a value."""
    return value_of(MaterialDefinition, material)


def item_definition(item: ServiceItem) -> ItemDefinition:
    """Return a service item with all its parts as a value."""
    return value_of(
        ItemDefinition,
        item,
        department=item.department.code,
        lines=tuple(_line(line) for line in item.lines.all()),
        materials=tuple(_need(need) for need in item.materials.all()),
        outputs=tuple(value_of(OutputDefinition, row, options=_options(row.options)) for row in item.outputs.all()),
        results=tuple(_result(row) for row in item.results.all()),
        consents=tuple(value_of(ConsentDefinition, row) for row in item.consents.all()),
        cross_rules=tuple(value_of(CrossRule, row) for row in item.cross_rules.all()),
        review_points=tuple(value_of(ReviewPoint, row) for row in item.review_points.all()),
        legal_basis="；".join(f"《{basis['law']}》{basis.get('article', '')}" for basis in item.legal_basis),
        code=item.task_code or item.catalog_code or item.local_code,
        item_type=item.get_item_type_display(),
        decision_rule=read_decision_rule(item.decision_rule),
    )


def _line(line: FormLine) -> LineDefinition:
    return value_of(
        LineDefinition,
        line,
        element=line.element.code,
        required=line.required if line.required_when is None else line.required_when,
        order=line.position,
        type="",
    )


def _need(need: ItemMaterial) -> MaterialNeed:
    exemptions = tuple(value_of(Exemption, row) for row in need.exemptions.all())
    return value_of(MaterialNeed, need, material=need.material.code, exemptions=exemptions)


def _result(row: ItemResult) -> ResultDefinition:
    kind = row.certificate_type
    issued_as = certificate_type_definition(kind)
    return value_of(ResultDefinition, row, certificate_type=kind.slug, name=kind.name, issued_as=issued_as)


def certificate_type_definition(row: CertificateType) -> CertificateTypeDefinition:
    """Return what a type of certificate says of those that are issued, as a value."""
    face = tuple(FaceLineDefinition(line["code"], line["label"], line.get("label_en", "")) for line in row.face)
    return value_of(CertificateTypeDefinition, row, face=face)


def _options(options: list[dict[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(option["value"], option["label"]) for option in options)


def _matter(matter: Matter, entries: list[MatterItem]) -> MatterDefinition:
    figures = matter.declared_figures.values("place", "metric", "before", "after")
    return value_of(
        MatterDefinition,
        matter,
        lead_department=matter.lead_department.code if matter.lead_department else "",
        roles=tuple(_role(row) for row in matter.roles.all()),
        questions=tuple(_question(row) for row in matter.questions.prefetch_related("options")),
        items=tuple(_matter_item(entry) for entry in entries),
        sections=tuple(value_of(SectionDefinition, row) for row in matter.sections.all()),
        departments=tuple(value_of(DepartmentDefinition, row) for row in Department.objects.all()),
        declared={"figures": list(figures)},
        facts=matter_facts(matter, entries),
        translations={},
    )


def _role(row: MatterRole) -> RoleDefinition:
    is_applicant = False if row.is_applicant is None else row.is_applicant
    return value_of(RoleDefinition, row, is_applicant=is_applicant)


def _matter_item(entry: MatterItem) -> MatterItemDefinition:
    after = tuple(value_of(Dependency, row, item=row.prerequisite.item.slug) for row in entry.after.all())
    return value_of(MatterItemDefinition, entry, item=entry.item.slug, after=after)


def _question(row: GuideQuestionRow) -> GuideQuestion:
    options = tuple(value_of(GuideOption, option) for option in row.options.all())
    return value_of(GuideQuestion, row, options=options, implied="")


def _english(matter: Matter, definition: Definition) -> dict[str, str]:
    """Return Chinese text → English: what the matter's own file says, and of the shared texts those that the definition holds.

    The others stay out, so that a new word for one matter does not make a new version of every other.
    """
    rows = Translation.objects.filter(language="en")
    own = dict(rows.filter(matter=matter).values_list("source", "text"))
    departments = definition.matter.departments
    spoken = set(texts_of(definition._replace(matter=replace(definition.matter, departments=()))))
    spoken |= {
        text
        for each in departments
        if each.code in spoken or f"shared:{each.code}" in spoken
        for text in (each.name, each.short_name)
    }
    shared = dict(rows.filter(matter=None, source__in=spoken).values_list("source", "text"))
    types = {result.certificate_type for item in definition.items for result in item.results}
    for name, name_en in CertificateType.objects.filter(slug__in=types).values_list("name", "name_en"):
        shared.setdefault(name, name_en)
    return {**shared, **own}
