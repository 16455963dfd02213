"""What each department's own form would have done, written apart from the engine: slow, plain, and only for the random catalogs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.definitions import ItemDefinition, LineDefinition, MatterDefinition, MatterItemDefinition
from tests.catalog.merging.random_catalogs import ELEMENTS, REPEATED, ROLES, TODAY, Catalog, renamed

NOTHING = object()
BAD = object()


def rule(node: Any, read: Any) -> Any:
    """Return a condition's value; ``read(name)`` gives a variable, ``read.of(role)`` a reader for each person of a role."""
    if not isinstance(node, dict):
        return [rule(each, read) for each in node] if isinstance(node, list) else node
    ((operator, arguments),) = node.items()
    if operator == "var":
        return read(arguments)
    if operator in ("any", "all", "none") or (operator == "count" and len(arguments) == 2):
        outcomes = [true(rule(arguments[1], one)) for one in read.of(arguments[0])]
        return {"any": True in outcomes, "all": False not in outcomes, "none": True not in outcomes}.get(
            operator, outcomes.count(True)
        )
    given = [rule(each, read) for each in (arguments if isinstance(arguments, list) else [arguments])]
    if operator == "and":
        return all(true(each) for each in given)
    if operator == "or":
        return any(true(each) for each in given)
    if operator == "if":
        return given[1] if true(given[0]) else given[2]
    if operator in ("!", "!!"):
        return true(given[0]) == (operator == "!!")
    if operator == "count":
        return len(given[0]) if isinstance(given[0], list) else None
    left, right = given
    if operator in ("==", "!="):
        return (type(left) is type(right) and left == right) == (operator == "==")
    if operator == "in":
        return isinstance(right, list) and left in right
    if operator == "years_between":
        if left is None:
            return None
        born, then = date.fromisoformat(left), date.fromisoformat(right)
        return then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    if left is None or right is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def true(value: Any) -> bool:
    return value not in (None, False, "", 0) and value != []


def read_one(element: str, raw: Any) -> Any:
    """Return a typed value in normal form, NOTHING, or BAD."""
    kind = ELEMENTS[element].type
    options = [option.value for option in ELEMENTS[element].options]
    if raw is None or raw == "" or raw == []:
        return NOTHING
    if isinstance(raw, str) and "\x00" in raw:
        return BAD
    if kind == "boolean":
        if isinstance(raw, bool):
            return raw
        text = raw.strip() if isinstance(raw, str) else None
        return NOTHING if text == "" else {"true": True, "否": False}.get(text, BAD)
    if kind == "integer":
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw if abs(raw) < 10**15 else BAD
        try:
            return int(raw) if isinstance(raw, str) and raw.strip() else NOTHING if isinstance(raw, str) else BAD
        except ValueError:
            return BAD
    if kind == "multiselect":
        given = [raw] if isinstance(raw, str) else raw
        if not isinstance(given, list) or any(
            not isinstance(e, str) or (e.strip() and e not in options) for e in given
        ):
            return BAD
        return [option for option in options if option in given] or NOTHING
    if not isinstance(raw, str):
        return BAD
    text = " ".join(raw.split())
    if not text:
        return NOTHING
    if kind == "select":
        return text if text in options else BAD
    if kind == "date":
        if text in ("2020/5/6", "20230101"):
            return {"2020/5/6": "2020-05-06", "20230101": "2023-01-01"}[text]
        try:
            return date.fromisoformat(text).isoformat() if len(text) == 10 else BAD
        except ValueError:
            return BAD
    if kind == "signature":
        return text.replace(" ", "") if all("\u4e00" <= c <= "\u9fff" for c in text.replace(" ", "")) else BAD
    return "é" if text == "e\u0301" else text


def accepts(line: LineDefinition, value: Any) -> bool:
    """Return whether a line takes a value of its type."""
    for demands in (ELEMENTS[line.element].constraints, line.constraints):
        for name, demand in demands.items():
            age = None
            if name.endswith("age_years"):
                age = rule({"years_between": [value, TODAY]}, None)
            good = {
                "min": lambda v, d: v >= d,
                "max": lambda v, d: v <= d,
                "min_length": lambda v, d: len(v) >= d,
                "max_length": lambda v, d: len(v) <= d,
                "options": lambda v, d: v in d,
                "max_items": lambda v, d: len(v) <= d,
                "not_future": lambda v, d: v <= TODAY,
                "not_before": lambda v, d: v >= d,
                "min_age_years": lambda v, d, age=age: age >= d,
                "max_age_years": lambda v, d, age=age: age <= d,
            }[name]
            if not good(value, demand):
                return False
    return True


