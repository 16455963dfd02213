"""What a department fills in when it decides, read like a field of the form: against the field it feeds or repeats, what the form says
already, and the facts of the person whom an identity number is given to. Pure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.definitions import ElementDefinition, OutputDefinition, Value
from catalog.fields.constraints import CHOICES, Context, combine
from catalog.fields.validation import FieldProblem, Validator, read_value
from catalog.merging.planned import PlannedField, PlannedItem

IDENTITY = "person.id_number"
IDENTITY_SERIES = "identity_number"
SEX = "person.sex"
BIRTHS = ("person.birth_date", "birth.time")
MALE, FEMALE = "1", "2"  # GB/T 2261.1
# What may stand all the same, for a reason.
ARGUABLE = frozenset({"differs_from_form", "sex_in_number", "birth_in_number"})

# Of these more or less can be granted: an amount, a number of something, a list.
DIVISIBLE = frozenset({"decimal", "integer", "multiselect"})


@dataclass(frozen=True, slots=True)
class Departure:
    """An output decided otherwise than the form says: what that is, and why."""

    said: Value
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The outputs in normal form, what is wrong with them, and where they depart from the form for a reason."""

    values: dict[str, Value] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)
    departures: dict[str, Departure] = field(default_factory=dict)


def can_be_divided(outputs: Iterable[OutputDefinition]) -> bool:
    """Whether some of what is applied for can be granted and the rest not. What only tells a later item a fact is no share of anything."""
    return any(one.type in DIVISIBLE and not one.feeds for one in outputs)


def with_options(output: OutputDefinition, elements: Mapping[str, ElementDefinition]) -> OutputDefinition:
    """Return a choice without options of its own with those of the field it repeats or feeds."""
    if output.options or output.type not in CHOICES:
        return output
    for key in (*output.repeats, output.feeds):
        element = elements.get(key.partition(":")[2])
        if element is not None and element.options:
            return dataclasses.replace(output, options=element.options)
    return output


def said_on_form(output: OutputDefinition, planned: PlannedItem, form: Mapping[str, Any]) -> Value:
    """Return what the form says already, an output's default; None where it says nothing."""
    return next((said for key in output.repeats if (said := form.get(planned.own_key(key))) is not None), None)


def series_of(output: OutputDefinition) -> str:
    """Return the row of numbers an output is given from, each once; empty for none. Identity numbers are always one."""
    return output.series or (IDENTITY_SERIES if output.feeds.partition(":")[2] == IDENTITY else "")


def decide(
    planned: PlannedItem,
    elements: Mapping[str, ElementDefinition],
    fields: Mapping[str, PlannedField],
    given: Mapping[str, Any],
    reasons: Mapping[str, str],
    form: Mapping[str, Any],
    today: date,
) -> Decided:
    """Read what was filled in; what is not ``given`` at all is as the form says. Never raises; problems are in the outputs' order, one for each output.

    Problems besides those of every field: ``differs_from_form``, ``sex_in_number`` and ``birth_in_number`` (which stand for a reason), and
    ``number_of_another``, the identity number of somebody else in the same application, and ``before_birth``, a date before whom it is about
    was born.
    """
    decided = Decided()
    for output in planned.outputs:
        options = [option.value for option in output.options]
        said = said_on_form(output, planned, form)
        demands = list(_demands(output, planned, elements, fields))
        pattern = combine(demands).get("pattern", ())
        value, problem = read_value(output.code, output.type, given.get(output.code, said), options, pattern=pattern)
        if problem is None and value is None and output.required:
            problem = FieldProblem(output.code, "required")
        if problem is None and value is not None:
            decided.values[output.code] = value
            problem = Validator(output.type, *demands).check(output.code, value, Context(today, form))
        if problem is None:
            doubts = list(_doubts(output, planned, value, said, form))
            reason = reasons.get(output.code, "").strip()
            problem = next((each for each in doubts if each.code not in ARGUABLE or not reason), None)
            if doubts and problem is None:
                decided.departures[output.code] = Departure(said, reason)
        if problem is not None:
            decided.problems.append(problem)
    return decided


def _demands(
    output: OutputDefinition,
    planned: PlannedItem,
    elements: Mapping[str, ElementDefinition],
    fields: Mapping[str, PlannedField],
) -> Iterator[Mapping[str, Any]]:
    """Yield what binds an output: the dictionary's and the lines' demands on the fields it feeds or repeats, then its own."""
    for key in (output.feeds, *output.repeats):
        element = elements.get(key.partition(":")[2])
        if element is None or element.type != output.type:
            continue
        yield _without_kind(element.constraints)
        asked = fields.get(planned.own_key(key))
        for asker in asked.asked_by if asked is not None else ():
            # What others ask of the applicant binds whoever answers in the applicant's place.
            if key == output.feeds or asker.item == planned.key:
                yield _without_kind(asker.constraints)
    yield output.constraints


def _without_kind(constraints: Mapping[str, Any]) -> dict[str, Any]:
    return {name: demand for name, demand in constraints.items() if name != "kind"}


def _doubts(
    output: OutputDefinition, planned: PlannedItem, value: Value, said: Value, form: Mapping[str, Any]
) -> Iterator[FieldProblem]:
    if said is not None and value != said:
        yield FieldProblem(output.code, "differs_from_form", {"said": said})
    born = _latest_birth(output, planned, form) if output.type in ("date", "datetime") else ""
    if isinstance(value, str) and value[:10] < born:
        yield FieldProblem(output.code, "before_birth", {"said": born})
    role, _colon, element = output.feeds.partition(":")
    if element != IDENTITY or not isinstance(value, str):
        return
    own = planned.own_key(output.feeds)
    if any(other == value for key, other in form.items() if key != own and key.endswith(f":{IDENTITY}")):
        yield FieldProblem(output.code, "number_of_another")
    person = {name: form.get(planned.own_key(f"{role}:{name}")) for name in (SEX, *BIRTHS)}
    yield from (FieldProblem(output.code, code, {"said": said}) for code, said in told_otherwise(value, person))


def told_otherwise(number: str, person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a resident's number says otherwise of a ``person`` (element → value): (``sex_in_number`` or ``birth_in_number``, what is said)."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return
    sex = person.get(SEX)
    if sex in (MALE, FEMALE) and sex != (MALE if int(number[16]) % 2 else FEMALE):
        yield "sex_in_number", sex
    born = next((day for name in BIRTHS if (day := person.get(name))), None)
    if isinstance(born, str) and born[:10].replace("-", "") != number[6:14]:
        yield "birth_in_number", born[:10]


def _birth(role: str, planned: PlannedItem, form: Mapping[str, Any]) -> str:
    """Return the day on which whoever plays a role was born, as the form says it; empty where it does not."""
    days = (form.get(planned.own_key(f"{role}:{name}")) for name in BIRTHS)
    return next((day[:10] for day in days if isinstance(day, str) and day), "")


def _latest_birth(output: OutputDefinition, planned: PlannedItem, form: Mapping[str, Any]) -> str:
    """Return the day before which a date cannot lie: that on which whom it is about was born; empty where the form says none.

    It is about whoever plays the role that it feeds, and those who hold the certificate on which it stands.
    """
    roles = {output.feeds.partition(":")[0]}
    for result in planned.results:
        if f"output:{output.code}" in result.face.values():
            roles |= {result.holder, *result.co_holders}
    return max((_birth(role, planned, form) for role in roles if role), default="")
