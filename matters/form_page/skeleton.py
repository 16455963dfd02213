"""The form's skeleton: everything that is the same for every visit, rendered once and cut at its slots."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from catalog.fields.validation import Problem
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedField
from catalog.models import Division
from catalog.versions.matters import compiled
from catalog.wording.problems import browser_sentences, sentence
from catalog.wording.translating import translator_for
from matters.form_page.fields import browser_fields, section_views
from matters.form_page.pieces import SLOT_PATTERN, SectionView

# A piece of the skeleton: fixed HTML, or a slot (what, field key, argument).
Piece = str | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The form without anybody's data.

    ``labels``: field key → {option value: label}, for showing values in words. ``script``: what the browser's rules read, as JSON.
    """

    pieces: tuple[Piece, ...]
    sections: tuple[SectionView, ...]
    fields: Mapping[str, PlannedField]
    titles: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    lists: frozenset[str]
    chosen: frozenset[str]
    script: SafeString

    def sentence(self, problem: Problem) -> str:
        """Return what is wrong with a field, by the name it has on this form; what is chosen is not "filled in"."""
        if problem.code == "required" and problem.field in self.chosen:
            problem = Problem(problem.field, "required_choice")
        return sentence(problem, self.titles.get(problem.field, ""))


def skeleton_for(version_id: int, answers: Mapping[str, Any]) -> Skeleton:
    """Return the skeleton for a version's form under these answers in the active language. Cached per process."""
    return _skeleton(version_id, json.dumps(answers, sort_keys=True, ensure_ascii=False), get_language() or "zh-hans")


@lru_cache(maxsize=512)
def _skeleton(version_id: int, answers: str, language: str) -> Skeleton:
    matter = compiled(version_id)
    plan = matter.plan_for(json.loads(answers))
    with override(language):
        sections = section_views(plan, translator_for(matter, language), division_choices(plan))
        views = [field for section in sections for group in section.groups for field in group.fields]
        html = render_to_string("components/form/sections.html", {"sections": sections})
        return Skeleton(
            pieces=cut(html),
            sections=tuple(sections),
            fields={view.key: plan.fields[view.key] for view in views},
            titles={view.key: view.label for view in views},
            labels={view.key: {option.value: option.label for option in view.options} for view in views if view.groups},
            lists=frozenset(view.key for view in views if view.control == "list"),
            chosen=frozenset(view.key for view in views if view.groups),
            script=render_to_string("matters/apply/script_words.html")
            + json_script(
                {
                    "program": plan.browser_rules(),
                    "fields": browser_fields(plan, sections),
                    "sentences": browser_sentences(),
                },
                "form-rules",
            ),
        )


def division_choices(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    """Return the districts and counties by city, if any field asks for a division without naming its own choices."""
    if not any(field.type == "division" and not field.options for field in plan.fields.values()):
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
