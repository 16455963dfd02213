"""What was filled in or handed in for a situation that was left: kept on the draft, and not filed with it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.definitions.naming import field_key, split_instance
from catalog.merging.compiled import Plan
from catalog.wording.papers import name_of_paper
from matters.apply_pages.summary import has_value
from matters.core.draft_document import TYPED, DraftDocument
from matters.form_page.pieces import Translate
from matters.models import SubmittedMaterial


@dataclass(frozen=True, slots=True)
class LeftPaper:
    """A file: its id and name, and the name of the paper it is."""

    id: uuid.UUID
    name: str
    file: str


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Names of fields, files with the paper they are, and texts of consents, that the final situation does not ask for."""

    fields: tuple[str, ...]
    papers: tuple[LeftPaper, ...]
    consents: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.papers or self.consents)


def left_behind(
    plan: Plan,
    handed_in: Iterable[SubmittedMaterial],
    document: DraftDocument,
    visible: Collection[str],
    translate: Translate,
) -> LeftBehind:
    """Return what was typed, uploaded and agreed to and is not asked for. ``visible``: the fields that are.

    What was filled in for the applicant goes without a word: nobody typed it.
    """
    return LeftBehind(
        fields=tuple(
            dict.fromkeys(
                _label(plan, key, translate)
                for key in document.values
                if key not in visible and has_value(document.values, key) and document.source_of(key) == TYPED
            )
        ),
        papers=left_papers(plan, handed_in, document, translate),
        consents=_consents(plan, document, translate),
    )


def left_papers(
    plan: Plan, handed_in: Iterable[SubmittedMaterial], document: DraftDocument, translate: Translate
) -> tuple[LeftPaper, ...]:
    """Return the files among these of papers that are not asked for."""
    asked = {paper.key for paper in plan.materials_for(document.values)}
    return tuple(
        LeftPaper(paper.pk, name_of_paper(plan, paper.material, translate), paper.original_name)
        for paper in handed_in
        if paper.material not in asked
    )


def _consents(plan: Plan, document: DraftDocument, translate: Translate) -> tuple[str, ...]:
    """Return the texts of consents that were given to items which are not applied for now."""
    asked = {consent.key for consent in plan.consents}
    texts = {
        f"{item.slug}.{consent.code}": consent.text for item in plan.matter.items.values() for consent in item.consents
    }
    held = {text for key in asked if (text := texts.get(_of_first(key)))}
    left = [texts.get(_of_first(key), "") for key in document.consents if key not in asked]
    return tuple(dict.fromkeys(translate(text) for text in left if text and text not in held))


def _of_first(key: str) -> str:
    """Return a consent's key as that of the first person: register#2.check → register.check."""
    item, _dot, consent = key.partition(".")
    return f"{split_instance(item)[0]}.{consent}"


def _label(plan: Plan, key: str, translate: Translate) -> str:
    """Return what a field is called, with whose it is; also where this plan does not ask for it."""
    name, _colon, code = key.partition(":")
    role, instance = split_instance(name)
    element = plan.matter.elements.get(code)
    like = plan.fields.get(key) or plan.fields.get(field_key(role, code))
    label = like.label if like is not None else plan.matter.labels.get(field_key(role, code), "")
    label = translate(label or (element.name if element is not None else "")) or _("其他内容")
    known = next((each for each in plan.matter.roles if each.key == role), None)
    if known is None or known.maximum <= 1:
        return label
    person = _("%(person)s（第 %(number)s 位）") % {"person": translate(known.label), "number": instance}
    return f"{person} · {label}"
