"""From the chosen items' own forms to the merged form: each (role, element) once, remembering who asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.definitions import (
    NEVER_MERGED,
    REUSE_ORDER,
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MatterItemDefinition,
    Option,
)
from catalog.definitions.naming import field_key, numbered
from catalog.fields.constraints import combine
from catalog.merging.graph import in_order
from catalog.merging.planned import Asker, PlannedField, Supply
from catalog.rules.language import evaluate, variables
from catalog.rules.persons import of_persons
from catalog.rules.values import truthy


@dataclass(frozen=True, slots=True)
class Instance:
    """One planned sub-item before anything is known of its neighbours. ``role`` and ``number``: whose it is, if repeated."""

    key: str
    item: ItemDefinition
    use: MatterItemDefinition
    number: int


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of one instance for one person: with its field key, its rules reading that person's field keys."""

    key: str
    role: str
    number: int
    line: LineDefinition
    code: str
    condition: Any
    required: Any
    constraints: Mapping[str, Any]
    order: tuple[int, int, int]


def instances(
    uses: Sequence[MatterItemDefinition], items: Mapping[str, ItemDefinition], counts: Mapping[str, int]
) -> list[Instance]:
    """Return the sub-items to be: one per item, or one for each person of the role it is done for."""
    return [
        Instance(numbered(use.item, number), items[use.item], use, number)
        for use in uses
        for number in range(1, (counts[use.per] if use.per else 1) + 1)
    ]


def persons(role: str, instance: Instance, counts: Mapping[str, int]) -> Sequence[int]:
    """Return which persons of a role an instance deals with: its own one, or all."""
    return [instance.number] if role == instance.use.per else range(1, counts[role] + 1)


class Naming:
    """What rules of one instance mean: ``child:…`` is this child, and what is asked of all children is asked of those it deals with."""

    def __init__(
        self, instance: Instance, counts: Mapping[str, int], elements: Mapping[str, ElementDefinition]
    ) -> None:
        self._instance = instance
        self._counts = counts
        self._elements = elements
        self._own = {instance.use.per: instance.number} if instance.use.per else {}

    def variable(self, variable: str, numbers: Mapping[str, int]) -> str:
        """Return the field key that a variable means. ``numbers``: role → which of its persons."""
        owner, colon, element = variable.partition(":")
        if not colon:
            return variable
        key = f"{numbered(owner, numbers.get(owner, 1))}:{element}"
        return _own_copy(key, element, self._instance.key, self._elements)

    def rule(self, rule: Any, role: str = "", number: int = 1) -> Any:
        """Return a rule as it holds for a person of a role."""
        if rule is None or isinstance(rule, bool):
            return rule
        return of_persons(rule, {role: number, **self._own}, self.variable, self._persons)

    def keys(self, variable: str, role: str = "", number: int = 1) -> list[str]:
        """Return the fields that a name means: a given person's, otherwise one for each person this instance deals with."""
        given = {role: number, **self._own}
        owner, colon, _element = variable.partition(":")
        if not colon or owner in given:
            return [self.variable(variable, given)]
        return [self.variable(variable, {**given, owner: each}) for each in self._persons(owner)]

    def _persons(self, role: str) -> Sequence[int]:
        return persons(role, self._instance, self._counts) if role in self._counts else (1,)


def settle(rule: Any, known: Mapping[str, Any]) -> Any:
    """Return True or False where guide answers alone decide a rule, otherwise the rule; ``None`` stays ``None``."""
    if rule is None or isinstance(rule, bool) or any(not name.startswith("answers.") for name in variables(rule)):
        return rule
    return truthy(evaluate(rule, known))


def _own_copy(key: str, element: str, item_key: str, elements: Mapping[str, ElementDefinition]) -> str:
    """Return the key with the sub-item's mark where the fact is never merged (law 4)."""
    definition = elements.get(element)
    return f"{key}@{item_key}" if definition is not None and definition.type in NEVER_MERGED else key


