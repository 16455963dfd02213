"""What only shows when situations are tried (law 6): answers that lead nowhere, and what no answer reaches.

Two kinds of trying. ``cover`` gives whole situations, each looked at for everything. What those have not shown is then asked of ``Reach``: it tries
every answer to the few questions that matter to one condition. So nothing is called unreachable, and no combination sound, because
it happened not to be among the situations tried; where even the questions of one condition are too many, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.definitions import (
    Finding,
    ItemDefinition,
    LineDefinition,
    MaterialNeed,
    MatterItemDefinition,
    Rule,
    Source,
)
from catalog.linting.coverage import Coverage
from catalog.linting.grouping import grouped
from catalog.linting.reaching import PREFIX, Reach, Undecided
from catalog.merging.compiled import CompiledMatter
from catalog.merging.selection import flat, group_conditions
from catalog.rules.language import compile_condition, variables

MAX_PLANS = 40  # different plans kept as samples
MAX_LOOKS = 64  # situations looked at for one finding

Part = LineDefinition | MaterialNeed
Test = Callable[[Mapping[str, Any]], bool]


def by_answers(condition: Rule) -> bool:
    """Return whether guide answers alone decide a condition."""
    return condition is not None and all(name.startswith(PREFIX) for name in variables(condition))


def _decided_by_answers(item: ItemDefinition) -> list[tuple[Part, Test]]:
    parts: list[Part] = [*item.lines, *item.materials]
    return [(part, compile_condition(part.condition)) for part in parts if by_answers(part.condition)]


class Situations:
    """What the situations tried so far have shown."""

    def __init__(self, compiled: CompiledMatter, coverage: Coverage) -> None:
        self.compiled = compiled
        self.reach = Reach(compiled.questions)
        self.undecided = False
        self._items: set[str] = set()
        self._questions: set[str] = set()
        self._options: set[tuple[str, str]] = set()
        # Lines and papers that guide answers alone show or hide, until an answer shows them.
        self._dead = {slug: _decided_by_answers(item) for slug, item in compiled.items.items()}
        self._members = grouped(compiled.uses, lambda use: use.group)
        self._applies = {
            group: compile_condition(condition) for group, condition in group_conditions(compiled.uses).items()
        }
        self._told: dict[str, Finding] = {}
        self._plans: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self.complete = coverage.complete
        self.tried = len(coverage.answers)
        for answers in coverage.answers:
            self.look(answers)
        self._look_for_gaps()

    def samples(self) -> list[Mapping[str, Any]]:
        """Return one set of answers for each distinct set of items."""
        return list(self._plans.values())[:MAX_PLANS]

    def look(self, answers: Mapping[str, Any]) -> None:
        """Remember everything that one complete set of answers shows."""
        stops = False
        for question in self.compiled.questions_for(answers):
            self._questions.add(question.key)
            given = answers.get(question.key)
            for option in question.options:
                self._options.add((question.key, option.value))
                stops = stops or bool(
                    option.stops and (option.value in given if isinstance(given, list) else option.value == given)
                )
        uses = self.compiled.composition.chosen(answers)
        known = flat(answers)
        for use in uses:
            self._items.add(use.item)
            if self._dead[use.item]:
                self._dead[use.item] = [(part, shows) for part, shows in self._dead[use.item] if not shows(known)]
        if stops:
            return
        if not uses:
            self._tell("leads_nowhere", "", [Source("", "questions")], answers)
        filled = {use.group for use in uses}
        for group in self._missing(known, filled):
            sources = [Source(use.item, "group") for use in self._members[group]]
            self._tell("group_without_choice", group, sources, answers)
        self._plans.setdefault(tuple(use.item for use in uses), answers)

    def findings(self) -> Iterator[Finding]:
        """Yield what the situations show, in a fixed order."""
        yield from self._told.values()
        yield from self._never_reached()

    def first(self, *rules: Rule) -> Mapping[str, Any] | None:
        """Return complete answers with which all rules hold, or None where no answers do, or too many would have to be tried."""
        try:
            found = self.reach.first(rules)
        except Undecided:
            self.undecided = True
            return None
        return None if found is None else self.reach.complete(found)

    def _missing(self, known: Mapping[str, Any], filled: set[str]) -> list[str]:
        """Return the exactly-one-of groups that apply and have nobody."""
        return [group for group in self._members if group not in filled and self._applies[group](known)]

    def _look_for_gaps(self) -> None:
        """Look at the combinations that leave all items out, or a group without a member, if there are any."""
        binding = [use for use in self.compiled.uses if use.group or not use.optional]
        self._look_where_none("leads_nowhere ", binding, None)
        for group, members in self._members.items():
            self._look_where_none(f"group_without_choice {group}", members, self._applies[group])

    def _look_where_none(self, name: str, uses: Sequence[MatterItemDefinition], applies: Test | None) -> None:
        """Look at combinations in which none of the items qualifies, until one shows it that does not stop the applicant anyway."""
        tests = [compile_condition(use.condition) for use in uses]
        looked = 0
        try:
            for answers in self.reach.every({name for use in uses for name in variables(use.condition)}):
                if name in self._told or looked >= MAX_LOOKS:
                    return
                known = flat(answers)
                if (applies is None or applies(known)) and not any(test(known) for test in tests):
                    self.look(self.reach.complete(answers))
                    looked += 1
        except Undecided:
            self.undecided = True

    def _tell(self, code: str, group: str, sources: list[Source], answers: Mapping[str, Any]) -> None:
        """Report the first situation that shows it."""
        params = {"group": group, "answers": dict(answers)} if group else {"answers": dict(answers)}
        self._told.setdefault(f"{code} {group}", Finding(code, tuple(sources), params=params))

    def _never(self, *rules: Rule) -> bool:
        """Return whether it is certain that no answers make all rules hold."""
        try:
            return self.reach.first(rules) is None
        except Undecided:
            self.undecided = True
            return False

    def _never_reached(self) -> Iterator[Finding]:
        for use in self.compiled.uses:
            if use.item not in self._items and self._never(use.condition):
                yield Finding("unreachable_item", (Source(use.item, "condition"),))
                continue
            for part, _ in self._dead[use.item]:
                if not self._never(use.condition, part.condition):
                    continue
                if isinstance(part, LineDefinition):
                    params = {"field": f"{part.role}:{part.element}"}
                    yield Finding("dead_line", (Source(use.item, part.code),), "warning", params)
                else:
                    params = {"material": part.material}
                    yield Finding(
                        "material_never_needed", (Source(use.item, f"material:{part.material}"),), "warning", params
                    )
        for question in self.compiled.questions:
            if question.implied:
                continue
            source = Source("", f"question:{question.key}")
            if question.key not in self._questions and self._never(question.condition):
                yield Finding("unreachable_question", (source,))
                continue
            for option in question.options:
                if (question.key, option.value) in self._options:
                    continue
                if self._never(question.condition, option.condition):
                    yield Finding(
                        "unreachable_option", (source,), params={"question": question.key, "option": option.value}
                    )


def exclusive_papers(compiled: CompiledMatter, situations: Situations) -> Iterator[Finding]:
    """Yield the papers that exclude each other and are both required in some situation."""
    reported: set[frozenset[str]] = set()
    samples = [*situations.samples(), *_together(compiled, situations)]
    if not any(need.excludes for item in compiled.items.values() for need in item.materials):
        return
    for answers in samples:
        required = {
            material.code: material
            for material in compiled.plan_for(answers).materials
            if material.necessity == "required" and not material.conditional
        }
        for code, material in required.items():
            for asker in material.asked_by:
                for other in asker.need.excludes:
                    pair = frozenset({code, other})
                    if other in required and pair not in reported:
                        reported.add(pair)
                        sources = [Source(asker.slug, f"material:{code}")]
                        sources += [Source(each.slug, f"material:{other}") for each in required[other].asked_by[:1]]
                        params = {"materials": sorted({code, other}), "answers": dict(answers)}
                        yield Finding("exclusive_papers", tuple(sources), params=params)


def _together(compiled: CompiledMatter, situations: Situations) -> Iterator[Mapping[str, Any]]:
    """Yield situations in which two papers that exclude each other are both asked, as far as answers decide it."""
    uses = {use.item: use for use in compiled.uses}
    needs = [(slug, need) for slug, item in compiled.items.items() for need in item.materials]
    for slug, need in needs:
        for other_slug, other in needs:
            if other.material not in need.excludes:
                continue
            rules: Sequence[Rule] = [
                rule
                for rule in (need.condition, other.condition, uses[slug].condition, uses[other_slug].condition)
                if by_answers(rule)
            ]
            answers = situations.first(*rules)
            if answers is not None:
                yield compiled.clean_answers({**answers, **_choosing(uses[slug], uses[other_slug])})


def _choosing(*uses: MatterItemDefinition) -> dict[str, Any]:
    """Return the answers to the implied questions that choose these items."""
    chosen: dict[str, Any] = {f"group.{use.group}": use.item for use in uses if use.group}
    optional = [use.item for use in uses if use.optional and not use.group]
    return chosen | ({"items": optional} if optional else {})
