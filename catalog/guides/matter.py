"""What the guide page of a matter shows in one situation, in the reader's language.

Everything comes from the published version, so that a guide never promises other than what is applied by.
"""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.guides.figures import ShownFigure, shown_figures
from catalog.guides.flow import Picture, draw, text_width
from catalog.guides.items import ShownItem, shown_items
from catalog.guides.matrix import MatrixRow, matrix
from catalog.guides.papers import ShownMaterial, shown_material
from catalog.guides.questions import Asked, ask
from catalog.guides.situation import Situation
from catalog.merging.planned import PlannedItem
from catalog.wording.limits import fee_words, limit_words, together_words, visit_words

_PLACE = ("name", "address", "hours", "phone")


class Guide(Situation):
    """A matter's guide for one set of answers: everything its page shows."""

    @cached_property
    def summary(self) -> str:
        return self.translate(self.matter.content["matter"]["summary"])

    @cached_property
    def conditions(self) -> list[str]:
        return [self.translate(text) for text in self.facts["conditions"]]

    @property
    def has_item_conditions(self) -> bool:
        """Return whether any item of this situation has conditions of its own that are known."""
        return any(item.facts["conditions"] for item in self.items)

    @cached_property
    def lead_department(self) -> str:
        code = self.matter.content["matter"]["lead_department"]
        return self.translate(self.matter.content["departments"].get(code, {}).get("name", ""))

    @cached_property
    def departments(self) -> list[tuple[str, str]]:
        """Return (short name, full name) of the departments of this situation, in the items' order."""
        names = {item.department: (item.department_short_name, item.department_name) for item in self.plan.items}
        return [(self.translate(short), self.translate(full)) for short, full in names.values()]

    @cached_property
    def strokes(self) -> list[tuple[str, int]]:
        """Return (department, height) for the picture in which many lines become one; it is 120 high."""
        names = [short for short, _full in self.departments][:8]
        step = 96 / max(len(names) - 1, 1)
        return [(name, round(12 + step * index) if len(names) > 1 else 60) for index, name in enumerate(names)]

    @cached_property
    def strokes_left(self) -> int:
        """Return where the departments' names end in that picture."""
        return round(max((text_width(name) for name, _y in self.strokes), default=0)) + 4

    @cached_property
    def phones(self) -> list[tuple[str, str]]:
        """Return (department, phone) where a phone is known."""
        codes = dict.fromkeys(item.department for item in self.plan.items)
        known = self.facts["departments"]
        names = self.matter.content["departments"]
        return [
            (self.translate(names[code]["short_name"]), known[code]["phone"]) for code in codes if known[code]["phone"]
        ]

    @cached_property
    def places(self) -> list[tuple[str, list[dict[str, str]]]]:
        """Return (item, places) of this situation's items that are done at a place that is known: name, address, hours, phone."""
        return [
            (item.name, [{key: place.get(key, "") for key in _PLACE} for place in item.facts["places"]])
            for item in self.items
            if item.facts.get("places")
        ]

    @cached_property
    def faqs(self) -> list[tuple[str, str]]:
        entries = [*self.facts["faqs"], *(faq for item in self.facts["items"].values() for faq in item["faqs"])]
        return [(self.translate(entry["question"]), self.translate(entry["answer"])) for entry in entries]

    @cached_property
    def stops(self) -> list[str]:
        return [self.translate(stop.sentence) for stop in self.plan.stops]

    @cached_property
    def notes(self) -> list[str]:
        """Return what the chosen answers change, in the words of their options."""
        return [
            choice.note
            for question in self.questions
            if not question.is_implied
            for choice in question.choices
            if choice.note and choice.is_chosen
        ]

    @cached_property
    def questions(self) -> list[Asked]:
        """Return the questions of this situation with the answers shown."""
        return [
            ask(each, self.answers.get(each.key), self.translate) for each in self.matter.questions_for(self.answers)
        ]

    @cached_property
    def items(self) -> list[ShownItem]:
        """Return the items of this situation."""
        return [item for item in self._all_items if item.planned is not None]

    @cached_property
    def other_items(self) -> list[ShownItem]:
        """Return the items that only other situations, or a choice, bring."""
        return [item for item in self._all_items if item.planned is None]

    @cached_property
    def _all_items(self) -> list[ShownItem]:
        return shown_items(self)

    @cached_property
    def to_hand_in(self) -> list[ShownMaterial]:
        return [shown_material(self, each) for each in self.plan.materials if each.exemption is None]

    @cached_property
    def exempt(self) -> list[ShownMaterial]:
        return [shown_material(self, each) for each in self.plan.materials if each.exemption is not None]

    @cached_property
    def required_count(self) -> int:
        """Return how many papers must be handed in, whatever the form will say."""
        return sum(1 for each in self.plan.materials if each.must_be_uploaded and not each.conditional)

    @property
    def other_count(self) -> int:
        """Return how many of the papers to hand in depend on the form, may follow later or may be left out."""
        return len(self.to_hand_in) - self.required_count

    @cached_property
    def critical(self) -> frozenset[str]:
        """Return the items on the longest path: nothing else decides when all is done."""
        return frozenset(self.plan.item(key).slug for key in self.plan.critical_path)

    @cached_property
    def picture(self) -> Picture:
        """Return the flow of this situation as lanes."""
        return draw(self.plan, self.translate, _limit, self._bar_name)

    @cached_property
    def together(self) -> str:
        """Return how long it takes altogether, in words."""
        if self.unknown_limits:
            together = together_words(self.plan.working_days, len(self.unknown_limits))
            return _("各部门同时办，互不等待的不排队；时限%(together)s，这里只画先后") % {"together": together}
        days = self.plan.working_days
        return ngettext(
            "各部门同时办，互不等待的不排队；全部办完最多 %(days)s 个工作日",
            "各部门同时办，互不等待的不排队；全部办完最多 %(days)s 个工作日",
            days,
        ) % {"days": days}

    def _bar_name(self, item: PlannedItem) -> str:
        times = sum(1 for each in self.plan.items if each.slug == item.slug)
        return f"{self.short_name(item.slug)} ×{times}" if times > 1 else self.short_name(item.slug)

    @cached_property
    def matrix(self) -> list[tuple[str, list[MatrixRow]]]:
        """Return the field × department table by section."""
        return matrix(self)

    @cached_property
    def figures(self) -> list[ShownFigure]:
        """Return before → after, each with its lists and what other places declare."""
        return shown_figures(self)

    @cached_property
    def fees(self) -> list[tuple[str, str, str]]:
        """Return (item, name, amount) of everything that costs something in this situation."""
        return [
            (item.short_name, fee["name"], fee["amount"]) for item in self.items for fee in item.facts["fees"] or ()
        ]

    @cached_property
    def fee_words(self) -> str:
        """Return what it costs in words; what nobody published is said to be so, never to be free."""
        colon = pgettext("colon", "：")
        costs = [f"{item}{colon}{name} {amount}" for item, name, amount in self.fees]
        free = sum(1 for item in self.items if item.facts["fees"] == []) if self.is_open else 0
        unknown = sum(
            1 for item in self.items if item.facts["fees"] is None or not (self.is_open or item.facts["fees"])
        )
        return fee_words(costs, free, unknown or (not self.items and not self.is_open))

    @cached_property
    def place(self) -> str:
        """Return where it is done, if that place does it in its own way; else empty."""
        return self.translate(self.facts["division"]) if self.facts.get("local") else ""

    @cached_property
    def has_papers(self) -> bool:
        """Return whether the papers of this situation are known; a list of none is a fact only where the matter is open."""
        return self.is_open or bool(self.plan.materials)

    @cached_property
    def visit_words(self) -> str:
        """Return how often one must come in words; what nobody published is said to be so, never to be no visit."""
        times, unknown = self.plan.figures.visits.after, len(self.unknown_visits)
        if not times and not self.is_open:
            return visit_words(0, 1, 0)
        return visit_words(times, unknown, len(self.plan.items) - unknown)


def _limit(item: PlannedItem) -> str:
    return limit_words(item.promised_limit_days, item.limit_unit)
