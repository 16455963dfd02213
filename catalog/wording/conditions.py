"""A rule as a sentence for people: 「父母的户口在哪里」是“都在江西省”，并且…… Where rows cannot show a rule, what it reads is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.rules.language import RuleProblem, is_quantified, operands, operations, variables
from catalog.rules.rows import COMPARING, Case, Condition, ConditionGroup, ConditionRow, Fact, Scalar, cases_of, rows_of

_PROBLEMS: Final = {
    "unknown_operator": gettext_lazy("条件里不能用“%(operator)s”"),
    "wrong_arity": gettext_lazy("条件里的“%(operator)s”不能有 %(given)d 个参数"),
    "not_one_operator": gettext_lazy("条件的每一层只写一个运算，不能多也不能少"),
    "bad_variable": gettext_lazy("条件里的 var 要写出名称，如 answers.household"),
    "bad_role": gettext_lazy("条件里的“%(operator)s”要先写角色，再写条件"),
    "bad_literal": gettext_lazy("条件里的这个数用不了"),
    "text_too_long": gettext_lazy("条件里的文字最多 %(limit)d 个字"),
    "too_deep": gettext_lazy("条件套得太深，最多 %(limit)d 层"),
    "too_large": gettext_lazy("条件太长，最多 %(limit)d 个部分"),
}
_COMPARED: Final = {"==": "＝", "!=": "≠", ">": "＞", ">=": "≥", "<": "＜", "<=": "≤"}


def rule_problem(problem: RuleProblem) -> str:
    """Return why a rule is not in the language, as a sentence without full stop."""
    return str(_PROBLEMS[problem.code]) % dict(problem.params)


@dataclass(frozen=True, slots=True)
class Subject:
    """A variable that rules may read. ``kind``: choice, several, number, date, flag or text; ``options``: (value, label);
    ``group``: the heading it is listed under."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """What the rules of one matter, or of one item, may speak of."""

    subjects: Mapping[str, Subject] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """Return what a variable is called; its own name where it is not known."""
        return self.subjects[name].label if name in self.subjects else name

    def value(self, name: str, value: Any) -> str:
        """Return what a value of this variable is called."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        known = dict(self.subjects[name].options) if name in self.subjects else {}
        return known.get(str(value), str(value))

    def unknown(self, rule: Any) -> list[str]:
        """Return the variables a rule reads that do not exist here."""
        return sorted(variables(rule) - set(self.subjects))

    def to_json(self) -> list[dict[str, Any]]:
        """Return the subjects for the browser."""
        return [
            {
                "name": each.name,
                "label": each.label,
                "kind": each.kind,
                "group": each.group,
                "options": [list(option) for option in each.options],
            }
            for each in self.subjects.values()
        ]


def say_condition(rule: Any, vocabulary: Vocabulary) -> str:
    """Return a condition as a sentence without full stop; None and true are “总是”."""
    if rule is None or rule is True:
        return _("总是")
    if rule is False:
        return _("从不")
    if asked := _say_asked_of_all(rule, vocabulary):
        return asked
    condition = rows_of(rule)
    if condition is None:
        return _fallback(rule, vocabulary)
    parts = [
        _say_group(entry, vocabulary, inner=len(condition.entries) > 1)
        if isinstance(entry, ConditionGroup)
        else _say_row(entry, vocabulary)
        for entry in condition.entries
    ]
    return _negated(_together(condition.join, parts), condition)


def _say_asked_of_all(rule: Any, vocabulary: Vocabulary) -> str:
    """Return what is asked of all persons of a role, alone or as one of several parts; empty where the rule is another."""
    if not isinstance(rule, dict) or len(rule) != 1:
        return ""
    ((operator, argument),) = rule.items()
    given = operands(argument)
    if operator in ("and", "or") and any(_is_asked_of_all(each) for each in given):
        return _together(
            operator, [_("（%(condition)s）") % {"condition": say_condition(each, vocabulary)} for each in given]
        )
    compared = operator in COMPARING.values() and len(given) == 2 and isinstance(given[1], int)
    if compared and isinstance(given[0], dict) and "count" in given[0] and _is_asked_of_all(given[0]):
        counted = _("满足（%(condition)s）的人数%(compared)s%(number)d")
        (_operator, (_role, asked)), number = *given[0].items(), given[1]
        words = {"condition": say_condition(asked, vocabulary), "compared": _COMPARED[operator], "number": number}
        return counted % words
    sentence = {
        "any": _("有一位满足（%(condition)s）"),
        "all": _("每一位都满足（%(condition)s）"),
        "none": _("没有一位满足（%(condition)s）"),
    }.get(operator)
    return sentence % {"condition": say_condition(given[1], vocabulary)} if sentence and len(given) == 2 else ""


