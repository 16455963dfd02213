"""From the rows of a matter to the frozen values that publishing compiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch
from django.utils import translation

from catalog.definitions import (
    ConsentDefinition,
    CrossRule,
    DepartmentDefinition,
    Dependency,
    ElementDefinition,
    Exemption,
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
    RoleDefinition,
    SectionDefinition,
)
from catalog.definitions.texts import texts_of
from catalog.models import (
    CertificateType,
    DataElement,
    Department,
    FormLine,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    Material,
    Matter,
    MatterItem,
    ServiceItem,
    Translation,
)
from catalog.models import GuideQuestion as GuideQuestionRow
from catalog.versions.facts import matter_facts


@dataclass(frozen=True)
class Definition:
    """A matter with everything it is composed of: the arguments of ``catalog.compiling.compile_matter``."""

    matter: MatterDefinition
    items: tuple[ItemDefinition, ...]
    elements: tuple[ElementDefinition, ...]
    materials: tuple[MaterialDefinition, ...]


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
        return replace(definition, matter=replace(definition.matter, translations={"en": _english(matter, definition)}))


def _entries(matter: Matter) -> Any:
    return (
        MatterItem.objects.filter(matter=matter)
        .select_related("item__department__division")
        .prefetch_related(
            "after__prerequisite__item",
            Prefetch("item__lines", FormLine.objects.select_related("element")),
            Prefetch("item__materials", ItemMaterial.objects.select_related("material").prefetch_related("exemptions")),
            "item__outputs",
            Prefetch("item__results", ItemResult.objects.select_related("certificate_type")),
            "item__consents",
            "item__cross_rules",
            "item__review_points",
            "item__faqs",
        )
    )


def element_definition(element: DataElement) -> ElementDefinition:
    """Return a dictionary entry as a value."""
    return ElementDefinition(
        code=element.code,
        name=element.name,
        type=element.type,
        options=_options(element.options),
        constraints=element.constraints,
        unit=element.unit,
        sensitive=element.sensitive,
        authority=element.authority,
        known_from=tuple(element.known_from),
    )


def material_definition(material: Material) -> MaterialDefinition:
    """Return a kind of paper as a value."""
    return MaterialDefinition(
        code=material.code,
        name=material.name,
        standard_code=material.standard_code,
        accept=tuple(material.accept),
        note=material.note,
    )


def item_definition(item: ServiceItem) -> ItemDefinition:
    """Return a service item with all its parts as a value."""
    return ItemDefinition(
        slug=item.slug,
        name=item.name,
        department=item.department.code,
        lines=tuple(_line(line) for line in item.lines.all()),
        materials=tuple(_need(need) for need in item.materials.all()),
        outputs=tuple(_output(output) for output in item.outputs.all()),
        results=tuple(
            ResultDefinition(row.certificate_type.slug, row.face, row.certificate_type.name, row.holder)
            for row in item.results.all()
        ),
        consents=tuple(ConsentDefinition(row.code, row.text, row.required) for row in item.consents.all()),
        cross_rules=tuple(
            CrossRule(row.code, row.violated, row.message, tuple(row.fields)) for row in item.cross_rules.all()
        ),
        review_points=tuple(row.text for row in item.review_points.all()),
        handling=item.handling,
        statutory_limit_days=item.statutory_limit_days,
        promised_limit_days=item.promised_limit_days,
        limit_unit=item.limit_unit,
        legal_basis="；".join(f"《{basis['law']}》{basis.get('article', '')}" for basis in item.legal_basis),
        visits=item.visits,
        visits_together=item.visits_together,
        steps=item.steps,
        code=item.task_code or item.catalog_code or item.local_code,
        item_type=item.get_item_type_display(),
        short_name=item.short_name,
    )


def _line(line: FormLine) -> LineDefinition:
    return LineDefinition(
        code=line.code,
        role=line.role,
        element=line.element.code,
        label=line.label,
        required=line.required if line.required_when is None else line.required_when,
        condition=line.condition,
        section=line.section,
        reuse=line.reuse,
        constraints=line.constraints,
        help=line.help,
        order=line.position,
        reason=line.reason,
    )


def _need(need: ItemMaterial) -> MaterialNeed:
    return MaterialNeed(
        material=need.material.code,
        necessity=need.necessity,
        condition=need.condition,
        form=need.form,
        copies=need.copies,
        exemptions=tuple(Exemption(row.kind, row.reference) for row in need.exemptions.all()),
        reason=need.reason,
        role=need.role,
        excludes=tuple(need.excludes),
    )


def _output(output: ItemOutput) -> OutputDefinition:
    return OutputDefinition(
        code=output.code,
        label=output.label,
        type=output.type,
        options=_options(output.options),
        constraints=output.constraints,
        required=output.required,
        feeds=output.feeds,
    )


def _options(options: list[dict[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(option["value"], option["label"]) for option in options)


def _matter(matter: Matter, entries: list[MatterItem]) -> MatterDefinition:
    departments = Department.objects.all()
    return MatterDefinition(
        slug=matter.slug,
        name=matter.name,
        subject=matter.subject,
        stage=matter.stage,
        lead_department=matter.lead_department.code if matter.lead_department else "",
        roles=tuple(
            RoleDefinition(
                row.key, row.label, False if row.is_applicant is None else row.is_applicant, row.count, row.maximum
            )
            for row in matter.roles.all()
        ),
        questions=tuple(_question(row) for row in matter.questions.prefetch_related("options")),
        items=tuple(_matter_item(entry) for entry in entries),
        sections=tuple(SectionDefinition(row.key, row.label, row.help) for row in matter.sections.all()),
        departments=tuple(DepartmentDefinition(row.code, row.name, row.short_name) for row in departments),
        labels=matter.labels,
        placement=matter.placement,
        declared={
            "figures": [
                {"place": row.place, "metric": row.metric, "before": row.before, "after": row.after}
                for row in matter.declared_figures.all()
            ]
        },
        summary=matter.summary,
        facts=matter_facts(matter, entries),
        standing=matter.standing,
    )


def _matter_item(entry: MatterItem) -> MatterItemDefinition:
    return MatterItemDefinition(
        item=entry.item.slug,
        condition=entry.condition,
        optional=entry.optional,
        group=entry.group,
        per=entry.per,
        after=tuple(Dependency(row.prerequisite.item.slug, row.kind, row.what) for row in entry.after.all()),
        roles=entry.roles,
        reason=entry.reason,
    )


def _question(row: GuideQuestionRow) -> GuideQuestion:
    return GuideQuestion(
        key=row.key,
        text=row.text,
        help=row.help,
        options=tuple(
            GuideOption(option.value, option.label, option.note, option.stops, option.condition)
            for option in row.options.all()
        ),
        condition=row.condition,
        multiple=row.multiple,
        required=row.required,
        minimum=row.minimum,
        maximum=row.maximum,
    )


def _english(matter: Matter, definition: Definition) -> dict[str, str]:
    """Return Chinese text → English: what the matter's own file says, and of the shared texts those that the definition holds.

    The others stay out, so that a new word for one matter does not make a new version of every other.
    """
    rows = Translation.objects.filter(language="en")
    own = dict(rows.filter(matter=matter).values_list("source", "text"))
    departments = definition.matter.departments
    spoken = set(texts_of(replace(definition, matter=replace(definition.matter, departments=()))))
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
