"""Read a compiled matter: from guide answers to a plan, from a filled form to each department's own record. Pure.

A ``CompiledMatter`` is immutable; build it once per published version and keep it. ``plan_for`` is cached per set of valid answers,
and a plan may be shared between requests and threads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from catalog.definitions import (
    ElementDefinition,
    GuideQuestion,
    ItemDefinition,
    MaterialDefinition,
    MatterItemDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.definitions.codec import from_json
from catalog.fields.validation import Problem
from catalog.merging.plan import Plan
from catalog.merging.selection import Composition, Guide

__all__ = ["CompiledMatter", "Plan"]

CACHED_PLANS = 256


class CompiledMatter:
    """A published matter, as ``catalog.compiling.compile_matter`` froze it."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        """``plan``: the content of ``MatterVersion.plan``. It is kept, not copied: do not change it."""
        matter = plan["matter"]
        self.plan = plan
        self.slug: str = matter["slug"]
        self.name: str = matter["name"]
        self.subject: str = matter["subject"]
        self.stage: str = matter["stage"]
        self.lead_department: str = matter["lead_department"]
        self.summary: str = matter["summary"]
        self.declared: Mapping[str, Any] = matter["declared"]
        self.facts: Mapping[str, Any] = matter["facts"]
        self.departments: Mapping[str, Mapping[str, str]] = plan["departments"]
        self.questions = tuple(from_json(GuideQuestion, each) for each in plan["questions"])
        self.roles = tuple(from_json(RoleDefinition, each) for each in plan["roles"])
        self.sections = tuple(from_json(SectionDefinition, each) for each in plan["sections"])
        self.elements = {code: from_json(ElementDefinition, each) for code, each in plan["elements"].items()}
        self.materials = {code: from_json(MaterialDefinition, each) for code, each in plan["materials"].items()}
        definitions = [from_json(ItemDefinition, each["definition"]) for each in plan["items"]]
        self.items = {definition.slug: definition for definition in definitions}
        self.uses = tuple(from_json(MatterItemDefinition, each["use"]) for each in plan["items"])
        self.labels: Mapping[str, str] = plan["labels"]
        self.placement: Mapping[str, str] = plan["placement"]
        self._translations: Mapping[str, Mapping[str, str]] = plan["translations"]
        self.composition = Composition(self.uses)
        self._guide = Guide(self.questions)
        self._plans: dict[str, Plan] = {}

    def questions_for(self, answers: Mapping[str, Any]) -> list[GuideQuestion]:
        """Return the questions that apply given the answers so far, each with only the options that apply."""
        return self._guide.questions_for(answers)

    def check_answers(self, answers: Mapping[str, Any]) -> list[Problem]:
        """Return what is wrong with a set of answers; ``Problem.field`` is the question's key. Codes: ``catalog.fields.validation``."""
        return self._guide.problems(answers)

    def clean_answers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return only the valid answers to questions that apply: what rules read and a bundle freezes."""
        return self._guide.clean(answers)

    def plan_for(self, answers: Mapping[str, Any]) -> Plan:
        """Return the plan that answers lead to; invalid ones count as not given. Cached."""
        valid = self.clean_answers(answers)
        key = json.dumps(valid, sort_keys=True, ensure_ascii=False)
        plan = self._plans.get(key)
        if plan is None:
            plan = Plan(self, valid)
            if len(self._plans) >= CACHED_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def translate(self, text: str, language: str) -> str:
        """Return a text of the plan in another language, or as it is where no translation is known."""
        return self.translations(language).get(text, text)

    def translations(self, language: str) -> Mapping[str, str]:
        """Return what is known of a language: Chinese → translated."""
        return self._translations.get(language) or self._translations.get(language.partition("-")[0]) or {}
