"""A matter in one situation: the plan that a reader's answers lead to, and the names of its parts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from catalog.combining.fulfilling import chosen_items
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from catalog.wording.absences import absence_sentences
from catalog.wording.translating import translator_for


class Situation:
    """A matter for one set of answers; questions not answered take their first answer.

    ``is_open``: it can be applied for online, hence its form, papers and results are defined through and through. Of a matter that is only
    described, what is empty is not published; limits, fees and visits may be unpublished of any.
    """

    def __init__(self, matter: CompiledMatter, answers: Mapping[str, Any], *, is_open: bool = True) -> None:
        self.matter = matter
        self.is_open = is_open
        typical = _typical(matter)
        self.answers = matter.clean_answers({**typical, **matter.clean_answers({**typical, **answers})})
        self.is_typical = self.answers == typical
        # Nobody has answered anything: reasons then speak of the usual situation, not of what "you chose".
        self.is_assumed = not answers
        self.plan: Plan = matter.plan_for(self.answers)
        self.facts: Mapping[str, Any] = matter.content["matter"]["facts"]
        self.translate = translator_for(matter)

    def translated(self, value: Any) -> Any:
        """Return data of the content with every text in the reader's language."""
        if isinstance(value, Mapping):
            return {key: self.translated(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.translated(each) for each in value]
        return self.translate(value) if isinstance(value, str) else value

    def short_name(self, slug: str) -> str:
        """Return what an item is called for short."""
        return self.translate(self.facts["items"][slug]["short_name"])

    def instance_name(self, key: str) -> str:
        """Return a sub-item's short name, numbered where there are several."""
        item = self.plan.item(key)
        name = self.short_name(item.slug)
        several = sum(1 for each in self.plan.items if each.slug == item.slug) > 1
        return f"{name} {item.instance}" if several else name

    @cached_property
    def name(self) -> str:
        return self.translate(self.matter.name)

    @cached_property
    def absent(self) -> list[str]:
        """Return what was put together and is not done in this situation, with the reason; nothing while it is only the usual one."""
        return [] if self.is_assumed else absence_sentences(self.matter, self.plan, self.translate)

    @cached_property
    def unknown_limits(self) -> frozenset[str]:
        """Return the sub-items of this situation whose promised limit is not published: days are then the least it takes."""
        return frozenset(self.plan.unknown_limits)

    @cached_property
    def unknown_visits(self) -> frozenset[str]:
        """Return the sub-items of this situation of which nobody published how often one must come."""
        return frozenset(self.plan.figures.visits.more["unknown"])


@lru_cache(maxsize=64)
def _typical(matter: CompiledMatter) -> Mapping[str, Any]:
    """Return the answers of the usual situation: a compiled matter never changes."""
    return typical_answers(matter, chosen_items(matter))
