"""What a combination was put together of, and what of it one set of answers leads to: nothing chosen is dropped without a word. Pure.

A combination's content keeps what was chosen (``facts.combines``): whole matters, and items by name. Answers may lead away from a chosen
item (the household is in another province): then the application does not bear its name, and whoever applies is told why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.combining.names import combination_name
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.planned import Reason
from catalog.merging.selection import GROUP_PREFIX, grounds_of, reasons_from
from catalog.rules.language import variables


@dataclass(frozen=True, slots=True)
class Absence:
    """A chosen thing that the answers leave out. ``reasons``: the answers that do; an empty ``answer`` is a question of which nothing was ticked."""

    name: str
    reasons: tuple[Reason, ...]


def title_of(matter: CompiledMatter, plan: Plan) -> str:
    """Return what an application is called, in Chinese: the matter's name; of a combination only of what the plan holds."""
    chosen = list(_chosen(matter))
    held = {item.slug for item in plan.items}
    present = [name for name, items in chosen if held.intersection(items)]
    return combination_name(present) if present and len(present) < len(chosen) else matter.name


def absences(matter: CompiledMatter, plan: Plan) -> list[Absence]:
    """Return what was chosen and is not in the plan, once all questions are answered; before, nothing is known to be left out."""
    if not matter.facts.get("combines") or matter.check_answers(plan.answers):
        return []
    held = {item.slug for item in plan.items}
    missing = [(name, items) for name, items in _chosen(matter) if not held.intersection(items)]
    return [Absence(name, _reasons(matter, plan, items)) for name, items in missing]


def chosen_items(matter: CompiledMatter) -> list[str]:
    """Return the items (slugs) that were chosen by name; none of a matter that is no combination."""
    return [slug for part in matter.facts.get("combines", ()) for slug in part.get("chosen") or ()]


def _chosen(matter: CompiledMatter) -> Iterator[tuple[str, list[str]]]:
    """Yield (name, items) of each thing that was chosen: a whole matter with all its items, or one item.

    What was frozen before choices were kept yields nothing.
    """
    for part in matter.facts.get("combines", ()):
        if "chosen" not in part:
            continue
        if part["chosen"] is None:
            yield part["name"], part["items"]
            continue
        for slug in part["chosen"]:
            item = matter.items[slug]
            yield item.short_name or item.name, [slug]


def _reasons(matter: CompiledMatter, plan: Plan, items: list[str]) -> tuple[Reason, ...]:
    uses = [use for use in matter.uses if use.item in items]
    grounds = grounds_of([use.condition for use in uses], plan.answers)
    rivals = {GROUP_PREFIX + use.group for use in uses if use.group}
    chosen: dict[str, list[Any]] = {key: [plan.answers[key]] for key in rivals if key in plan.answers}
    found = reasons_from({**grounds, **chosen}, matter.questions)
    if found:
        return found
    read = {name for use in uses for name in variables(use.condition)}
    return tuple(
        Reason(question.key, question.text, "")
        for question in matter.questions_for(plan.answers)
        if f"answers.{question.key}" in read
    )
