"""What a card shows of a matter: its name, who works on it, how far it is open, and what it saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from catalog.models import Matter
from catalog.versions.matters import compiled, listed_versions
from catalog.wording.limits import before_after
from catalog.wording.translating import translator_for


@dataclass(frozen=True, slots=True)
class CardFigure:
    """A before → after pair; ``before`` is None where nothing changed hands, ``after`` None where it is not published."""

    before: int | None
    after: int | None
    unit: str


@dataclass(frozen=True)
class _Card:
    """A listed matter as it was published, whatever is known of it."""

    slug: str
    subject: str
    stage: str
    theme: str
    status: str
    matter: CompiledMatter

    @property
    def url(self) -> str:
        return reverse("catalog:matter", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.status == Matter.Status.OPEN

    @property
    def status_words(self) -> str:
        return str(Matter.Status(self.status).label)

    @property
    def name(self) -> str:
        return translator_for(self.matter)(self.matter.name)

    @property
    def departments(self) -> Mapping[str, str]:
        """Return code → short name (Chinese) of everybody who may take part, whatever the situation."""
        names = self.matter.departments
        codes = dict.fromkeys([*(item.department for item in self.matter.items.values()), self.matter.lead_department])
        return {code: names[code]["short_name"] or names[code]["name"] for code in codes if code in names}


@dataclass(frozen=True)
class ComingCard(_Card):
    """A matter that is still coming: who will take part, and nothing of what it will ask."""

    department_short_names = ()
    figures = ()

    @property
    def who(self) -> str:
        return _who(len(self.departments), len(self.matter.items))


@dataclass(frozen=True)
class MatterCard(_Card):
    """A matter that is described or open, in its simplest situation: every question at its first answer."""

    @cached_property
    def plan(self) -> Plan:
        return self.matter.plan_for(typical_answers(self.matter))

    @property
    def who(self) -> str:
        """Return how many departments and items there are, in words."""
        return _who(len({item.department for item in self.plan.items}), len(self.plan.items))

    @property
    def department_short_names(self) -> list[str]:
        """Return the short names, in the reader's language, of who takes part in the simplest situation."""
        names = dict.fromkeys(item.department_short_name or item.department_name for item in self.plan.items)
        return [*map(translator_for(self.matter), names)]

    @property
    def figures(self) -> list[CardFigure]:
        """Return forms, papers, visits and working days: what it took, and what it takes now; none for what cannot be applied for."""
        if not self.is_open:
            return []
        figures = self.plan.figures
        forms, materials = figures.forms, figures.materials
        return [
            CardFigure(forms.before, forms.after, ngettext("张表", "张表", forms.after)),
            CardFigure(materials.before, materials.after, ngettext("份材料", "份材料", materials.after)),
            *(
                CardFigure(*before_after(key, figure.before, figure.after, len(figure.more["unknown"])))
                for key, figure in (("visits", figures.visits), ("days", figures.days))
            ),
        ]


Card = ComingCard | MatterCard


def _who(departments: int, items: int) -> str:
    words = []
    if departments:
        words.append(ngettext("%(count)s 个部门", "%(count)s 个部门", departments) % {"count": departments})
    if items:
        words.append(ngettext("%(count)s 个事项", "%(count)s 个事项", items) % {"count": items})
    return " · ".join(words) or _("办理部门和事项正在梳理")


Listed = tuple[int, str, str, str, str, str]


def matter_cards() -> list[MatterCard]:
    """Return the published matters in their order. Cost: as `listed`, and one query per version not yet compiled."""
    return [card for card in listed_cards(listed()) if isinstance(card, MatterCard)]


def listed() -> tuple[Listed, ...]:
    """Return what lists and their cards are made of: the listed versions in their order, with where they stand. Whatever is shown of
    a list follows from this and the reader's language. Cost: one query."""
    found: Iterable[Any] = listed_versions().values_list("pk", "matter__slug", "subject", "stage", "theme", "status")
    return tuple(found)


def listed_cards(found: Iterable[Listed]) -> list[Card]:
    """Return the listed matters in their order, those that are coming included. Cost: one query per version not yet compiled."""
    return [
        (ComingCard if status == Matter.Status.COMING else MatterCard)(
            slug, subject, stage, theme, status, compiled(version)
        )
        for version, slug, subject, stage, theme, status in found
    ]


def mandate_matters() -> list[tuple[str, str]]:
    """Return slug and name of the open matters, in the reader's language: what a person may let somebody handle for them."""
    return [(card.slug, card.name) for card in listed_cards(listed()) if card.is_open]


def organisation_matters() -> list[tuple[str, str]]:
    """Return slug and name of the open matters of organisations, in the reader's language."""
    return [
        (card.slug, card.name)
        for card in listed_cards(listed())
        if card.is_open and card.subject == Matter.Subject.ORGANISATION
    ]
