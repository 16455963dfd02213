"""The plan that one set of guide answers leads to: items, one form, one list of papers, one graph."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from catalog.fields.validation import FieldProblem
from catalog.merging import figures
from catalog.merging.content import MatterContent
from catalog.merging.deciding import with_options
from catalog.merging.graph import least_schedule
from catalog.merging.limits import limit_of
from catalog.merging.lines import instances, merge_field, place
from catalog.merging.papers import ask_materials, merge_material, supply_results
from catalog.merging.planned import (
    Asker,
    MaterialAsker,
    PlannedConsent,
    PlannedField,
    PlannedItem,
    PlannedMaterial,
    PlannedRole,
    PlannedSection,
    Stop,
    Wait,
)
from catalog.merging.program import ItemProgram
from catalog.merging.reading import FormReading
from catalog.merging.selection import flat, kin_of, reasons, role_counts, same_persons
from catalog.merging.waiting import (
    decided_fields,
    declared_waits,
    edges,
    field_waits,
    material_waits,
    supplies,
)
from catalog.rules.language import compile_condition, variables
from catalog.rules.renaming import rename_roles
from catalog.rules.values import truthy


class Plan(FormReading):
    """What one set of answers leads to. Immutable.

    ``fields``: every field of the merged form by key, in the form's order, those that a decision supplies included;
    ``sections`` holds the same grouped. ``values`` arguments take raw or cleaned values alike.

    ``critical_path``, ``working_days``: the longest path and its length. ``unknown_limits``: the sub-items whose limit is not known; where
    there are any, the path is that of the known limits and its length the least it takes.

    ``agents``: the roles of whoever acts for the applicant; only `with_applicants` knows any.
    """

    def __init__(self, matter: MatterContent, answers: Mapping[str, Any]) -> None:
        """``answers``: valid ones, from ``CompiledMatter.clean_answers``."""
        self.matter = matter
        self.answers = dict(answers)
        self.agents: frozenset[str] = frozenset()
        self._variants: dict[tuple[frozenset[str], frozenset[str]], Plan] = {}
        self.known_answers = flat(answers)
        uses = matter.composition.chosen(answers)
        counts = role_counts(matter.roles, self.known_answers)
        self.same_persons = same_persons(matter.roles, self.known_answers)
        items = matter.items
        if self.same_persons:
            items = {use.item: rename_roles(items[use.item], self.same_persons) for use in uses}
        planned = instances(uses, items, counts)
        placed = {
            each.key: place(each, at, counts, matter.elements, self.known_answers) for at, each in enumerate(planned)
        }
        self.supply = decided_fields(placed, supplies(planned))
        waits = declared_waits(planned) + field_waits(placed, self.supply)
        after = edges(waits)
        self.askers = supply_results(
            ask_materials(planned, counts, matter.elements, self.known_answers), planned, after
        )
        waits += material_waits(self.askers)
        self.dependencies: tuple[Wait, ...] = tuple(dict.fromkeys(waits))
        applying = self.applying_with({})
        kin = {r.key: kin_of(r, self.known_answers, self.same_persons) for r in matter.roles}
        self.roles = tuple(
            PlannedRole(r.key, r.label, counts[r.key], r.key in applying, r.kin if kin[r.key] else "", kin[r.key])
            for r in matter.roles
        )
        decided = frozenset(self.supply)
        self.programs = {
            each.key: ItemProgram(each, placed[each.key], decided, matter.elements, counts) for each in planned
        }
        limits = {each.key: limit_of(each.item) for each in planned}
        self.unknown_limits = tuple(key for key, days in limits.items() if days is None)
        self.schedule = least_schedule(limits, {key: sorted(before) for key, before in after.items()})
        self.critical_path = self.schedule.path
        self.working_days = self.schedule.length
        self.items = tuple(self._item(key, after.get(key, set())) for key in self.programs)
        self.fields = self._fields()
        self.sections = self._sections()
        self.materials = tuple(self._material(key, askers) for key, askers in self.askers.items())
        self.consents = tuple(
            PlannedConsent(f"{p.key}.{c.code}", p.key, c.code, p.instance.item.department, c.text, c.required)
            for p in self.programs.values()
            for c in p.instance.item.consents
        )
        self.stops = tuple(
            Stop(question.key, option.value, option.stops)
            for question in matter.questions_for(self.answers)
            for option in question.options
            if option.stops and option.value in _listed(self.answers.get(question.key))
        )

    @functools.cached_property
    def _papers_by_form(
        self,
    ) -> list[tuple[str, list[tuple[MaterialAsker, Callable[[Mapping[str, Any]], bool] | None]]]]:
        """Return who asks for each paper, with the condition over the form; None where it is always asked for."""
        return [
            (key, [(each, None if _always(each) else compile_condition(each.need.condition)) for each in askers])
            for key, askers in self.askers.items()
        ]

    @functools.cached_property
    def _asked_by_form(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the items of which a paper depends on the form, and the fields that decide about it."""
        conditional = [each for askers in self.askers.values() for each in askers if not _always(each)]
        items = tuple(dict.fromkeys(each.item for each in conditional))
        read = {name for each in conditional for name in variables(each.need.condition)}
        return items, self.read_by_rules | read

    def materials_for(self, values: Mapping[str, Any]) -> list[PlannedMaterial]:
        """Return the papers that a form filled in so far needs: conditions that read the form applied."""
        items, read = self._asked_by_form
        records: dict[str, dict[str, Any]] = {}
        if items:
            good, _ = self.read_values(values, read)
            records = {item: self.programs[item].run(good, self.known_answers)[1] for item in items}
        found = []
        for key, askers in self._papers_by_form:
            needed = [asker for asker, holds in askers if holds is None or holds(records[asker.item])]
            if needed:
                found.append(self._material(key, needed) if len(needed) < len(askers) else self._whole_materials[key])
        return found

    @functools.cached_property
    def _whole_materials(self) -> dict[str, PlannedMaterial]:
        return {material.key: material for material in self.materials}

    def consents_missing(self, given: set[str]) -> list[FieldProblem]:
        """Return a problem for each required consent that is not among the keys given."""
        return [
            FieldProblem(each.key, "consent_missing")
            for each in self.consents
            if each.required and each.key not in given
        ]

    @functools.cached_property
    def identity_level(self) -> int:
        """Return how far the applicant's identity must be proved: as far as the strictest item demands."""
        return max((item.identity_level for item in self.items), default=0)

    @functools.cached_property
    def figures(self) -> figures.Figures:
        """Return the computed figures, each with the lists that explain it."""
        return figures.compute(self)

    def fact_of(self, key: str) -> str:
        """Return what tells facts apart: a field's key, but for the applicant the same in every role that they play."""
        field = self.fields[key]
        return f"@{field.element}" if field.role in self._applying and field.instance == 1 else key

    def applying_with(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """Return the roles that the applicant would play, were these answers given instead."""
        known = {**self.known_answers, **flat(answers)}
        applying = {role.key for role in self.matter.roles if _is_applicant(role.is_applicant, known)}
        return frozenset(applying | {self.same_persons.get(key, key) for key in applying})

    def with_applicants(self, applying: frozenset[str], agents: frozenset[str]) -> Plan:
        """Return this plan with these roles, and no others, as the applicant's, and ``agents`` as those of whoever acts for them."""
        found = self._variants.get((applying, agents))
        if found is None:
            found = copy.copy(self)
            for name in ("_applying", "figures"):  # computed from the roles
                found.__dict__.pop(name, None)
            found.roles = tuple(replace(role, is_applicant=role.key in applying) for role in self.roles)
            found.agents, found._variants = agents, {}
            self._variants[applying, agents] = found
        return found

    @functools.cached_property
    def _applying(self) -> frozenset[str]:
        return frozenset(role.key for role in self.roles if role.is_applicant)

    def _item(self, key: str, after: set[str]) -> PlannedItem:
        instance = self.programs[key].instance
        item, use = instance.item, instance.use
        known = limit_of(item)
        department = self.matter.departments.get(item.department, {})
        return PlannedItem(
            key=key,
            slug=item.slug,
            name=item.name,
            role=use.per,
            instance=instance.number,
            department=item.department,
            department_name=department.get("name", item.department),
            department_short_name=department.get("short_name", "") or department.get("name", item.department),
            after=tuple(other for other in self.programs if other in after),
            promised_limit_days=0
            if known is not None and item.promised_limit_days is None
            else item.promised_limit_days,
            statutory_limit_days=item.statutory_limit_days,
            handling=item.handling,
            outputs=tuple(with_options(output, self.matter.elements) for output in item.outputs),
            results=item.results,
            review_points=item.review_points,
            reasons=reasons(use, self.answers, self.matter.questions),
            optional=use.optional,
            group=use.group,
            starts_after_days=self.schedule.starts[key],
            ends_after_days=self.schedule.ends[key],
            slack_days=self.schedule.slack[key],
            legal_basis=item.legal_basis,
            item_type=item.item_type,
            identity_level=item.identity_level,
            in_person_only=item.in_person_only,
            code=item.code,
            short_name=item.short_name or item.name,
            limit_unit=item.limit_unit,
            working_days=known,
            decision_rule=self.programs[key].decision_rule,
        )

    def _fields(self) -> dict[str, PlannedField]:
        asking: dict[str, list[tuple[Asker, Any]]] = {}
        for program in self.programs.values():
            item = program.instance.item
            for each in program.placed:
                asker = Asker(
                    item=program.key,
                    slug=item.slug,
                    code=each.code,
                    label=each.line.label,
                    department=item.department,
                    required=each.required,
                    condition=each.condition,
                    section=each.line.section,
                    reuse=each.line.reuse,
                    constraints={k: v for k, v in each.constraints.items() if k != "kind"},
                    reason=each.line.reason,
                    help=each.line.help,
                    order=each.order,
                )
                asking.setdefault(each.key, []).append((asker, each))
        applicants = {role.key for role in self.roles if role.is_applicant}
        merged = {}
        for key, askers in asking.items():
            placed = askers[0][1]
            element = self.matter.elements[placed.line.element]
            plain = f"{placed.role}:{element.code}"
            supply = self.supply.get(key)
            known_from = f"result:{supply.item}.{supply.output}" if supply else ""
            if not supply:
                own = placed.role in applicants and placed.number == 1
                known_from = next((s for s in element.known_from if s != "profile" or own), "")
            merged[key] = merge_field(
                askers,
                element,
                supply,
                known_from,
                self.matter.labels.get(plain, ""),
                self.matter.placement.get(plain, ""),
            )
        sections = {section.key: at for at, section in enumerate(self.matter.sections)}

        def order(field: PlannedField) -> tuple[Any, ...]:
            place_in_form = sections.get(field.section, len(sections))
            return place_in_form, field.section, field.instance, min(asker.order for asker in field.asked_by)

        return {field.key: field for field in sorted(merged.values(), key=order)}

    def _sections(self) -> tuple[PlannedSection, ...]:
        described = {section.key: section for section in self.matter.sections}
        grouped: dict[tuple[str, int], list[PlannedField]] = {}
        for field in self.fields.values():
            grouped.setdefault((field.section, field.instance), []).append(field)
        return tuple(
            PlannedSection(
                key if number == 1 else f"{key}#{number}",
                described[key].label if key in described else key,
                described[key].help if key in described else "",
                number,
                tuple(fields),
            )
            for (key, number), fields in grouped.items()
        )

    def _material(self, key: str, askers: list[MaterialAsker]) -> PlannedMaterial:
        return merge_material(key, askers, self.matter.materials[askers[0].need.material])


def _always(asker: MaterialAsker) -> bool:
    return asker.need.condition is None or asker.need.condition is True


def _is_applicant(rule: Any, known: Mapping[str, Any]) -> bool:
    return rule is not None and truthy(compile_condition(rule)(known))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