@dataclass
class OwnForm:
    """One department's form for one person, as if nothing else existed."""

    key: str
    item: ItemDefinition
    use: MatterItemDefinition
    number: int
    counts: dict[str, int]
    answers: dict[str, Any]
    decided: dict[str, str]  # field key → sub-item key that decides it

    def name(self, role: str) -> str:
        """Return whose facts a role's are: the agent may be the applicant or the firm."""
        return {"a": "applicant", "b": "firm"}.get(self.answers.get("first", ""), role) if role == "agent" else role

    def rows(self) -> list[tuple[LineDefinition, int, str, str]]:
        """Return (line, person, own code, field key)."""
        found = []
        for line in self.item.lines:
            own = line.role == self.use.per
            people = [self.number] if own else list(range(1, self.counts[line.role] + 1))
            for person in people:
                role = self.name(line.role) if person == 1 else f"{line.role}#{person}"
                mark = f"@{self.key}" if line.element == "fact.sign" else ""
                code = line.code if own or person == 1 else f"{line.code}#{person}"
                found.append((line, person, code, f"{role}:{line.element}{mark}"))
        return found

    def fill(self, values: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Return (own code → value, whether this form would have been accepted)."""
        rows = self.rows()

        def reader(role: str, person: int, bound: dict[str, int] | None = None) -> Any:
            of_whom = bound or {}

            def read(name: str) -> Any:
                if name.startswith("answers."):
                    return self.answers.get(name.removeprefix("answers."))
                owner, _, element = name.partition(":")
                whose = self.number if owner == self.use.per else person if owner == role else of_whom.get(owner, 1)
                mark = f"@{self.key}" if element == "fact.sign" else ""
                key = f"{self.name(owner) if whose == 1 else f'{owner}#{whose}'}:{element}{mark}"
                if key in self.decided or not any(shows(*row[:2]) for row in rows if row[3] == key):
                    return None
                value = read_one(element, values.get(key))
                return None if value in (NOTHING, BAD) else value

            read.of = lambda whom: [  # type: ignore[attr-defined]
                reader(role, person, {**of_whom, whom: each}) for each in range(1, self.counts[whom] + 1)
            ]
            return read

        def shows(line: LineDefinition, person: int) -> bool:
            return line.condition is None or true(rule(line.condition, reader(line.role, person)))

        record, valid = {}, True
        for line, person, code, key in rows:
            if not shows(line, person) or key in self.decided:
                continue
            value = read_one(line.element, values.get(key))
            if value is BAD:
                valid = False
            elif value is NOTHING:
                if (
                    line.required is not False
                    and line.required is not None
                    and true(rule(line.required, reader(line.role, person)))
                ):
                    valid = False
            else:
                record[code] = value
                valid = valid and accepts(line, value)
        for cross in self.item.cross_rules:
            if true(rule(cross.violated, reader("", 1))):
                valid = False
        return record, valid


def own_forms(catalog: Catalog, answers: dict[str, Any]) -> list[OwnForm]:
    """Return the forms of the items that these valid answers lead to."""
    matter = catalog.matter
    counts = dict.fromkeys(ROLES, 1)
    for role, question in REPEATED.items():
        given = answers.get(question)
        counts[role] = 1 if given is None else min(given, 3)
    chosen = items_for(matter, answers)
    instances = [(use, number) for use in chosen for number in range(1, (counts[use.per] if use.per else 1) + 1)]
    decided = {}
    for use, number in instances:
        for output in catalog.items[use.item].outputs:
            role, _, element = output.feeds.partition(":")
            whose = number if role == use.per else 1
            decided.setdefault(f"{role if whose == 1 else f'{role}#{whose}'}:{element}", named(use.item, number))
    return [
        OwnForm(
            named(use.item, number),
            in_the_matters_words(catalog.items[use.item], use),
            use,
            number,
            counts,
            answers,
            decided,
        )
        for use, number in instances
    ]


def in_the_matters_words(item: ItemDefinition, use: MatterItemDefinition) -> ItemDefinition:
    """Return the item with the names that the matter gives its roles."""
    for own, meant in use.roles.items():
        item = renamed(item, own, meant)
    return item


def named(slug: str, number: int) -> str:
    return slug if number == 1 else f"{slug}#{number}"


def items_for(matter: MatterDefinition, answers: dict[str, Any]) -> list[MatterItemDefinition]:
    def holds(use: MatterItemDefinition) -> bool:
        return use.condition is None or true(
            rule(use.condition, lambda name: answers.get(name.removeprefix("answers.")))
        )

    rivals = [use.item for use in matter.items if use.group and holds(use)]
    winner = rivals[0] if len(rivals) == 1 else answers.get("group.way")
    return [
        use
        for use in matter.items
        if holds(use)
        and (use.item == winner if use.group else not use.optional or use.item in (answers.get("items") or []))
    ]
