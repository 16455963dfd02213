"""What a plan says about a filled form: what shows, what is wrong, what each department receives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from catalog.definitions import NEVER_MERGED, Value
from catalog.definitions.codec import to_json as plain
from catalog.fields.validation import Context, Problem, Validator, read_value
from catalog.merging.planned import OwnLine
from catalog.merging.program import ItemProgram

if TYPE_CHECKING:
    from catalog.merging.plan import Plan

_LESS_IS_STRICTER = frozenset({"maximum", "latest"})


def read_values(
    plan: Plan, values: Mapping[str, Any], only: frozenset[str] | None = None
) -> tuple[dict[str, Value], dict[str, Problem]]:
    """Return (values that are of their type, problems of the others) by field key, for fields of the plan."""
    good: dict[str, Value] = {}
    bad: dict[str, Problem] = {}
    for key, raw in values.items():
        field = plan.fields.get(key)
        if field is None or field.supplied_by or (only is not None and key not in only):
            continue
        options = [option.value for option in plan.matter.elements[field.element].options]
        value, problem = read_value(key, field.type, raw, options)
        if problem is not None:
            bad[key] = problem
        elif value is not None:
            good[key] = value
    return good, bad


def records(plan: Plan, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each item's own record by field key, with the guide answers."""
    good, _ = read_values(plan, values)
    return {key: program.run(good, plan.known_answers)[1] for key, program in plan.programs.items()}


def visible(plan: Plan, values: Mapping[str, Any]) -> set[str]:
    """See ``Plan.visible``."""
    good, _ = read_values(plan, values, plan.read_by_rules)
    return {
        step.placed.key
        for program in plan.programs.values()
        for step in program.run(good, plan.known_answers)[0]
        if not step.decided
    }


def required(plan: Plan, values: Mapping[str, Any]) -> set[str]:
    """See ``Plan.required``."""
    good, _ = read_values(plan, values, plan.read_by_rules)
    found: set[str] = set()
    for program in plan.programs.values():
        shown, record = program.run(good, plan.known_answers)
        found.update(step.placed.key for step in shown if not step.decided and step.requires(record))
    return found


def clean(plan: Plan, values: Mapping[str, Any], today: date) -> tuple[dict[str, Value], list[Problem]]:
    """See ``Plan.clean``."""
    good, bad = read_values(plan, values)
    seen: set[str] = set()
    problems: dict[tuple[str, str, str], Problem] = {}
    for program in plan.programs.values():
        shown, record = program.run(good, plan.known_answers)
        seen.update(step.placed.key for step in shown if not step.decided)
        for problem in _own_problems(program, shown, record, bad, today):
            part = str(problem.params.get("rule", "")) + str(problem.params.get("item", ""))
            name = (problem.field, problem.code, part)
            problems[name] = _stricter(problems[name], problem) if name in problems else problem
    order = {key: at for at, key in enumerate(plan.fields)}
    cleaned = {key: good[key] for key in plan.fields if key in seen and key in good}
    return cleaned, sorted(problems.values(), key=lambda problem: order.get(problem.field, len(order)))


def _own_problems(
    program: ItemProgram, shown: list[Any], record: dict[str, Any], bad: Mapping[str, Problem], today: date
) -> list[Problem]:
    """Return what the item's own form would have found wrong."""
    found = []
    context = Context(today, record)
    for step in shown:
        key = step.placed.key
        if step.decided:
            continue
        if key in bad:
            found.append(bad[key])
        elif record.get(key) is None:
            if step.requires(record):
                found.append(Problem(key, "required"))
        else:
            problem = step.validator.check(key, record[key], context)
            if problem is not None:
                found.append(problem)
    dated = {**record, "today": today.isoformat()}
    for cross in program.cross:
        if cross.violated(dated):
            params = {
                "rule": cross.rule.code,
                "message": cross.rule.message,
                "item": program.key,
                "fields": list(cross.fields),
            }
            found.append(Problem(cross.fields[0] if cross.fields else "", "cross_rule", params))
    return found


def _stricter(one: Problem, other: Problem) -> Problem:
    """Return the problem with the narrower limit, so that the applicant is told once what satisfies everybody."""
    for name in one.params.keys() & other.params.keys():
        first, second = one.params[name], other.params[name]
        if name in ("maximum", "latest", "minimum", "earliest") and type(first) is type(second) and first != second:
            return one if (first < second) == (name in _LESS_IS_STRICTER) else other
    return one


