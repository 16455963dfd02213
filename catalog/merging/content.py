"""A compiled matter as values: what publishing froze, and the questions that lead to a plan. Pure."""

from __future__ import annotations

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
from catalog.fields.validation import FieldProblem
from catalog.merging.selection import Composition, Questionnaire

# The stage of an organisation's life at which it may not exist yet.
OPENING = "准入准营"


class MatterContent:
    """The content of a published matter, as ``catalog.compiling.compile_matter`` froze it. Immutable."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """``content``: that of ``MatterVersion.content``. It is kept, not copied: do not change it."""
        matter = content["matter"]
        self.content = content
        self.slug: str = matter["slug"]
        self.name: str = matter["name"]
        self.subject: str = matter["subject"]
        self.stage: str = matter["stage"]
        self.lead_department: str = matter["lead_department"]
        self.summary: str = matter["summary"]
        self.declared: Mapping[str, Any] = matter["declared"]
        self.facts: Mapping[str, Any] = matter["facts"]
        self.departments: Mapping[str, Mapping[str, str]] = content["departments"]
        self.questions = tuple(from_json(GuideQuestion, each) for each in content["questions"])
        self.roles = tuple(from_json(RoleDefinition, each) for each in content["roles"])
        self.sections = tuple(from_json(SectionDefinition, each) for each in content["sections"])
        self.elements = {code: from_json(ElementDefinition, each) for code, each in content["elements"].items()}
        self.materials = {code: from_json(MaterialDefinition, each) for code, each in content["materials"].items()}
        definitions = [from_json(ItemDefinition, each["definition"]) for each in content["items"]]
        self.items = {definition.slug: definition for definition in definitions}
        self.uses = tuple(from_json(MatterItemDefinition, each["use"]) for each in content["items"])
        self.labels: Mapping[str, str] = content["labels"]
        self.placement: Mapping[str, str] = content["placement"]
        self._translations: Mapping[str, Mapping[str, str]] = content["translations"]
        self.composition = Composition(self.uses)
        self._guide = Questionnaire(self.questions)

    @property
    def only_for_organisations(self) -> bool:
        """Whether only who acts for an organisation may apply: it is organisations', and none comes into being by it.

        The stage says so (准入准营: whoever opens a business has none yet), or a result that founds one; where no stage is named, nothing is refused.
        """
        founds = any(result.founds for item in self.items.values() for result in item.results)
        return self.subject == "organisation" and self.stage not in ("", OPENING) and not founds

    def questions_for(self, answers: Mapping[str, Any]) -> list[GuideQuestion]:
        """Return the questions that apply given the answers so far, each with only the options that apply."""
        return self._guide.questions_for(answers)

    def check_answers(self, answers: Mapping[str, Any]) -> list[FieldProblem]:
        """Return what is wrong with a set of answers; ``FieldProblem.field`` is the question's key. Codes: ``catalog.fields.validation``."""
        return self._guide.problems(answers)

    def clean_answers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return only the valid answers to questions that apply: what rules read and a bundle freezes."""
        return self._guide.clean(answers)

    def translations(self, language: str) -> Mapping[str, str]:
        """Return what is known of a language: Chinese → translated."""
        return self._translations.get(language) or self._translations.get(language.partition("-")[0]) or {}
