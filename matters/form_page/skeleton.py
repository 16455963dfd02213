"""The form's skeleton: everything that is the same for every visit, rendered once and cut at its slots."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import get_template, render_to_string
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override, pgettext

from catalog.fields.constraints import is_anywhere
from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import Plan
from catalog.models import Division
from catalog.versions.matters import compiled
from catalog.wording.problems import browser_sentences, sentence
from catalog.wording.translating import translator_for
from matters.form_page.fields import browser_fields, section_views
from matters.form_page.pieces import SLOT_PATTERN, FieldView, SectionView, Translate
from matters.wording.values import value_in_words
from portal.identifiers.divisions import full_name

# A piece of the skeleton: fixed HTML, or a slot (what, field key, argument).
Piece = str | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The form without anybody's data. ``script``: what the browser's rules read, as JSON; ``facts``: a field that holds a known fact, as it shows it."""

    pieces: tuple[Piece, ...]
    sections: tuple[SectionView, ...]
    fields: Mapping[str, FieldView]
    script: SafeString
    facts: Mapping[str, tuple[Piece, ...]]

    def sentence(self, problem: FieldProblem) -> str:
        """Return what is wrong with a field, by the name it has on this form; what is chosen is not "filled in"."""
        view = self.fields.get(problem.field)
        if problem.code == "required" and view is not None and view.groups:
            problem = FieldProblem(problem.field, "required_choice")
        if view is not None and view.example:
            problem = FieldProblem(problem.field, problem.code, {"example": view.example, **problem.params})
        return sentence(problem, view.label if view is not None else "")

    def named(self, key: str, sentence: str) -> str:
        """Return a sentence for a list of them: with whose field it is about, where several persons have one of the name."""
        view = self.fields.get(key)
        if view is None or not view.whose:
            return sentence
        return f"{view.whose}{pgettext('colon', '：')}{sentence}"

    def typed(self, key: str, value: Any) -> Any:
        """Return a value as it stands in its control: a division in a line goes by its name, whose code is kept."""
        view = self.fields[key]
        is_named = view.kind == "division" and view.control == "line" and isinstance(value, str)
        return (is_named and full_name(value)) or value

    def in_words(self, key: str, value: Any, *, masked: bool = False) -> str:
        """Return a field's value as people read it, with its unit."""
        view = self.fields[key]
        labels = {option.value: option.label for option in view.options}
        return value_in_words(value, view.kind, labels, unit=view.unit, masked=masked)


def skeleton_for(version_id: int, answers: Mapping[str, Any]) -> Skeleton:
    """Return the skeleton for a version's form under these answers in the active language. Cached per process."""
    return _skeleton(version_id, json.dumps(answers, sort_keys=True, ensure_ascii=False), get_language() or "zh-hans")


@lru_cache(maxsize=512)
def _skeleton(version_id: int, answers: str, language: str) -> Skeleton:
    matter = compiled(version_id)
    with override(language):
        return build_skeleton(matter.plan_for(json.loads(answers)), translator_for(matter, language))


def build_skeleton(plan: Plan, translate: Translate = str) -> Skeleton:
    """Return the skeleton of a plan's form; ``translate`` puts a text of the catalog into the active language. At most one query."""
    sections = section_views(plan, translate, division_choices(plan))
    rules = {
        "program": plan.browser_rules(),
        "fields": browser_fields(plan, sections),
        "sentences": browser_sentences(),
    }
    fields = {field.key: field for section in sections for group in section.groups for field in group.fields}
    return Skeleton(
        pieces=cut(render_to_string("components/form/sections.html", {"sections": sections})),
        sections=tuple(sections),
        fields=fields,
        facts=_facts(fields),
        script=render_to_string("matters/apply/script_words.html") + json_script(rules, "form-rules"),
    )


def _facts(fields: Mapping[str, FieldView]) -> dict[str, tuple[Piece, ...]]:
    template = get_template("components/form/fact.html")
    return {key: cut(template.render({"field": field})) for key, field in fields.items() if field.is_known}


def division_choices(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    """Return the districts and counties by city, if any field asks for a division without naming its own choices."""
    if not any(
        field.type == "division" and not field.options and not is_anywhere(field.type, field.constraints)
        for field in plan.fields.values()
    ):
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    rows = Division.objects.filter(level="county").order_by("code").values_list("code", "name", "parent__name")
    for code, name, city in rows:
        found.setdefault(city or "", []).append((code, name))
    return found


def cut(html: str) -> tuple[Piece, ...]:
    """Split the rendered form at its slots: fixed text and slots by turns."""
    pieces: list[Piece] = []
    position = 0
    for match in SLOT_PATTERN.finditer(html):
        pieces.append(html[position : match.start()])
        pieces.append((match[1], match[2], match[3]))
        position = match.end()
    pieces.append(html[position:])
    return tuple(piece for piece in pieces if piece)