def place(
    instance: Instance,
    item_order: int,
    counts: Mapping[str, int],
    elements: Mapping[str, ElementDefinition],
    known: Mapping[str, Any],
) -> list[PlacedLine]:
    """Return an instance's lines in its own order, one for each person they are about.

    ``known``: guide answers as rules read them. Conditions that read nothing else are settled here: a line is there or not.
    """
    kinds = {
        line.role: f"{line.role}:{line.element}"
        for line in instance.item.lines
        if elements[line.element].type == "id_kind"
    }
    names = Naming(instance, counts, elements)
    placed = []
    for place_in_item, line in enumerate(instance.item.lines):
        for number in persons(line.role, instance, counts):
            condition = settle(names.rule(line.condition, line.role, number), known)
            if condition is False:
                continue
            constraints = dict(line.constraints)
            if elements[line.element].type == "id_number":
                stated = line.constraints.get("kind") or elements[line.element].constraints.get("kind")
                kind = f"{line.role}:{stated}" if stated else kinds.get(line.role)
                constraints["kind"] = names.keys(kind, line.role, number)[0] if kind else ""
            own = line.role == instance.use.per
            placed.append(
                PlacedLine(
                    key=_own_copy(field_key(line.role, line.element, number), line.element, instance.key, elements),
                    role=line.role,
                    number=number,
                    line=line,
                    code=line.code if own else numbered(line.code, number),
                    condition=None if condition is True else condition,
                    required=line.required is not None and settle(names.rule(line.required, line.role, number), known),
                    constraints=constraints,
                    order=(item_order, line.order, place_in_item),
                )
            )
    return placed


def evaluation_order(placed: Sequence[PlacedLine]) -> list[PlacedLine]:
    """Return an item's lines so that each comes after the lines its condition reads."""
    keys = list(dict.fromkeys(each.key for each in placed))
    reads: dict[str, set[str]] = {key: set() for key in keys}
    for each in placed:
        reads[each.key] |= {name for name in variables(each.condition) if name in reads and name != each.key}
    rank = {key: index for index, key in enumerate(in_order(keys, reads))}
    return sorted(placed, key=lambda each: rank[each.key])


def choose_label(labels: Sequence[str], element_name: str) -> str:
    """Return the label most departments print; between equals the dictionary's name, then the first."""
    counted = Counter(label for label in labels if label)
    if not counted:
        return element_name
    most = max(counted.values())
    best = [label for label in counted if counted[label] == most]
    return element_name if element_name in best else best[0]


def merge_field(
    askers: Sequence[tuple[Asker, PlacedLine]],
    element: ElementDefinition,
    supply: Supply | None,
    known_from: str,
    label: str = "",
    section: str = "",
) -> PlannedField:
    """Return the one field that all these lines become. ``askers`` in the items' order, at least one."""
    ranked = sorted(askers, key=lambda pair: pair[1].order)
    first = ranked[0][1]
    lines = [asker for asker, _ in ranked]
    always = [asker for asker in lines if asker.condition is None]
    # A line that may be hidden binds only while it shows; alone, it shows whenever the field does.
    shown = always if always or len(lines) > 1 else lines
    demands = [element.constraints, *(asker.constraints for asker in shown)]
    values = [option.value for option in element.options]
    constraints = combine([{k: v for k, v in each.items() if k != "kind"} for each in demands], values)
    accepted = constraints.pop("options", None)
    options: tuple[Option, ...] = tuple(o for o in element.options if accepted is None or o.value in accepted)
    wanted = any(asker.required is not False for asker in lines)
    return PlannedField(
        key=first.key,
        role=first.role,
        instance=first.number,
        element=element.code,
        label=label or choose_label([asker.label for asker in lines], element.name),
        type=element.type,
        options=options,
        help=next((asker.help for asker in lines if asker.help), ""),
        constraints=constraints,
        required=True if any(asker.required is True for asker in always) else "conditional" if wanted else False,
        conditional=not always,
        asked_by=tuple(lines),
        reuse=max((asker.reuse for asker in lines), key=REUSE_ORDER.index),
        unit=element.unit,
        sensitive=element.sensitive,
        known_from=known_from,
        supplied_by=supply,
        section=section or next((asker.section for asker in lines if asker.section), ""),
        authority=element.authority,
        fixed=element.fixed,
    )
