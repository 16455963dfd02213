"""What a plan says about a filled form: what shows, what is wrong, what each department receives."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from typing import Any

from catalog.definitions import NEVER_MERGED, Value
from catalog.fields.constraints import context_at, is_anywhere
from catalog.fields.validation import FieldProblem, read_value
from catalog.merging.deciding import Decided, decide
from catalog.merging.parts import PlanParts
from catalog.merging.planned import OwnLine
from catalog.merging.program import ItemProgram
from portal.identifiers.normalising import check

MOBILE = "mobile_phone"
_LESS_IS_STRICTER = frozenset({"maximum", "latest"})


class FormReading(PlanParts):
    """What a plan says about values: those of the merged form by field key, raw or cleaned alike."""

    @functools.cached_property
    def read_by_rules(self) -> frozenset[str]:
        """Return the fields that conditions read."""
        return frozenset(name for program in self.programs.values() for name in program.reads)

    def read_values(
        self, values: Mapping[str, Any], only: frozenset[str] | None = None
    ) -> tuple[dict[str, Value], dict[str, FieldProblem]]:
        """Return (values that are of their type, problems of the others) by field key, for fields of the plan."""
        good: dict[str, Value] = {}
        bad: dict[str, FieldProblem] = {}
        for key, raw in values.items():
            field = self.fields.get(key)
            if field is None or field.supplied_by or (only is not None and key not in only):
                continue
            element = self.matter.elements[field.element]
            options = [option.value for option in element.options]
            pattern = field.constraints.get("pattern", ())
            value, problem = read_value(key, field.type, raw, options, field.unit, pattern)
            if problem is not None:
                bad[key] = _as_mobile(problem, raw) if element.constraints.get("identifier") == MOBILE else problem
            elif value is not None:
                good[key] = value
        return good, bad

    def records(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return each item's own record by field key, with the guide answers."""
        good, _ = self.read_values(values)
        return {key: program.run(good, self.known_answers)[1] for key, program in self.programs.items()}

    def visible(self, values: Mapping[str, Any]) -> set[str]:
        """Return the keys of the fields to fill in: those some item asks for, without those a decision will supply."""
        good, _ = self.read_values(values, self.read_by_rules)
        return {
            step.placed.key
            for program in self.programs.values()
            for step in program.run(good, self.known_answers)[0]
            if not step.decided
        }

    def required(self, values: Mapping[str, Any]) -> set[str]:
        """Return the visible fields that some item cannot do without."""
        good, _ = self.read_values(values, self.read_by_rules)
        found: set[str] = set()
        for program in self.programs.values():
            shown, record = program.run(good, self.known_answers)
            found.update(step.placed.key for step in shown if not step.decided and step.requires(record))
        return found

    def clean(self, values: Mapping[str, Any], at: date) -> tuple[dict[str, Value], list[FieldProblem]]:
        """Return the visible values that are of their type, in their normal form, and everything that is wrong. Never raises.

        ``at``: the day, or (a ``datetime``) the moment where the offices are, by which a time later today is still to come.
        Hidden and unknown values are dropped. A value may be among the cleaned and have a problem: it is then of its type
        but not what an item accepts. Problems are in the form's order.
        """
        good, bad = self.read_values(values)
        seen: set[str] = set()
        problems: dict[tuple[str, str, str], FieldProblem] = {}
        for program in self.programs.values():
            shown, record = program.run(good, self.known_answers)
            seen.update(step.placed.key for step in shown if not step.decided)
            for problem in _own_problems(program, shown, record, bad, at):
                part = str(problem.params.get("rule", "")) + str(problem.params.get("item", ""))
                name = (problem.field, problem.code, part)
                problems[name] = _stricter(problems[name], problem) if name in problems else problem
        order = {key: at for at, key in enumerate(self.fields)}
        cleaned = {key: good[key] for key in self.fields if key in seen and key in good}
        return cleaned, sorted(problems.values(), key=lambda problem: order.get(problem.field, len(order)))

    def fields_of(self, problem: FieldProblem) -> frozenset[str]:
        """Return the fields that a problem of a filled form is about: those a rule over several reads, else the one it is told of."""
        if problem.code == "cross_rule":
            for cross in self.programs[problem.params["item"]].cross:
                if cross.rule.code == problem.params["rule"]:
                    return cross.reads
        return frozenset({problem.field})

    def clean_outputs(
        self, item_key: str, values: Mapping[str, Any], today: date
    ) -> tuple[dict[str, Value], list[FieldProblem]]:
        """Return what a reviewer filled in at decision, in normal form, and what is wrong with it, the form left out of account."""
        decided = decide(self.item(item_key), self.matter.elements, self.fields, values, {}, {}, today)
        return decided.values, decided.problems

    def decide_outputs(
        self,
        item_key: str,
        values: Mapping[str, Any],
        reasons: Mapping[str, str],
        form: Mapping[str, Any],
        today: date,
    ) -> Decided:
        """Return what a reviewer filled in, read against the filled ``form`` (what was decided before included).

        ``reasons``: output code → why it is decided otherwise than the form says.
        """
        return decide(self.item(item_key), self.matter.elements, self.fields, values, reasons, form, today)

    def project(
        self, values: Mapping[str, Any], item_key: str, outputs: Mapping[str, Mapping[str, Any]] | None = None
    ) -> dict[str, Value]:
        """Return the record the item's own form would have given: own code → value, visible lines with a value only.

        ``outputs``: what earlier sub-items decided, {sub-item key: {output code: value}}.
        """
        program = self.programs[item_key]
        good, _ = self.read_values(values, frozenset(each.key for each in program.placed))
        shown = {id(step.placed) for step in program.run(good, self.known_answers)[0]}
        record: dict[str, Value] = {}
        for each in program.placed:
            if id(each) not in shown:
                continue
            source = self.supply.get(each.key)
            value = (outputs or {}).get(source.item, {}).get(source.output) if source else good.get(each.key)
            if value is not None:
                record[each.code] = value
        return record

    def own_form(self, item_key: str) -> tuple[OwnLine, ...]:
        """Return the department's own form in its own order, labels and sections."""
        elements = self.matter.elements
        return tuple(
            OwnLine(
                each.code,
                each.key,
                each.line.label or elements[each.line.element].name,
                elements[each.line.element].type,
                each.line.section,
                elements[each.line.element].sensitive,
                elements[each.line.element].unit,
                elements[each.line.element].options,
                self.supply.get(each.key),
                is_anywhere(elements[each.line.element].type, self.fields[each.key].constraints),
            )
            for each in sorted(self.programs[item_key].placed, key=lambda each: each.order)
        )

    def known(self, profile: Mapping[str, Any], shared: Mapping[str, Any] | None = None) -> dict[str, Value]:
        """Return what need not be typed: field key → value.

        ``profile``: element code → value of the applicant. ``shared``: field key → value from certificates or shared data,
        fetched with consent. Lines that must always be asked are left out, as are values that are not of their type, and
        signatures: nobody signs for another.
        """
        applicants = {role.key for role in self.roles if role.is_applicant}
        found: dict[str, Value] = {}
        for key, field in self.fields.items():
            if field.supplied_by or field.reuse == "ask" or field.type in NEVER_MERGED:
                continue
            candidates = [(shared or {}).get(key)]
            if field.role in applicants and field.instance == 1:
                candidates.append(profile.get(field.element))
            options = [option.value for option in self.matter.elements[field.element].options]
            for raw in candidates:
                pattern = field.constraints.get("pattern", ())
                value, _ = read_value(key, field.type, raw, options, field.unit, pattern)
                if value is not None:
                    found[key] = value
                    break
        return found

    def browser_rules(self) -> dict[str, Any]:
        """Return what ``static/js/visibility.js`` reads: the same conditions for the browser."""
        return {
            "answers": self.known_answers,
            "types": {key: self.fields[key].type for key in sorted(self.read_by_rules)},
            "items": [
                [
                    [step.placed.key, step.placed.condition, step.placed.required]
                    for step in program.steps
                    if not step.decided
                ]
                for program in self.programs.values()
            ],
        }


