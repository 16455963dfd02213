"""Whether a rule decides a sub-item, and the trace of how it came to that. Pure: rows and values in, verdict out.

Approved without a person is only what every clause holds of, with every fact told by a source and none of them told otherwise by the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from catalog.definitions import DecisionRule
from catalog.rules.judging import all_of, judge
from catalog.rules.language import variables


class RuleOutcome(StrEnum):
    """What became of a sub-item with a rule: decided by it, or why a person decides."""

    DECIDED = "decided"
    FALSE = "false"  # a condition does not hold
    MISSING = "missing"  # a fact that the rule demands was not told by its source
    DIFFERS = "differs"  # a source says otherwise than the form, or than another source
    UNCLEAR = "unclear"  # a condition reads what nobody filled in
    OFF = "off"  # switched off
    IDENTITY = "identity"  # nobody has checked who applies
    TAKEN = "taken"  # a person had begun
    NOT_ISSUABLE = "not_issuable"  # what it grants could not be made


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact as a source told it: the row it stands in, whose it is, as of when. ``differs``: two rows do not agree.

    ``row``: where it is not a ``fetch`` but stands here (``certificate:…``, ``identity:…``).
    """

    value: Any
    fetch: str = ""
    source: str = ""
    at: str = ""
    differs: bool = False
    row: str = ""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value that a clause read. ``origin``: ``row``, ``form``, ``answer`` or ``today``; ``fetch`` or ``row``: which, of ``source``, ``at`` a moment."""

    name: str
    value: Any
    origin: str
    fetch: str = ""
    source: str = ""
    at: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class JudgedClause:
    """A clause and what it came to: true, false, or None where that is not clear; with what it read."""

    code: str
    text: str
    verdict: bool | None
    reads: tuple[ReadValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``missing``, ``differing``: codes of the facts that were not told, or told otherwise than the form says."""

    verdict: bool | None
    why: RuleOutcome
    clauses: tuple[JudgedClause, ...]
    missing: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def trace(self) -> dict[str, Any]:
        """Return what is kept of it, as plain data."""
        return {
            "clauses": [asdict(clause) for clause in self.clauses],
            "missing": list(self.missing),
            "differing": list(self.differing),
        }


def evaluate_rule(
    rule: DecisionRule,
    own_key: Callable[[str], str],
    values: Mapping[str, Any],
    answers: Mapping[str, Any],
    today: str,
    told: Mapping[str, ToldFact],
) -> Evaluation:
    """Return what a rule comes to. ``own_key``: a definition's field key → that of this sub-item; ``told``: fact → what its source said.

    ``values``: the item's own record; a fact that is not in ``told`` is missing.
    """
    missing = tuple(fact.code for fact in rule.facts if fact.code not in told or told[fact.code].value is None)
    differing = tuple(
        fact.code
        for fact in rule.facts
        if fact.code not in missing
        and (told[fact.code].differs or _says_otherwise(fact.asked, fact.role, own_key, values, told[fact.code]))
    )
    known = {**values, **{f"answers.{key}": value for key, value in answers.items()}, "today": today}
    facts = {code: one.value for code, one in told.items() if code not in differing}
    known |= {f"facts.{code}": value for code, value in facts.items()}
    clauses = tuple(
        JudgedClause(each.code, each.text, judge(each.rule, known), _reads(each.rule, known, told))
        for each in rule.clauses
    )
    verdict = all_of([clause.verdict for clause in clauses])
    if verdict is False:
        why = RuleOutcome.FALSE
    elif differing:
        why, verdict = RuleOutcome.DIFFERS, None
    elif missing:
        why, verdict = RuleOutcome.MISSING, None
    else:
        why = RuleOutcome.DECIDED if verdict else RuleOutcome.UNCLEAR
    return Evaluation(verdict, why, clauses, missing, differing, facts)


def _says_otherwise(
    asked: str, role: str, own_key: Callable[[str], str], values: Mapping[str, Any], told: ToldFact
) -> bool:
    kind, _colon, code = asked.partition(":")
    stated = values.get(own_key(f"{role}:{code}")) if kind == "element" else None
    return stated not in (None, "", []) and stated != told.value


def _reads(rule: Any, known: Mapping[str, Any], told: Mapping[str, ToldFact]) -> tuple[ReadValue, ...]:
    found = []
    for name in sorted(variables(rule)):
        if name.startswith("facts."):
            one = told.get(name.removeprefix("facts."), ToldFact(None))
            found.append(ReadValue(name, one.value, "row", one.fetch, one.source, one.at, one.row))
        else:
            origin = "today" if name == "today" else "answer" if name.startswith("answers.") else "form"
            found.append(ReadValue(name, known.get(name), origin))
    return tuple(found)


def draw_of(digest: bytes) -> int:
    """Return which of a hundred lots a sub-item draws. ``digest``: keyed, so that nobody reckons beforehand whether it is looked at."""
    return int.from_bytes(digest[:8], "big") % 100
