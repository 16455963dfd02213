"""Everything that will be submitted, in words: to be checked before, section by section, consent by consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from matters.core.draft_document import DraftDocument
from matters.form_page.fields import html_id
from matters.form_page.pieces import Translate
from matters.form_page.skeleton import Skeleton
from matters.wording.prefilled import source_words


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as it is checked: ``note`` says where it comes from or when it will be there."""

    id: str
    label: str
    value: str
    note: str
    error: str


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers about one person or thing; no title where the section's own says it."""

    title: str
    answers: list[AnswerView]


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """A section of the form, to be checked."""

    id: str
    title: str
    groups: list[AnswerGroup]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent of one department, with its own box."""

    key: str
    id: str
    text: str
    item: str
    required: bool
    is_given: bool
    error: str

    @property
    def documents(self) -> list[str]:
        """The name of the document in which all of it can be read."""
        return [f"consent:{self.key}"]


def answer_sections(
    plan: Plan,
    skeleton: Skeleton,
    document: DraftDocument,
    cleaned: Mapping[str, Any],
    errors: Mapping[str, str],
    translate: Translate,
) -> list[AnswerSection]:
    """Return the form's sections with every visible answer; what a department will decide is named as such.

    ``cleaned`` values are shown where there are any, else what was typed. ``errors``: field key → sentence.
    """
    visible = plan.visible(document.values)
    sections = []
    for section in skeleton.sections:
        groups = []
        for group in section.groups:
            answers = []
            for view in group.fields:
                if view.key not in visible and not view.supplied:
                    continue
                value = skeleton.in_words(view.key, cleaned.get(view.key, document.values.get(view.key)))
                note = ""
                if view.supplied:
                    note = _("“%(item)s”办结后自动填入") % {"item": view.supplied}
                elif document.is_known(view.key):
                    note = source_words(document.known[view.key])
                answers.append(AnswerView(view.id, view.label, value, note, errors.get(view.key, "")))
            if answers:
                groups.append(AnswerGroup(group.title, answers))
        if groups:
            sections.append(AnswerSection(section.id, section.title, groups))
    return sections


def consents_by_department(
    plan: Plan, document: DraftDocument, errors: Mapping[str, str], translate: Translate
) -> list[tuple[str, list[ConsentView]]]:
    """Return the consents by department, in the plan's order."""

    def department(item_key: str) -> str:
        return translate(plan.item(item_key).department_name)

    views = [
        (department(consent.item), ConsentView(consent.key, html_id(f"consent-{consent.key}"), translate(consent.text), translate(plan.item(consent.item).name), consent.required, consent.key in document.consents, errors.get(consent.key, "")))
        for consent in plan.consents
    ]  # fmt: skip
    order = list(dict.fromkeys(name for name, _view in views))
    ranked = sorted(views, key=lambda pair: order.index(pair[0]))
    return [(name, [view for _name, view in pairs]) for name, pairs in groupby(ranked, key=lambda pair: pair[0])]
