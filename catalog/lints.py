"""Look for what is wrong with a matter before it is published. Pure.

``lint_matter`` returns what compiling refuses (``catalog.merging.checking``) and, where the matter compiles, what only shows when every situation
is tried, or when the definitions are read as a lawyer would:

=========================  ========  ==========================================================================
code                       severity  what is wrong (params)
=========================  ========  ==========================================================================
leads_nowhere              error     a combination of answers without any item (answers)
group_without_choice       error     a combination in which nothing of an exactly-one-of group qualifies (group, answers)
unreachable_item           error     no combination leads to this item
unreachable_question       error     no combination asks this question
unreachable_option         error     no combination offers this option (option)
dead_line                  warning   a line whose condition no combination of answers satisfies (field)
exclusive_papers           error     papers that exclude each other and are both required (materials, answers)
promise_beyond_statute     error     a promised limit longer than the statutory one (promised, statutory)
limit_missing              error     a promised item without a promised limit (a warning where the matter is only described)
department_missing         error     an item without a department
legal_basis_missing        warning   an item without legal basis
unused_section             warning   a section that no line is in
group_of_one               warning   an exactly-one-of group with a single item
material_twice             warning   two material codes with one name (name)
identity_asked_again       warning   identity data that is known and asked all the same (field)
not_all_tried              note      there are too many combinations: pairs were tried instead (tried)
=========================  ========  ==========================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import (
    OPEN,
    ElementDefinition,
    Finding,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MatterDefinition,
    Source,
)
from catalog.merging.compiling import by_code, by_slug, compile_matter, examine
from catalog.merging.coverage import LIMIT, Coverage, cover
from catalog.merging.limits import limit_of
from catalog.merging.selection import GROUP_PREFIX, flat
from catalog.plans import CompiledMatter
from catalog.rules import compile_condition, variables

MAX_PLANS = 200  # different plans whose papers are compared


def lint_matter(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition] | Sequence[ItemDefinition],
    elements: Mapping[str, ElementDefinition] | Sequence[ElementDefinition],
    materials: Mapping[str, MaterialDefinition] | Sequence[MaterialDefinition],
    limit: int = LIMIT,
) -> list[Finding]:
    """Return all findings: errors, then warnings, then notes."""
    known = by_slug(items)
    used = [known[use.item] for use in matter.items if use.item in known]
    found = examine(matter, items, elements, materials)
    if not any(finding.severity == "error" for finding in found):
        compiled = CompiledMatter(compile_matter(matter, items, elements, materials))
        found += situations(compiled, cover(compiled.questions, limit))
    found += [
        *_limits(used, matter.standing == OPEN),
        *_tidiness(matter, used, by_code(materials)),
        *_identity(used, by_code(elements)),
    ]
    rank = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda finding: rank[finding.severity])


def situations(compiled: CompiledMatter, coverage: Coverage) -> list[Finding]:
    """Return what trying the situations shows (law 6)."""
    seen = _Seen(compiled)
    for answers in coverage.answers:
        seen.look(answers)
    found = [*seen.found, *_never_reached(compiled, seen), *_exclusive_papers(compiled, seen.samples())]
    if not coverage.complete:
        found.append(Finding("not_all_tried", (Source("", "questions"),), "note", {"tried": len(coverage.answers)}))
    return found


class _Seen:
    """What the situations tried so far have shown."""

    def __init__(self, compiled: CompiledMatter) -> None:
        self.compiled = compiled
        self.found: list[Finding] = []
        self.items: set[str] = set()
        self.questions: set[str] = set()
        self.options: set[tuple[str, str]] = set()
        # Lines that guide answers alone show or hide, until an answer shows them.
        self.dead: dict[str, list[tuple[LineDefinition, Callable[[Mapping[str, Any]], bool]]]] = {
            slug: [(line, compile_condition(line.condition)) for line in item.lines if _by_answers(line.condition)]
            for slug, item in compiled.items.items()
        }
        self._groups: dict[str, list[str]] = {}
        for use in compiled.uses:
            if use.group:
                self._groups.setdefault(use.group, []).append(use.item)
        self._told: set[str] = set()
        self._plans: dict[tuple[str, ...], Mapping[str, Any]] = {}

    def samples(self) -> list[Mapping[str, Any]]:
        """Return one set of answers for each distinct set of items."""
        return list(self._plans.values())[:MAX_PLANS]

    def look(self, answers: Mapping[str, Any]) -> None:
        stops = False
        for question in self.compiled.questions_for(answers):
            self.questions.add(question.key)
            given = answers.get(question.key)
            for option in question.options:
                self.options.add((question.key, option.value))
                stops = stops or bool(
                    option.stops and (option.value in given if isinstance(given, list) else option.value == given)
                )
        uses = self.compiled.composition.chosen(answers)
        known = flat(answers)
        for use in uses:
            self.items.add(use.item)
            if self.dead[use.item]:
                self.dead[use.item] = [(line, shows) for line, shows in self.dead[use.item] if not shows(known)]
        if stops:
            return
        if not uses:
            self._tell("leads_nowhere", "", [Source("", "questions")], answers)
        filled = {use.group for use in uses}
        for group, members in self._groups.items():
            if group not in filled:
                self._tell("group_without_choice", group, [Source(slug, "group") for slug in members], answers)
        self._plans.setdefault(tuple(use.item for use in uses), answers)

    def _tell(self, code: str, group: str, sources: list[Source], answers: Mapping[str, Any]) -> None:
        """Report the first situation that shows it."""
        if f"{code} {group}" not in self._told:
            self._told.add(f"{code} {group}")
            params = {"group": group, "answers": dict(answers)} if group else {"answers": dict(answers)}
            self.found.append(Finding(code, tuple(sources), params=params))


def _by_answers(condition: Any) -> bool:
    return condition is not None and all(name.startswith("answers.") for name in variables(condition))


def _never_reached(compiled: CompiledMatter, seen: _Seen) -> Iterator[Finding]:
    for use in compiled.uses:
        if use.item not in seen.items:
            yield Finding("unreachable_item", (Source(use.item, "condition"),))
            continue
        for line, _ in seen.dead[use.item]:
            params = {"field": f"{line.role}:{line.element}"}
            yield Finding("dead_line", (Source(use.item, line.code),), "warning", params)
    for question in compiled.questions:
        if question.implied:
            continue
        source = Source("", f"question:{question.key}")
        if question.key not in seen.questions:
            yield Finding("unreachable_question", (source,))
            continue
        for option in question.options:
            if (question.key, option.value) not in seen.options:
                yield Finding("unreachable_option", (source,), params={"option": option.value})


def _exclusive_papers(compiled: CompiledMatter, samples: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    if not any(need.excludes for item in compiled.items.values() for need in item.materials):
        return
    told: set[tuple[str, str]] = set()
    for answers in samples:
        required = {
            material.code: material
            for material in compiled.plan_for(answers).materials
            if material.necessity == "required" and not material.conditional
        }
        for code, material in required.items():
            for asker in material.asked_by:
                for other in asker.need.excludes:
                    pair = (min(code, other), max(code, other))
                    if other in required and pair not in told:
                        told.add(pair)
                        sources = [Source(asker.slug, f"material:{code}")]
                        sources += [Source(each.slug, f"material:{other}") for each in required[other].asked_by[:1]]
                        params = {"materials": list(pair), "answers": dict(answers)}
                        yield Finding("exclusive_papers", tuple(sources), params=params)


def _limits(items: Sequence[ItemDefinition], is_open: bool) -> Iterator[Finding]:
    for item in items:
        promised, statutory = item.promised_limit_days, item.statutory_limit_days
        if promised is not None and statutory is not None and promised > statutory:
            params = {"promised": promised, "statutory": statutory}
            yield Finding("promise_beyond_statute", (Source(item.slug, "promised_limit_days"),), params=params)
        if limit_of(item) is None:
            severity = "error" if is_open else "warning"
            yield Finding("limit_missing", (Source(item.slug, "promised_limit_days"),), severity)
        if not item.department:
            yield Finding("department_missing", (Source(item.slug, "department"),))
        if not item.legal_basis:
            yield Finding("legal_basis_missing", (Source(item.slug, "legal_basis"),), "warning")


def _tidiness(
    matter: MatterDefinition, items: Sequence[ItemDefinition], materials: Mapping[str, MaterialDefinition]
) -> Iterator[Finding]:
    sections = {*matter.placement.values(), *(line.section for item in items for line in item.lines)}
    for section in matter.sections:
        if section.key not in sections:
            yield Finding("unused_section", (Source("", f"section:{section.key}"),), "warning")
    for group, count in Counter(use.group for use in matter.items if use.group).items():
        if count == 1:
            yield Finding("group_of_one", (Source("", f"{GROUP_PREFIX}{group}"),), "warning", {"group": group})
    named: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        for need in item.materials:
            if need.material in materials:
                named.setdefault(materials[need.material].name, []).append((need.material, item.slug))
    for name, uses in named.items():
        if len({code for code, _ in uses}) > 1:
            first = {code: Source(slug, f"material:{code}") for code, slug in reversed(uses)}
            yield Finding("material_twice", tuple(first[code] for code in sorted(first)), "warning", {"name": name})


def _identity(items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]) -> Iterator[Finding]:
    """Yield identity data that somebody knows and a line asks for all the same."""
    for item in items:
        for line in item.lines:
            element = elements.get(line.element)
            if (
                element is not None
                and element.type in ("id_number", "id_kind")
                and element.sources
                and line.reuse == "ask"
            ):
                params = {"field": f"{line.role}:{line.element}"}
                yield Finding("identity_asked_again", (Source(item.slug, line.code),), "warning", params)
