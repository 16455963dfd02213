"""What a rule came to for a sub-item, as its department reads it beside the checks: each condition, each value, where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catalog.merging.planned import PlannedItem
from catalog.wording.translating import translator_for
from matters.cases.answers_in_words import labels_of
from matters.cases.department_view import plan_of
from matters.models import PersonCheck, RuleEvaluation, SubItem
from matters.wording.rules import ORIGINS, WHY
from matters.wording.values import value_in_words
from portal.sharing.models import Fetch


@dataclass(frozen=True, slots=True)
class TracedValue:
    """A value that a condition read: what it is called, what it was, and which row or form said so."""

    label: str
    text: str
    source: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TracedClause:
    """A condition in words, with what it came to (None: not clear)."""

    text: str
    verdict: bool | None
    values: tuple[TracedValue, ...]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """All that a department sees of a rule's run. ``checks``: persons who looked at it, or are to look."""

    evaluation: RuleEvaluation
    sentence: str
    clauses: tuple[TracedClause, ...]
    checks: tuple[PersonCheck, ...]


def rule_trace(sub_item: SubItem) -> RuleTrace | None:
    """Return what the item's rule came to; None where it has none. What a source told is not shown once what lets it be read is over.

    Cost: none for an item without a rule, else at most three queries.
    """
    planned = plan_of(sub_item.bundle).item(sub_item.key)
    if not planned.decision_rule.clauses:
        return None
    found = RuleEvaluation.objects.filter(sub_item=sub_item).first()
    if found is None:
        return None
    trace = found.trace
    rows = {read["fetch"] for clause in trace["clauses"] for read in clause["reads"] if read["fetch"]}
    fetches = Fetch.objects.filter(pk__in=rows).select_related("consent", "grant").defer("answer_sealed")
    told = {str(fetch.pk): fetch for fetch in fetches}
    translate = translator_for(sub_item.bundle.matter_version_id)
    clauses = tuple(
        TracedClause(
            translate(clause["text"]),
            clause["verdict"],
            tuple(_value(sub_item, planned, read, told) for read in clause["reads"]),
        )
        for clause in trace["clauses"]
    )
    checks = tuple(found.checks.select_related("checked_by").order_by("pk"))
    return RuleTrace(found, str(WHY[found.why]), clauses, checks)


def _value(sub_item: SubItem, planned: PlannedItem, read: Mapping[str, Any], told: Mapping[str, Fetch]) -> TracedValue:
    plan = plan_of(sub_item.bundle)
    translate = translator_for(sub_item.bundle.matter_version_id)
    name, value = read["name"], read["value"]
    key = name
    if name.startswith("facts."):
        fact = next(each for each in planned.decision_rule.facts if f"facts.{each.code}" == name)
        key = planned.own_key(f"{fact.role}:{fact.asked.partition(':')[2]}")
    elif name.startswith("answers."):
        question = next((each for each in plan.matter.questions if f"answers.{each.key}" == name), None)
        options = {option.value: translate(option.label) for option in question.options} if question else {}
        text = value_in_words(value, labels=options)
        return TracedValue(translate(question.text) if question else name, text or _("没有"), str(ORIGINS["answer"]))
    field = plan.fields.get(key)
    if field is not None:
        label = translate(field.label)
        labels = {value: translate(text) for value, text in labels_of(field.options).items()}
        text = value_in_words(value, field.type, labels, unit=field.unit)
    else:
        paper = next((each for each in plan.materials if each.code == key.partition(":")[2]), None)
        label = translate(paper.name) if paper else _("当天")
        text = value_in_words(value, "date" if name == "today" else "")
    if read["origin"] != "row":
        return TracedValue(label, text or _("没有填写"), str(ORIGINS[read["origin"]]))
    if read.get("row"):  # stands here, under no consent
        return TracedValue(label, text, read["source"], datetime.fromisoformat(read["at"]))
    if not read["fetch"]:
        return TracedValue(label, _("没有查到"), "")
    fetch = told.get(read["fetch"])
    if fetch is not None and fetch.is_in_force:
        return TracedValue(label, text, read["source"], fetch.asked_at)
    if fetch is not None and fetch.ground:
        return TracedValue(label, _("依法查询的共享已经收回或者到期，不再显示"), read["source"])
    return TracedValue(label, _("申请人已撤回授权，不再显示"), read["source"])
