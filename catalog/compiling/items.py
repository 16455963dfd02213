"""Checks of one item's own definition against the dictionary and the matter it is used in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog.compiling.deciding import check_decision
from catalog.compiling.founding import check_founding
from catalog.definitions import (
    EXEMPTION_ORDER,
    FIELD_TYPES,
    LIMIT_UNITS,
    NECESSITY_ORDER,
    REUSE_ORDER,
    ElementDefinition,
    Finding,
    ItemDefinition,
    MaterialDefinition,
    MatterDefinition,
    OutputDefinition,
    Source,
)
from catalog.definitions.naming import field_key
from catalog.fields.constraints import CHOICES, check_constraints, contradiction
from catalog.merging.deciding import with_options
from catalog.merging.graph import cycles
from catalog.rules.language import check, variables
from catalog.rules.persons import quantified, read_of_first, reads_of

FORMS = frozenset({"paper", "electronic", "paper_or_electronic", "paper_and_electronic"})


def found(code: str, item: str, place: str, **params: Any) -> Finding:
    """Return a finding with one source."""
    return Finding(code, (Source(item, place),), params=params)


def duplicates(kind: str, item: str, codes: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding for each code that occurs more than once."""
    for code, times in Counter(codes).items():
        if times > 1:
            yield Finding("duplicate_code", (Source(item, code),) * 2, params={"kind": kind, "code": code})


def bad_rules(item: str, place: str, rule: Any) -> Iterator[Finding]:
    """Yield what is not in the language."""
    for problem in check(rule):
        path = "/".join(str(step) for step in problem.path)
        yield found("bad_rule", item, place, problem=problem.code, path=path, **problem.params)


def check_elements(items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]) -> list[Finding]:
    """Return what is wrong with the data elements in use."""
    result = []
    for code in sorted({line.element for item in items for line in item.lines if line.element in elements}):
        element = elements[code]
        if element.type not in FIELD_TYPES:
            result.append(found("bad_value", "", code, kind="type", value=element.type))
            continue
        values = [option.value for option in element.options]
        if element.type in CHOICES and not values:
            result.append(found("options_missing", "", code))
        if any(mark in code for mark in ":#@"):
            result.append(found("bad_key", "", code, kind="element", key=code))
        result += duplicates("option", "", values)
        for problem, name in check_constraints(element.type, element.constraints, values):
            result.append(found("bad_constraint", "", code, problem=problem, constraint=name))
    return result


def check_item(
    item: ItemDefinition,
    matter: MatterDefinition,
    elements: Mapping[str, ElementDefinition],
    materials: Mapping[str, MaterialDefinition],
) -> list[Finding]:
    """Return what is wrong with an item as this matter uses it (roles already renamed)."""
    return [
        *_check_codes(item, matter),
        *_check_lines(item, matter, elements),
        *_check_rules(item, matter, elements),
        *_check_papers(item, matter, materials),
        *_check_outputs(item, matter, elements),
        *check_decision(item, matter, elements),
    ]


def _check_codes(item: ItemDefinition, matter: MatterDefinition) -> Iterator[Finding]:
    yield from duplicates("line", item.slug, (line.code for line in item.lines))
    yield from duplicates("output", item.slug, (output.code for output in item.outputs))
    yield from duplicates("consent", item.slug, (consent.code for consent in item.consents))
    yield from duplicates("cross_rule", item.slug, (rule.code for rule in item.cross_rules))
    yield from duplicates("review_point", item.slug, (point.key for point in item.review_points))
    yield from duplicates("material", item.slug, (f"{need.role}:{need.material}" for need in item.materials))
    yield from duplicates("result", item.slug, (result.certificate_type for result in item.results))
    if item.limit_unit not in LIMIT_UNITS:
        yield found("bad_value", item.slug, "limit_unit", kind="limit_unit", value=item.limit_unit)
    for line in item.lines:
        if "#" in line.code or not line.code:
            yield found("bad_key", item.slug, line.code, kind="line", key=line.code)
    if matter.departments and item.department not in {each.code for each in matter.departments}:
        yield found("unknown_reference", item.slug, "department", kind="department", name=item.department)


