"""Checks of an item's decision rule: it may read only what the item declares, and compare only what can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.definitions import DecisionFact, ElementDefinition, Finding, ItemDefinition, MatterDefinition, Source
from catalog.definitions.naming import field_key
from catalog.rules.judging import DATE, LIST, NUMBER, TEXT, TRUTH, check_kinds, kind_of_type
from catalog.rules.language import check


def check_decision(
    item: ItemDefinition, matter: MatterDefinition, elements: Mapping[str, ElementDefinition]
) -> Iterator[Finding]:
    """Yield what is wrong with the rule that decides an item without a person. An item without one has nothing wrong."""
    rule = item.decision_rule
    if not rule.clauses:
        return
    own = {field_key(line.role, line.element) for line in item.lines}
    roles = {role.key for role in matter.roles}
    kinds = {"today": DATE}
    for question in matter.questions:
        kinds[f"answers.{question.key}"] = LIST if question.multiple else TEXT if question.options else NUMBER
    for line in item.lines:
        if line.element in elements:
            kinds[field_key(line.role, line.element)] = kind_of_type(elements[line.element].type)
    for fact in rule.facts:
        yield from _check_fact(item, fact, matter, own, roles)
        code = fact.asked.partition(":")[2]
        is_paper = fact.asked.startswith("material:")
        kinds[f"facts.{fact.code}"] = TRUTH if is_paper or code not in elements else kind_of_type(elements[code].type)
    for kind, codes in (("clause", [c.code for c in rule.clauses]), ("fact", [f.code for f in rule.facts])):
        for code in {each for each in codes if codes.count(each) > 1}:
            yield _found(item, code, "duplicate_code", kind=kind, code=code)
    for clause in rule.clauses:
        if problems := check(clause.rule):
            yield _found(item, clause.code, "bad_rule", problem=problems[0].code)
            continue
        for problem in check_kinds(clause.rule, kinds):
            yield _found(item, clause.code, f"decision_{problem.code}", **problem.params)
    yield from _check_outputs(item, own, elements)


def _check_fact(
    item: ItemDefinition, fact: DecisionFact, matter: MatterDefinition, own: set[str], roles: set[str]
) -> Iterator[Finding]:
    kind, _colon, code = fact.asked.partition(":")
    needs = {(need.role, need.material) for need in item.materials}
    is_declared = field_key(fact.role, code) in own if kind == "element" else (fact.role, code) in needs
    if not is_declared:
        yield _found(item, fact.code, "decision_not_declared", name=f"{fact.role}:{code}".strip(":"))
    for role in fact.about:
        if role not in roles:
            yield _found(item, fact.code, "unknown_reference", kind="role", name=role)
    if matter.departments and fact.department not in {each.code for each in matter.departments}:
        yield _found(item, fact.code, "unknown_reference", kind="department", name=fact.department)


def _check_outputs(item: ItemDefinition, own: set[str], elements: Mapping[str, ElementDefinition]) -> Iterator[Finding]:
    """Yield outputs that nobody would fill in, and sources that are not there or of another kind."""
    rule = item.decision_rule
    outputs = {output.code: output for output in item.outputs}
    facts = {fact.code: fact for fact in rule.facts if fact.asked.startswith("element:")}
    for code, output in outputs.items():
        if output.required and code not in rule.outputs:
            yield _found(item, code, "decision_output_missing", output=output.label)
    for code, source in rule.outputs.items():
        if code not in outputs:
            yield _found(item, code, "decision_unknown_name", name=code)
            continue
        kind, _colon, name = source.partition(":")
        if (kind == "field" and name not in own) or (kind == "fact" and name not in facts):
            yield _found(item, code, "decision_unknown_name", name=source)
            continue
        wanted, given = kind_of_type(outputs[code].type), TEXT
        if kind == "today":
            given = DATE
        elif kind in ("field", "fact"):
            element = name.partition(":")[2] if kind == "field" else facts[name].asked.partition(":")[2]
            given = kind_of_type(elements[element].type) if element in elements else wanted
        if given != wanted:
            yield _found(item, code, "decision_wrong_kind", operator=source, wanted=wanted, given=given)


def _found(item: ItemDefinition, place: str, finding: str, /, **params: object) -> Finding:
    return Finding(finding, (Source(item.slug, f"decision_rule:{place}"),), params=params)
