"""What a card shows of a matter: its name, who works on it, how far it is open, and what it saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from catalog.models import Matter, MatterItem
from catalog.versions.matters import compiled
from catalog.wording.translating import translate, translator_for


@dataclass(frozen=True, slots=True)
class CardFigure:
    """A before → after pair; ``before`` is None where nothing changed hands, ``after`` None where it is not published."""

    before: int | None
    after: int | None
    unit: str


@dataclass(frozen=True)
class _Card:
    """A listed matter, whatever is known of it."""

    slug: str
    raw_name: str
    subject: str
    stage: str
    theme: str
    status: str

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
        return translate(self.raw_name)


@dataclass(frozen=True)
class ComingCard(_Card):
    """A matter that is still coming: no version, only what its rows say. ``departments``: code → short name (Chinese)."""

    departments: Mapping[str, str]
    planned_items: int
    department_short_names = ()
    figures = ()

    @property
    def who(self) -> str:
        return _who(len(self.departments), self.planned_items)


@dataclass(frozen=True)
class MatterCard(_Card):
    """A published matter in its simplest situation: every question at its first answer."""

    matter: CompiledMatter

    @property
    def name(self) -> str:
        return translator_for(self.matter)(self.matter.name)

    @cached_property
    def plan(self) -> Plan:
        return self.matter.plan_for(typical_answers(self.matter))

    @property
    def departments(self) -> Mapping[str, str]:
        """Return code → short name (Chinese) of everybody who may take part, whatever the situation."""
        names = self.matter.departments
        codes = dict.fromkeys([*(item.department for item in self.matter.items.values()), self.matter.lead_department])
        return {code: names[code]["short_name"] or names[code]["name"] for code in codes if code in names}

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
        figures, unknown = self.plan.figures, bool(self.plan.unknown_limits)
        forms, materials, visits, days = figures.forms, figures.materials, figures.visits, figures.days
        return [
            CardFigure(forms.before, forms.after, ngettext("张表", "张表", forms.after)),
            CardFigure(materials.before, materials.after, ngettext("份材料", "份材料", materials.after)),
            CardFigure(visits.before, visits.after, ngettext("次跑动", "次跑动", visits.after)),
            CardFigure(None, None, _("时限未公布"))
            if unknown
            else CardFigure(days.before, days.after, ngettext("个工作日", "个工作日", days.after)),
        ]


Card = ComingCard | MatterCard


def _who(departments: int, items: int) -> str:
    words = []
    if departments:
        words.append(ngettext("%(count)s 个部门", "%(count)s 个部门", departments) % {"count": departments})
    if items:
        words.append(ngettext("%(count)s 个事项", "%(count)s 个事项", items) % {"count": items})
    return " · ".join(words) or _("办理部门和事项正在梳理")


def matter_cards() -> list[MatterCard]:
    """Return the published matters in their order. Cost: as `listed_cards`."""
    return [card for card in listed_cards() if isinstance(card, MatterCard)]


def listed_cards() -> list[Card]:
    """Return the listed matters in their order, those that are coming included.

    Cost: one query, one more where some have no version yet, and one per version not yet compiled.
    """
    rows: list[tuple[Any, ...]] = list(
        Matter.objects.filter(is_listed=True)
        .order_by("position", "pk")
        .values_list(
            "pk",
            "slug",
            "name",
            "subject",
            "stage",
            "theme",
            "status",
            "current_version",
            "lead_department__code",
            "lead_department__short_name",
        )
    )
    unpublished = [row[0] for row in rows if row[7] is None]
    departments: dict[int, dict[str, str]] = {}
    items: dict[int, int] = {}
    if unpublished:
        entries = MatterItem.objects.filter(matter__in=unpublished).order_by("position", "pk")
        for pk, code, name in entries.values_list("matter", "item__department__code", "item__department__short_name"):
            departments.setdefault(pk, {})[code] = name
            items[pk] = items.get(pk, 0) + 1
    cards: list[Card] = []
    for pk, slug, name, subject, stage, theme, status, version, lead, lead_name in rows:
        if version is not None:
            cards.append(MatterCard(slug, name, subject, stage, theme, status, compiled(version)))
        elif status != Matter.Status.OPEN:  # one to be opened is announced when it is published
            own = {lead: lead_name, **departments.get(pk, {})} if lead else departments.get(pk, {})
            coming = Matter.Status.COMING.value
            cards.append(ComingCard(slug, name, subject, stage, theme, coming, own, items.get(pk, 0)))
    return cards