def clean_outputs(
    plan: Plan, item_key: str, values: Mapping[str, Any], today: date
) -> tuple[dict[str, Value], list[Problem]]:
    """See ``Plan.clean_outputs``."""
    cleaned: dict[str, Value] = {}
    problems = []
    for output in plan.item(item_key).outputs:
        value, problem = read_value(
            output.code, output.type, values.get(output.code), [option.value for option in output.options]
        )
        if problem is None and value is None and output.required:
            problem = Problem(output.code, "required")
        if problem is None and value is not None:
            cleaned[output.code] = value
            problem = Validator(output.type, output.constraints).check(output.code, value, Context(today, {}))
        if problem is not None:
            problems.append(problem)
    return cleaned, problems


def project(
    plan: Plan, values: Mapping[str, Any], item_key: str, outputs: Mapping[str, Mapping[str, Any]]
) -> dict[str, Value]:
    """See ``Plan.project``."""
    program = plan.programs[item_key]
    good, _ = read_values(plan, values, frozenset(each.key for each in program.placed))
    shown = {id(step.placed) for step in program.run(good, plan.known_answers)[0]}
    record: dict[str, Value] = {}
    for each in program.placed:
        if id(each) not in shown:
            continue
        source = plan.supply.get(each.key)
        value = outputs.get(source.item, {}).get(source.output) if source else good.get(each.key)
        if value is not None:
            record[each.code] = value
    return record


def own_form(plan: Plan, item_key: str) -> tuple[OwnLine, ...]:
    """See ``Plan.own_form``."""
    elements = plan.matter.elements
    return tuple(
        OwnLine(
            each.code,
            each.key,
            each.line.label or elements[each.line.element].name,
            elements[each.line.element].type,
            each.line.section,
            elements[each.line.element].sensitive,
            elements[each.line.element].options,
            plan.supply.get(each.key),
        )
        for each in sorted(plan.programs[item_key].placed, key=lambda each: each.order)
    )


def known(plan: Plan, profile: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Value]:
    """See ``Plan.known``. Nobody signs for another: signatures are never known."""
    applicants = {role.key for role in plan.roles if role.is_applicant}
    found: dict[str, Value] = {}
    for key, field in plan.fields.items():
        if field.supplied_by or field.reuse == "ask" or field.type in NEVER_MERGED:
            continue
        candidates = [shared.get(key)]
        if field.role in applicants and field.instance == 1:
            candidates.append(profile.get(field.element))
        options = [option.value for option in plan.matter.elements[field.element].options]
        for raw in candidates:
            value, _ = read_value(key, field.type, raw, options)
            if value is not None:
                found[key] = value
                break
    return found


def browser_rules(plan: Plan) -> dict[str, Any]:
    """See ``Plan.browser_rules``."""
    return {
        "answers": plan.known_answers,
        "types": {key: plan.fields[key].type for key in sorted(plan.read_by_rules)},
        "items": [
            [
                [step.placed.key, step.placed.condition, step.placed.required]
                for step in program.steps
                if not step.decided
            ]
            for program in plan.programs.values()
        ],
    }


def to_json(plan: Plan) -> dict[str, Any]:
    """See ``Plan.to_json``."""
    matter = plan.matter
    return {
        "matter": matter.slug,
        "name": matter.name,
        "answers": plan.answers,
        "questions": [
            {**plain(question), "answer": plan.answers.get(question.key)}
            for question in matter.questions_for(plan.answers)
        ],
        "stops": plain(plan.stops),
        "roles": plain(plan.roles),
        "items": plain(plan.items),
        "fields": [
            {
                "key": field.key,
                "role": field.role,
                "instance": field.instance,
                "element": field.element,
                "label": field.label,
                "type": field.type,
                "section": field.section,
                "required": field.required,
                "conditional": field.conditional,
                "known_from": field.known_from,
                "supplied_by": plain(field.supplied_by),
                "reuse": field.reuse,
                "constraints": plain(field.constraints),
                "options": plain(field.options),
                "asked_by": list(dict.fromkeys(asker.slug for asker in field.asked_by)),
                "askers": plain(field.asked_by),
            }
            for field in plan.fields.values()
        ],
        "materials": [
            {
                "key": material.key,
                "code": material.code,
                "name": material.name,
                "role": material.role,
                "instance": material.instance,
                "necessity": material.necessity,
                "form": material.form,
                "copies": material.copies,
                "conditional": material.conditional,
                "exemption": plain(material.exemption),
                "alternatives": plain(material.alternatives),
                "fallback": material.fallback,
                "supplied_by": list(material.supplied_by),
                "asked_by": list(dict.fromkeys(asker.slug for asker in material.asked_by)),
                "askers": plain(material.asked_by),
            }
            for material in plan.materials
        ],
        "consents": plain(plan.consents),
        "dependencies": plain(plan.dependencies),
        "critical_path": list(plan.critical_path),
        "working_days": plan.working_days,
        "unknown_limits": list(plan.unknown_limits),
        "figures": plan.figures.to_json(),
        "projections": {
            key: {each.code: each.key for each in program.placed} for key, program in plan.programs.items()
        },
    }