def _is_asked_of_all(rule: Any) -> bool:
    return any(is_quantified(operator, given) for operator, given in operations(rule))


def say_count(rule: Any, vocabulary: Vocabulary) -> str:
    """Return how many there are as a sentence; None is one."""
    if rule is None:
        return _("一个")
    cases = cases_of(rule)
    if cases is None:
        return _fallback(rule, vocabulary)
    if not cases.cases:
        return _amount(cases.otherwise, vocabulary)
    parts = [_say_case(case, vocabulary) for case in cases.cases]
    return _("；").join([*parts, _("其余 %(amount)s") % {"amount": _amount(cases.otherwise, vocabulary)}])


def _say_case(case: Case, vocabulary: Vocabulary) -> str:
    return _("%(when)s时 %(amount)s") % {
        "when": _say_row(case.when, vocabulary),
        "amount": _amount(case.amount, vocabulary),
    }


def _amount(amount: int | Fact, vocabulary: Vocabulary) -> str:
    if isinstance(amount, Fact):
        return _("按“%(fact)s”的数") % {"fact": vocabulary.label(amount.name)}
    return _("%(count)s 个") % {"count": amount}


def _fallback(rule: Any, vocabulary: Vocabulary) -> str:
    names = [vocabulary.label(name) for name in sorted(variables(rule))]
    if not names:
        return _("按专门写的规则")
    return _("按专门写的规则，看%(names)s") % {
        "names": pgettext("between names", "、").join(f"“{each}”" for each in names)
    }


def _say_group(group: ConditionGroup, vocabulary: Vocabulary, inner: bool) -> str:
    text = _together(group.join, [_say_row(row, vocabulary) for row in group.rows])
    if group.negated:
        return _("不满足（%(condition)s）") % {"condition": text}
    return _("（%(condition)s）") % {"condition": text} if inner else text


def _together(join: str, parts: list[str]) -> str:
    return (_("，并且") if join == "and" else _("，或者")).join(parts)


def _negated(text: str, condition: Condition) -> str:
    return _("不满足（%(condition)s）") % {"condition": text} if condition.negated else text


def _say_row(row: ConditionRow, vocabulary: Vocabulary) -> str:
    words = {"fact": _say_fact(row.fact, vocabulary), "value": _say_value(row, vocabulary)}
    sentences = {
        "is": _("%(fact)s是%(value)s"),
        "is_not": _("%(fact)s不是%(value)s"),
        "one_of": _("%(fact)s是%(value)s之一"),
        "none_of": _("%(fact)s不是%(value)s中的任何一个"),
        "has": _("%(fact)s里有%(value)s"),
        "has_not": _("%(fact)s里没有%(value)s"),
        "more": _("%(fact)s大于%(value)s"),
        "at_least": _("%(fact)s大于等于%(value)s"),
        "less": _("%(fact)s小于%(value)s"),
        "at_most": _("%(fact)s小于等于%(value)s"),
        "filled": _("%(fact)s已填"),
        "empty": _("%(fact)s未填"),
    }
    return sentences[row.verb] % words


def _say_fact(fact: Fact, vocabulary: Vocabulary) -> str:
    words = {"fact": vocabulary.label(fact.name), "until": vocabulary.label(fact.until)}
    sentences = {
        "": _("“%(fact)s”"),
        "count": _("“%(fact)s”的个数"),
        "years": _("从“%(fact)s”到“%(until)s”的整年数"),
        "days": _("从“%(fact)s”到“%(until)s”的天数"),
    }
    return sentences[fact.measure] % words


def _say_value(row: ConditionRow, vocabulary: Vocabulary) -> str:
    if row.value is None:
        return ""
    if isinstance(row.value, Fact):
        return _say_fact(row.value, vocabulary)
    values: tuple[Scalar, ...] = row.value if isinstance(row.value, tuple) else (row.value,)
    named = [vocabulary.value(row.fact.name, value) if not row.fact.measure else str(value) for value in values]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return pgettext("between names", "、").join(f" {each}" for each in named)
    return pgettext("between names", "、").join(f"“{each}”" for each in named)
