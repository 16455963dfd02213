"""Read a compiled matter: from guide answers to a plan, from a filled form to each department's own record.

Skeleton of signatures; see ``catalog/merging/planned.py`` for what a plan is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from catalog.definitions import GuideQuestion, Value
from catalog.merging.planned import (
    OwnLine, PlannedConsent, PlannedField, PlannedItem, PlannedMaterial, PlannedRole, PlannedSection, Stop, Wait,
)
from catalog.validation import Problem

Answers = Mapping[str, Any]


class CompiledMatter:
    """An immutable published matter. Build once per version and keep it."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.slug: str
        self.name: str
        self.questions: tuple[GuideQuestion, ...]

    def questions_for(self, answers: Answers) -> list[GuideQuestion]:
        """Return the questions that apply given the answers so far, each with the options that apply."""
        raise NotImplementedError

    def check_answers(self, answers: Answers) -> list[Problem]:
        """Return what is wrong: unknown_question, not_an_option, missing_answer, not_one_answer, not_a_number, out_of_range.
        ``Problem.field`` is the question key."""
        raise NotImplementedError

    def clean_answers(self, answers: Answers) -> dict[str, Any]:
        """Return only the valid answers to questions that apply: what rules read and what a bundle freezes."""
        raise NotImplementedError

    def plan_for(self, answers: Answers) -> Plan:
        """Return the plan; invalid answers count as not given. Cached."""
        raise NotImplementedError

    def translate(self, text: str, language: str) -> str:
        raise NotImplementedError


class Plan:
    """What one set of answers leads to. Immutable, shared between requests."""

    answers: Mapping[str, Any]
    items: tuple[PlannedItem, ...]
    sections: tuple[PlannedSection, ...]
    fields: Mapping[str, PlannedField]  # asked and supplied, in the form's order
    materials: tuple[PlannedMaterial, ...]
    consents: tuple[PlannedConsent, ...]
    dependencies: tuple[Wait, ...]
    critical_path: tuple[str, ...]
    working_days: int
    roles: tuple[PlannedRole, ...]
    stops: tuple[Stop, ...]
    figures: Any

    def item(self, key: str) -> PlannedItem: ...
    def visible(self, values: Mapping[str, Any]) -> set[str]:
        """Return the keys of the fields that some item asks for, given the values (raw or cleaned)."""
    def required(self, values: Mapping[str, Any]) -> set[str]: ...
    def clean(self, values: Mapping[str, Any], today: date) -> tuple[dict[str, Value], list[Problem]]:
        """Return (normalised visible values of the right type, problems). Never raises."""
    def clean_outputs(self, item_key: str, values: Mapping[str, Any], today: date) -> tuple[dict[str, Value], list[Problem]]:
        """Validate what a reviewer fills in at decision."""
    def project(self, values: Mapping[str, Any], item_key: str, outputs: Mapping[str, Mapping[str, Any]] = {}) -> dict[str, Value]:
        """Return the item's own record: own code → value, only visible lines with a value."""
    def own_form(self, item_key: str) -> tuple[OwnLine, ...]:
        """Return the lines of the department's own form in its own order."""
    def materials_for(self, values: Mapping[str, Any]) -> list[PlannedMaterial]:
        """Return the papers needed for a filled form (conditions that read the form applied)."""
    def consents_missing(self, given: set[str]) -> list[str]: ...
    def known(self, profile: Mapping[str, Any], shared: Mapping[str, Any] = {}) -> dict[str, Value]:
        """Return prefill: ``profile`` element code → value for the applicant's role, ``shared`` field key → value fetched with consent."""
    def browser_rules(self) -> dict[str, Any]:
        """Return the JSON that static/js/rules.js reads: ``visible(program, values)``, ``required(program, values)``."""
    def to_json(self) -> dict[str, Any]: ...