def _check_lines(
    item: ItemDefinition, matter: MatterDefinition, elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    roles = {role.key for role in matter.roles}
    for line in item.lines:
        if line.role not in roles:
            yield found("unknown_reference", item.slug, line.code, kind="role", name=line.role)
        if line.reuse not in REUSE_ORDER:
            yield found("bad_value", item.slug, line.code, kind="reuse", value=line.reuse)
        element = elements.get(line.element)
        if element is None:
            yield found("unknown_reference", item.slug, line.code, kind="element", name=line.element)
            continue
        if line.type and line.type != element.type:
            yield Finding(
                "incompatible_type",
                (Source(item.slug, line.code), Source("", element.code)),
                params={"type": line.type, "expected": element.type, "field": field_key(line.role, line.element)},
            )
        values = [option.value for option in element.options]
        problems = check_constraints(element.type, line.constraints, values)
        for problem, name in problems:
            yield found("bad_constraint", item.slug, line.code, problem=problem, constraint=name)
        if problems or check_constraints(element.type, element.constraints, values):
            continue
        if name := contradiction(element.type, element.constraints, line.constraints, values):
            yield Finding(
                "contradiction",
                (Source(item.slug, line.code), Source("", element.code)),
                params={"constraint": name, "field": field_key(line.role, line.element)},
            )


def _check_rules(
    item: ItemDefinition, matter: MatterDefinition, elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    """Check the language of every rule, and that it reads only guide answers and the item's own lines (law 3)."""
    answers = {f"answers.{question.key}" for question in matter.questions}
    own = {field_key(line.role, line.element) for line in item.lines}
    per = per_of(item, matter)
    placed = [(line.code, rule, line.role) for line in item.lines for rule in (line.condition, line.required)]
    placed += [(f"material:{need.material}", need.condition, need.role) for need in item.materials]
    placed += [(f"cross_rule:{rule.code}", rule.violated, "") for rule in item.cross_rules]
    for place, rule, role in placed:
        if problems := list(bad_rules(item.slug, place, rule)):
            yield from problems
            continue
        readable = answers | own | ({"today"} if place.startswith("cross_rule:") else set())
        for name in sorted(variables(rule) - readable):
            yield found("unknown_reference", item.slug, place, kind="variable", name=name)
        yield from _check_persons(item, place, rule, {role, per} - {""}, matter)
    codes = {line.code for line in item.lines}
    for rule in item.cross_rules:
        for name in rule.fields:
            if name not in codes | own:
                yield found("unknown_reference", item.slug, f"cross_rule:{rule.code}", kind="field", name=name)
    papers = {need.material for need in item.materials}
    for point in item.review_points:
        for name in (each for each in point.fields if each not in own):
            yield found("unknown_reference", item.slug, f"review_point:{point.key}", kind="field", name=name)
        for name in (each for each in point.materials if each not in papers):
            yield found("unknown_reference", item.slug, f"review_point:{point.key}", kind="material", name=name)


def per_of(item: ItemDefinition, matter: MatterDefinition) -> str:
    """Return the role for whose persons the item is done one by one, or an empty string."""
    return next((use.per for use in matter.items if use.item == item.slug), "")


def _check_persons(
    item: ItemDefinition, place: str, rule: Any, given: set[str], matter: MatterDefinition
) -> Iterator[Finding]:
    """Yield what reads the first of several persons only, and what is asked of persons who are not there. ``given``: roles whose person is."""
    several = {role.key for role in matter.roles if role.maximum > 1}
    for name in read_of_first(rule, several, given):
        yield found("read_of_first", item.slug, place, field=name)
    for role, asked, bound in quantified(rule, given):
        if role not in {each.key for each in matter.roles}:
            yield found("unknown_reference", item.slug, place, kind="role", name=role)
        elif role in bound:
            yield found("asked_of_one", item.slug, place, role=role)
        elif not reads_of(role, asked):
            yield found("asked_of_nobody", item.slug, place, role=role)


def condition_cycles(item: ItemDefinition) -> Iterator[Finding]:
    """Yield the rings of lines whose conditions read each other."""
    reads: dict[str, set[str]] = {}
    codes: dict[str, str] = {}
    for line in item.lines:
        key = field_key(line.role, line.element)
        codes.setdefault(key, line.code)
        reads.setdefault(key, set()).update(variables(line.condition))
    for ring in cycles(list(reads), reads):
        yield Finding(
            "condition_cycle", tuple(Source(item.slug, codes[key]) for key in ring), params={"fields": list(ring)}
        )


def _check_papers(
    item: ItemDefinition, matter: MatterDefinition, materials: Mapping[str, MaterialDefinition]
) -> Iterator[Finding]:
    roles = {role.key for role in matter.roles}
    own = {item.slug, *(result.certificate_type for result in item.results)}
    for need in item.materials:
        place = f"material:{need.material}"
        if need.material not in materials:
            yield found("unknown_reference", item.slug, place, kind="material", name=need.material)
        if need.role and need.role not in roles:
            yield found("unknown_reference", item.slug, place, kind="role", name=need.role)
        if need.necessity not in NECESSITY_ORDER:
            yield found("bad_value", item.slug, place, kind="necessity", value=need.necessity)
        if need.form not in FORMS:
            yield found("bad_value", item.slug, place, kind="form", value=need.form)
        for exemption in need.exemptions:
            if exemption.kind not in EXEMPTION_ORDER:
                yield found("bad_value", item.slug, place, kind="exemption", value=exemption.kind)
            elif exemption.kind == "result" and exemption.reference in own:
                yield found("result_of_itself", item.slug, place, reference=exemption.reference)


def _does_not_fit(item: ItemDefinition, output: OutputDefinition, element: ElementDefinition) -> Iterator[Finding]:
    """Yield what a decision may be that the field it feeds does not take."""
    sources = (Source(item.slug, f"output:{output.code}"), Source("", element.code))
    own, taken = [option.value for option in output.options], [option.value for option in element.options]
    if element.type in CHOICES and (strange := [value for value in own if value not in taken]):
        params = {"constraint": "options", "field": output.feeds, "values": strange}
        yield Finding("output_does_not_fit", sources, params=params)
    elif name := contradiction(element.type, output.constraints, element.constraints, taken):
        yield Finding("output_does_not_fit", sources, params={"constraint": name, "field": output.feeds, "values": []})


def _check_outputs(
    item: ItemDefinition, matter: MatterDefinition, elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    roles = {role.key: role for role in matter.roles}
    per = per_of(item, matter)
    own = {field_key(line.role, line.element): line.code for line in item.lines}
    for output in item.outputs:
        place = f"output:{output.code}"
        values = [option.value for option in with_options(output, elements).options]
        if output.type not in FIELD_TYPES:
            yield found("bad_value", item.slug, place, kind="type", value=output.type)
            continue
        if output.type in CHOICES and not values:
            yield found("options_missing", item.slug, place)
        problems = check_constraints(output.type, output.constraints, values)
        for problem, name in problems:
            yield found("bad_constraint", item.slug, place, problem=problem, constraint=name)
        yield from _check_repeated(item, output, own, elements)
        if problems:
            continue
        if name := contradiction(output.type, output.constraints, None, values):
            yield Finding(
                "contradiction", (Source(item.slug, place),), params={"constraint": name, "field": output.label}
            )
        if not output.feeds:
            continue
        role, _, code = output.feeds.partition(":")
        if role not in roles or code not in elements:
            kind = "element" if role in roles else "role"
            yield found("unknown_reference", item.slug, place, kind=kind, name=output.feeds)
            continue
        if elements[code].type != output.type:
            yield Finding(
                "incompatible_type",
                (Source(item.slug, place), Source("", code)),
                params={"type": output.type, "expected": elements[code].type, "field": output.feeds},
            )
        else:
            yield from _does_not_fit(item, output, elements[code])
        if output.feeds in own:
            yield Finding(
                "decides_own_field",
                (Source(item.slug, place), Source(item.slug, own[output.feeds])),
                params={"field": output.feeds},
            )
        if roles[role].maximum > 1 and per != role:
            yield found("decides_for_one", item.slug, place, field=output.feeds)
    codes = {output.code for output in item.outputs}
    for result in item.results:
        place = f"result:{result.certificate_type}"
        for role in filter(None, (result.holder, *result.co_holders)):
            if role not in roles:
                yield found("unknown_reference", item.slug, place, kind="role", name=role)
        kind, _, name = result.holder_name.partition(":")
        if kind and not {"field": name in own, "output": name in codes}.get(kind, False):
            yield found("unknown_reference", item.slug, place, kind="face", name=result.holder_name)
        for face, source in result.face.items():
            kind, _, name = source.partition(":")
            known = {"field": name in own, "output": name in codes, "const": True}.get(kind, False)
            if not known:
                yield found(
                    "unknown_reference", item.slug, f"result:{result.certificate_type}/{face}", kind="face", name=source
                )
            if result.issued_as.code and face not in {line.code for line in result.issued_as.face}:
                yield found("unknown_reference", item.slug, place, kind="face_line", name=face)
            role = name.partition(":")[0]
            if known and kind == "field" and role in roles and roles[role].maximum > 1 and role != per:
                yield found("read_of_first", item.slug, f"result:{result.certificate_type}/{face}", field=name)
        if result.holder in roles and roles[result.holder].maximum > 1 and result.holder != per:
            yield found("holder_of_several", item.slug, f"result:{result.certificate_type}", role=result.holder)
        if result.founds:
            yield from check_founding(item, result, matter)


def _check_repeated(
    item: ItemDefinition, output: OutputDefinition, own: Mapping[str, str], elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    """Yield fields that an output should repeat and that its own department does not ask for, or asks for as something else."""
    for key in output.repeats:
        element = elements.get(key.partition(":")[2])
        if key not in own or element is None:
            yield found("unknown_reference", item.slug, f"output:{output.code}", kind="field", name=key)
        elif element.type != output.type:
            sources = (Source(item.slug, f"output:{output.code}"), Source(item.slug, own[key]))
            params = {"type": output.type, "expected": element.type, "field": key}
            yield Finding("incompatible_type", sources, params=params)
