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
limit_missing              error     a promised item without a promised limit
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
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import ElementDefinition, Finding, ItemDefinition, MaterialDefinition, MatterDefinition, Source
from catalog.merging.compiling import by_code, by_slug, compile_matter, examine
from catalog.merging.coverage import LIMIT, Coverage, cover
from catalog.merging.selection import GROUP_PREFIX, chosen, flat
from catalog.plans import CompiledMatter
from catalog.rules import holds, variables

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
    found += [*_limits(used), *_tidiness(matter, used, by_code(materials)), *_identity(used, by_code(elements))]
    rank = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda finding: rank[finding.severity])


def situations(compiled: CompiledMatter, coverage: Coverage) -> list[Finding]:
    """Return what trying the situations shows (law 6)."""
    found: list[Finding] = []
    reached: set[str] = set()
    asked: set[str] = set()
    offered: set[tuple[str, str]] = set()
    true_lines: set[tuple[str, str]] = set()
    seen: dict[tuple[str, ...], Mapping[str, Any]] = {}
    empty_groups: set[str] = set()
    groups = {use.group: None for use in compiled.uses if use.group}
    reads: dict[str, set[str]] = {}
    for use in compiled.uses:
        reads[use.item] = {
            line.code
            for line in compiled.items[use.item].lines
            if line.condition is not None and all(name.startswith("answers.") for name in variables(line.condition))
        }
    nowhere = False
    for answers in coverage.answers:
        questions = compiled.questions_for(answers)
        asked.update(question.key for question in questions)
        offered.update((question.key, option.value) for question in questions for option in question.options)
        stops = any(
            option.stops and option.value in _listed(answers.get(question.key))
            for question in questions
            for option in question.options
        )
        uses = chosen(compiled.uses, answers)
        reached.update(use.item for use in uses)
        known = flat(answers)
        for use in uses:
            item = compiled.items[use.item]
            lines = (
                line for line in item.lines if (use.item, line.code) not in true_lines and line.code in reads[use.item]
            )
            true_lines.update((use.item, line.code) for line in lines if holds(line.condition, known))
        if stops:
            continue
        if not uses and not nowhere:
            nowhere = True
            found.append(Finding("leads_nowhere", (Source("", "questions"),), params={"answers": dict(answers)}))
        filled = {use.group for use in uses}
        for group in groups:
            if group not in filled and group not in empty_groups:
                empty_groups.add(group)
                sources = tuple(Source(use.item, "group") for use in compiled.uses if use.group == group)
                params = {"group": group, "answers": dict(answers)}
                found.append(Finding("group_without_choice", sources, params=params))
        seen.setdefault(tuple(use.item for use in uses), answers)
    found += _never_reached(compiled, reached, asked, offered)
    for use in compiled.uses:
        if use.item in reached:
            dead = (line for line in compiled.items[use.item].lines if line.code in reads[use.item])
            found += [
                Finding(
                    "dead_line", (Source(use.item, line.code),), "warning", {"field": f"{line.role}:{line.element}"}
                )
                for line in dead
                if (use.item, line.code) not in true_lines
            ]
    found += _exclusive_papers(compiled, list(seen.values())[:MAX_PLANS])
    if not coverage.complete:
        found.append(Finding("not_all_tried", (Source("", "questions"),), "note", {"tried": len(coverage.answers)}))
    return found


def _never_reached(
    compiled: CompiledMatter, reached: set[str], asked: set[str], offered: set[tuple[str, str]]
) -> Iterator[Finding]:
    for use in compiled.uses:
        if use.item not in reached:
            yield Finding("unreachable_item", (Source(use.item, "condition"),))
    for question in compiled.questions:
        if question.implied:
            continue
        if question.key not in asked:
            yield Finding("unreachable_question", (Source("", f"question:{question.key}"),))
            continue
        for option in question.options:
            if (question.key, option.value) not in offered:
                source = Source("", f"question:{question.key}")
                yield Finding("unreachable_option", (source,), params={"option": option.value})


def _exclusive_papers(compiled: CompiledMatter, samples: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
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


def _limits(items: Sequence[ItemDefinition]) -> Iterator[Finding]:
    for item in items:
        promised, statutory = item.promised_limit_days, item.statutory_limit_days
        if promised is not None and statutory is not None and promised > statutory:
            params = {"promised": promised, "statutory": statutory}
            yield Finding("promise_beyond_statute", (Source(item.slug, "promised_limit_days"),), params=params)
        if promised is None and item.handling != "immediate":
            yield Finding("limit_missing", (Source(item.slug, "promised_limit_days"),))
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


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
