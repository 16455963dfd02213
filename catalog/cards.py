"""What a card shows of a published matter: its name, who works on it, and what it saves."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext

from catalog.models import Matter
from catalog.plans import CompiledMatter, Plan
from catalog.situations import typical_answers
from catalog.versions import compiled


@dataclass(frozen=True, slots=True)
class CardFigure:
    """A before → after pair; ``before`` is None where nothing changed hands."""

    before: int
    after: int
    unit: str


@dataclass(frozen=True)
class MatterCard:
    """A published matter in its simplest situation: every question at its first answer."""

    slug: str
    subject: str
    stage: str
    matter: CompiledMatter

    @property
    def url(self) -> str:
        return reverse("catalog:matter", args=[self.slug])

    @property
    def name(self) -> str:
        return self._in_words(self.matter.name)

    @cached_property
    def plan(self) -> Plan:
        return self.matter.plan_for(typical_answers(self.matter))

    @property
    def who(self) -> str:
        departments = {item.department for item in self.plan.items}
        items = len(self.plan.items)
        return " · ".join(
            (
                ngettext("%(count)s 个部门", "%(count)s 个部门", len(departments)) % {"count": len(departments)},
                ngettext("%(count)s 个事项", "%(count)s 个事项", items) % {"count": items},
            )
        )

    @property
    def department_short_names(self) -> list[str]:
        names = dict.fromkeys(item.department_short_name or item.department_name for item in self.plan.items)
        return [self._in_words(name) for name in names]

    @property
    def figures(self) -> list[CardFigure]:
        """Return forms, papers, visits and working days: what it took, and what it takes now."""
        figures = self.plan.figures
        forms, materials, visits, days = figures.forms, figures.materials, figures.visits, figures.days
        return [
            CardFigure(forms.before, forms.after, ngettext("张表", "张表", forms.after)),
            CardFigure(materials.before, materials.after, ngettext("份材料", "份材料", materials.after)),
            CardFigure(visits.before, visits.after, ngettext("次跑动", "次跑动", visits.after)),
            CardFigure(days.before, days.after, ngettext("个工作日", "个工作日", days.after)),
        ]

    def _in_words(self, text: str) -> str:
        language = (get_language() or "zh").split("-")[0]
        return text if language == "zh" else self.matter.translate(text, language)


def matter_cards() -> list[MatterCard]:
    """Return the published matters in the order they were added. Cost: one query, and one per version not yet compiled."""
    rows = (
        Matter.objects.filter(current_version__isnull=False)
        .order_by("pk")
        .values_list("slug", "subject", "stage", "current_version")
    )
    return [MatterCard(slug, subject, stage, compiled(version)) for slug, subject, stage, version in rows]
