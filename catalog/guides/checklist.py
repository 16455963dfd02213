"""The personal checklist: what one situation needs, in numbers that can be checked."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.guides.items import ShownItem
from catalog.guides.matter import Guide
from catalog.guides.papers import ShownMaterial, shown_material
from catalog.guides.questions import answer_words
from catalog.merging.estimating import Estimate, estimate
from catalog.merging.planned import PlannedField
from catalog.wording.limits import further, together_words
from catalog.wording.papers import class_counts, owner_name

__all__ = ["Checklist"]

# Numbers that people look up in a document while they fill in.
_FROM_DOCUMENTS: Final = frozenset({"id_number", "bank_account", "credit_code"})


class Checklist:
    """What one applicant needs: a guide's plan for complete answers, read as a list to tick off."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.plan = guide.plan

    @cached_property
    def situation(self) -> list[tuple[str, str, str]]:
        """Return (question, answer, key) in words."""
        matter, translate = self.guide.matter, self.guide.translate
        return [
            (translate(each.text), answer_words(each, self.guide.answers.get(each.key), translate), each.key)
            for each in matter.questions_for(self.guide.answers)
        ]

    @cached_property
    def items(self) -> list[ShownItem]:
        return self.guide.items

    @cached_property
    def item_count(self) -> int:
        """Return how many sub-items there will be: twins count twice."""
        return len(self.plan.items)

    @cached_property
    def must(self) -> list[ShownMaterial]:
        """Return the papers that must be handed in, whatever the form will say."""
        return [paper for paper in self.guide.to_hand_in if paper.is_required and not paper.is_conditional]

    @cached_property
    def may(self) -> list[ShownMaterial]:
        """Return the papers that depend on the form, or that may be left out."""
        return [paper for paper in self.guide.to_hand_in if not paper.is_required or paper.is_conditional]

    @cached_property
    def exempt(self) -> list[ShownMaterial]:
        return self.guide.exempt

    @cached_property
    def exempt_counts(self) -> str:
        """Return how many papers may be spared in which way, in words."""
        return class_counts(paper.kind for paper in self.exempt)

    @cached_property
    def at_once(self) -> list[ShownMaterial]:
        """Return the papers that the applicant has in an electronic form or gave before: worth having at hand if that should fail."""
        return [
            shown_material(self.guide, each)
            for each in self.plan.materials
            if each.exemption is not None and each.exemption.kind in ("certificate", "earlier_upload")
        ]

    @cached_property
    def numbers(self) -> list[str]:
        """Return the numbers to look up beforehand, each with whose it is: 母亲 · 证件号码."""
        shown = self.plan.visible({})
        fields = [field for key, field in self.plan.fields.items() if key in shown and self._is_to_look_up(field)]
        return list(dict.fromkeys(self._whose(field) for field in fields))

    def _is_to_look_up(self, field: PlannedField) -> bool:
        return field.type in _FROM_DOCUMENTS and not (field.known_from and field.reuse != "ask")

    def _whose(self, field: PlannedField) -> str:
        translate = self.guide.translate
        owner, label = owner_name(self.plan, field.role, field.instance, translate), translate(field.label)
        return label if not owner or label.startswith(owner) else f"{owner} · {label}"

    @cached_property
    def in_short(self) -> list[str]:
        """Return the figures of the situation in words, marked up; what is not published is said to be so."""
        items, must = self.item_count, len(self.must)
        shown = [
            ngettext("您需要办理 <b>%(count)s</b> 个事项", "您需要办理 <b>%(count)s</b> 个事项", items)
            % {"count": items}
        ]
        if must:
            shown.append(
                ngettext("提交 <b>%(count)s</b> 份材料", "提交 <b>%(count)s</b> 份材料", must) % {"count": must}
            )
        else:
            shown.append(_("不用交材料") if self.guide.has_papers else _("材料未公布"))
        if self.guide.is_open:
            minutes = self.estimate.minutes
            shown.append(
                ngettext("约 <b>%(minutes)s</b> 分钟", "约 <b>%(minutes)s</b> 分钟", minutes) % {"minutes": minutes}
            )
        if not self.guide.unknown_limits:
            shown.append(f"<b>{self.days}</b>")
        else:
            shown.append(self.days if self.plan.working_days else _("办理时限未公布"))
        return [SafeString(each) for each in shown]  # numbers and words of ours

    @cached_property
    def in_notice(self) -> list[str]:
        """Return the figures in words as the printed notice says them."""
        items, must = self.item_count, len(self.must)
        papers = ngettext("提交 %(count)s 份材料", "提交 %(count)s 份材料", must) % {"count": must}
        days = _("全部办完最多 %(days)s") % {"days": self.days}
        return [
            ngettext("办理 %(count)s 个事项", "办理 %(count)s 个事项", items) % {"count": items},
            papers if self.guide.has_papers else _("材料未公布"),
            _("办理时限%(days)s") % {"days": self.days} if self.guide.unknown_limits else days,
        ]

    @cached_property
    def estimate(self) -> Estimate:
        return estimate(self.plan)

    @cached_property
    def days(self) -> str:
        """Return how long the departments take together: the longest path; what is not published is said to be so."""
        return together_words(self.plan.working_days, len(self.guide.unknown_limits))

    @cached_property
    def path(self) -> list[str]:
        """Return the items of the longest path, in their order."""
        return [self.guide.instance_name(key) for key in self.plan.critical_path]

    @cached_property
    def visits(self) -> list[tuple[str, int, str]]:
        """Return (item, times, reason) of what cannot be done without coming."""
        definitions = self.guide.matter.items
        return [
            (item.name, times, item.facts["visit_reason"])
            for item in self.items
            if (times := definitions[item.slug].visits_together)
        ]

    @cached_property
    def visit_words(self) -> list[str]:
        """Return what cannot be done without coming, each in words: 登记 1 次（领证）; then of how many items that is not published."""
        opening, closing = pgettext("bracket", "（"), pgettext("bracket", "）")
        return [
            f"{name} {ngettext('%(times)s 次', '%(times)s 次', times) % {'times': times}}"
            + (f"{opening}{reason}{closing}" if reason else "")
            for name, times, reason in self.visits
        ] + ([further(len(self.guide.unknown_visits))] if self.visits and self.guide.unknown_visits else [])

    @cached_property
    def results(self) -> list[tuple[str, str]]:
        """Return (item, what one gets) in words."""
        shown: list[tuple[str, str]] = []
        for item in self.items:
            what = pgettext("between names", "、").join(item.results) or item.facts["result_note"]
            if what:
                shown.append((item.short_name, what))
        return shown

    @cached_property
    def bases(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """Return (item, laws with their articles in Chinese and in the reader's language) where the legal basis is known."""
        return [(item.short_name, item.bases) for item in self.items if item.bases]