def _as_mobile(problem: FieldProblem, raw: Any) -> FieldProblem:
    """Return what is wrong with a number where only a mobile one is asked for, not what would do for any telephone."""
    found = check(MOBILE, raw, date.max) if problem.code == "unknown_phone" and isinstance(raw, str) else None
    return FieldProblem(problem.field, found.code, dict(found.params)) if found is not None else problem


def _own_problems(
    program: ItemProgram, shown: list[Any], record: dict[str, Any], bad: Mapping[str, FieldProblem], at: date
) -> list[FieldProblem]:
    """Return what the item's own form would have found wrong."""
    found = []
    context = context_at(at, record)
    for step in shown:
        key = step.placed.key
        if step.decided:
            continue
        if key in bad:
            found.append(bad[key])
        elif record.get(key) is None:
            if step.requires(record):
                found.append(FieldProblem(key, "required"))
        else:
            problem = step.validator.check(key, record[key], context)
            if problem is not None:
                found.append(problem)
    dated = {**record, "today": context.today.isoformat()}
    for cross in program.cross:
        if cross.violated(dated):
            params = {
                "rule": cross.rule.code,
                "message": cross.rule.message,
                "item": program.key,
                "fields": list(cross.fields),
            }
            found.append(FieldProblem(cross.fields[0] if cross.fields else "", "cross_rule", params))
    return found


def _stricter(one: FieldProblem, other: FieldProblem) -> FieldProblem:
    """Return the problem with the narrower limit, so that the applicant is told once what satisfies everybody."""
    for name in one.params.keys() & other.params.keys():
        first, second = one.params[name], other.params[name]
        if name in ("maximum", "latest", "minimum", "earliest") and type(first) is type(second) and first != second:
            return one if (first < second) == (name in _LESS_IS_STRICTER) else other
    return one
