"""What the guide page of a matter shows in one situation, in the reader's language.

Everything comes from the published version, so that a guide never promises other than what is applied by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from catalog.definitions import GuideQuestion
from catalog.figures import Figure
from catalog.flow_picture import Picture, direct_waits, draw, text_width
from catalog.merging.planned import PlannedField, PlannedItem, PlannedMaterial
from catalog.models import DeclaredFigure
from catalog.plans import CompiledMatter, Plan
from catalog.situations import typical_answers
from catalog.wording import EXEMPTIONS


@dataclass(frozen=True)
class ShownFigure:
    """A before → after pair with the two lists that explain it, as (what, amount) lines."""

    key: str
    name: str
    unit: str
    before: int
    after: int
    before_list: tuple[tuple[str, str], ...]
    after_list: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownItem:
    """An item of the matter: in this situation, or (``planned`` None) only in others. ``facts`` as in ``catalog.guide_facts``."""

    slug: str
    name: str
    department: str
    department_name: str
    planned: PlannedItem | None
    times: int
    promised_limit_days: int
    statutory_limit_days: int | None
    results: tuple[str, ...]
    waits_for: tuple[str, ...]
    is_optional: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class ShownMaterial:
    """A paper, who asks for it, and how it is met where it need not be handed in."""

    name: str
    owner: str
    note: str
    form: str
    copies: int
    is_required: bool
    how: str
    how_by: str
    asked_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MatrixRow:
    """A field of the merged form: for each department, what it calls it in its own form (empty: not told)."""

    label: str
    known: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ShownQuestion:
    """A guide question with the answer shown; ``chosen`` holds the values."""

    question: GuideQuestion
    chosen: tuple[str, ...]


class Guide:
    """A matter's guide for one set of answers; questions not answered take their first answer."""

    def __init__(self, matter: CompiledMatter, answers: Mapping[str, Any]) -> None:
        self.matter = matter
        typical = typical_answers(matter)
        self.answers = matter.clean_answers({**typical, **matter.clean_answers({**typical, **answers})})
        self.is_typical = self.answers == typical
        self.plan: Plan = matter.plan_for(self.answers)
        self.facts: Mapping[str, Any] = matter.plan["matter"]["facts"]
        self.language = get_language() or "zh-hans"

    def say(self, text: str) -> str:
        """Return a text of the catalog in the reader's language."""
        return text if self.language.startswith("zh") else self.matter.translate(text, self.language)

    def short_name(self, slug: str) -> str:
        """Return what an item is called for short."""
        return self.say(self.facts["items"][slug]["short_name"])

    def instance_name(self, key: str) -> str:
        """Return a sub-item's short name, numbered where there are several."""
        item = self.plan.item(key)
        name = self.short_name(item.slug)
        several = sum(1 for each in self.plan.items if each.slug == item.slug) > 1
        return f"{name} {item.instance}" if several else name

    @cached_property
    def name(self) -> str:
        return self.say(self.matter.name)

    @cached_property
    def summary(self) -> str:
        return self.say(self.matter.plan["matter"]["summary"])

    @cached_property
    def conditions(self) -> list[str]:
        return [self.say(text) for text in self.facts["conditions"]]

    @cached_property
    def lead_department(self) -> str:
        code = self.matter.plan["matter"]["lead_department"]
        return self.say(self.matter.plan["departments"][code]["name"])

    @cached_property
    def departments(self) -> list[tuple[str, str]]:
        """Return (short name, full name) of the departments of this situation, in the items' order."""
        names = {item.department: (item.department_short_name, item.department_name) for item in self.plan.items}
        return [(self.say(short), self.say(full)) for short, full in names.values()]

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
        names = self.matter.plan["departments"]
        return [(self.say(names[code]["short_name"]), known[code]["phone"]) for code in codes if known[code]["phone"]]

    @cached_property
    def faqs(self) -> list[tuple[str, str]]:
        entries = [*self.facts["faqs"], *(faq for item in self.facts["items"].values() for faq in item["faqs"])]
        return [(self.say(entry["question"]), self.say(entry["answer"])) for entry in entries]

    @cached_property
    def stops(self) -> list[str]:
        return [self.say(stop.sentence) for stop in self.plan.stops]

    @cached_property
    def notes(self) -> list[str]:
        """Return what the chosen answers change, in the words of their options."""
        return [
            self.say(option.note)
            for shown in self.questions
            if not shown.question.implied
            for option in shown.question.options
            if option.note and option.value in shown.chosen
        ]

    @cached_property
    def questions(self) -> list[ShownQuestion]:
        shown = []
        for question in self.matter.questions_for(self.answers):
            given = self.answers.get(question.key, [])
            chosen = given if isinstance(given, list) else [given]
            shown.append(ShownQuestion(question, tuple(str(value) for value in chosen)))
        return shown

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
        planned = {item.slug: item for item in reversed(self.plan.items)}
        times = {slug: sum(1 for item in self.plan.items if item.slug == slug) for slug in planned}
        names = self.matter.plan["departments"]
        waits = direct_waits(self.plan)
        shown = []
        for entry in self.matter.plan["items"]:
            definition, slug = entry["definition"], entry["definition"]["slug"]
            item = planned.get(slug)
            shown.append(
                ShownItem(
                    slug=slug,
                    name=self.say(definition["name"]),
                    department=self.say(names[definition["department"]]["short_name"]),
                    department_name=self.say(names[definition["department"]]["name"]),
                    planned=item,
                    times=times.get(slug, 0),
                    promised_limit_days=definition["promised_limit_days"] or 0,
                    statutory_limit_days=definition["statutory_limit_days"],
                    results=tuple(self.say(result["name"]) for result in definition["results"]),
                    waits_for=tuple(self.short_name(before) for before, after in waits if after == slug),
                    is_optional=entry["use"]["optional"],
                    facts=self.facts["items"][slug],
                )
            )
        return shown

    @cached_property
    def to_hand_in(self) -> list[ShownMaterial]:
        return [self._material(each) for each in self.plan.materials if each.exemption is None]

    @cached_property
    def spared(self) -> list[ShownMaterial]:
        return [self._material(each) for each in self.plan.materials if each.exemption is not None]

    @cached_property
    def required_count(self) -> int:
        return sum(1 for each in self.plan.materials if each.must_be_uploaded)

    def _owner(self, role: str, instance: int) -> str:
        """Return whose paper it is; empty where a role that may repeat does not, and the paper's name says enough."""
        known = {each.key: each for each in self.matter.roles}.get(role)
        if known is None:
            return ""
        count = next((each.count for each in self.plan.roles if each.key == role), 1)
        if count > 1:
            return f"{self.say(known.label)} {instance}"
        return "" if known.maximum > 1 else self.say(known.label)

    def _material(self, material: PlannedMaterial) -> ShownMaterial:
        exemption, by = material.exemption, ""
        if exemption is not None and exemption.kind == "shared_data":
            department = self.matter.plan["departments"].get(exemption.reference, {})
            by = self.say(department.get("short_name", ""))
        elif exemption is not None and exemption.kind == "result":
            names = dict.fromkeys(self.short_name(self.plan.item(key).slug) for key in material.supplied_by)
            by = pgettext("between names", "、").join(names)
        forms = {
            "paper": _("纸质"),
            "electronic": _("电子"),
            "paper_or_electronic": _("纸质拍照或电子"),
            "paper_and_electronic": _("纸质和电子"),
        }
        asked = {asker.slug: self.say(asker.need.reason) for asker in material.asked_by}
        return ShownMaterial(
            name=self.say(material.name),
            owner=self._owner(material.role, material.instance),
            note=self.say(material.note),
            form=forms.get(material.form, ""),
            copies=material.copies,
            is_required=material.necessity == "required",
            how=str(EXEMPTIONS[exemption.kind]) if exemption else "",
            how_by=by,
            asked_by=tuple((self.short_name(slug), reason) for slug, reason in asked.items()),
        )

    @cached_property
    def picture(self) -> Picture:
        """Return the flow of this situation as lanes."""
        return draw(self.plan, self.say, working_days, self._bar_name)

    def _bar_name(self, item: PlannedItem) -> str:
        times = sum(1 for each in self.plan.items if each.slug == item.slug)
        return f"{self.short_name(item.slug)} ×{times}" if times > 1 else self.short_name(item.slug)

    @cached_property
    def matrix(self) -> list[tuple[str, list[MatrixRow]]]:
        """Return the field × department table by section: each fact once, and what each department calls it."""
        codes = list(dict.fromkeys(item.department for item in self.plan.items))
        sections = []
        for section in self.plan.sections:
            rows = [self._row(field, codes) for field in section.fields if "#" not in field.key]
            if rows and section.instance == 1:
                sections.append((self.say(section.title), rows))
        return sections

    def _row(self, field: PlannedField, codes: list[str]) -> MatrixRow:
        cells = tuple(
            tuple(dict.fromkeys(self.say(asker.label) for asker in field.asked_by if asker.department == code))
            for code in codes
        )
        known = ""
        if field.supplied_by:
            item = self.short_name(self.plan.item(field.supplied_by.item).slug)
            known = _("%(item)s办好后自动带出") % {"item": item}
        elif field.known_from == "profile":
            known = _("您的账户带出")
        return MatrixRow(self.say(field.label), known, cells)

    @cached_property
    def figures(self) -> list[ShownFigure]:
        """Return what it took when every item was applied for alone, and what it takes now, each with its lists."""
        figures = self.plan.figures
        name = self.say(self.matter.name)
        items = self.instance_name
        materials = {each.key: self._paper_name(each) for each in self.plan.materials}
        fields = {key: self.say(field.label) for key, field in self.plan.fields.items()}

        def numbered(figure: str, pairs: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
            shown = ((items(key) if key in self._keys else name, number) for key, number in pairs)
            return tuple((label, f"{number} {unit(figure, number)}") for label, number in shown if number)

        def listed(
            figure: Figure, labels: Mapping[str, str]
        ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
            counts: dict[str, int] = {}
            for key, _code in figure.before_list:
                counts[key] = counts.get(key, 0) + 1
            before = tuple((items(key), str(count)) for key, count in counts.items())
            return before, tuple((labels[key], "") for key in figure.after_list)

        forms = (tuple((items(key), "") for key in figures.forms.before_list), ((_("一张合并的表"), ""),))
        paper_lists, field_lists = listed(figures.materials, materials), listed(figures.fields, fields)
        shown = []
        for key, title, figure, lists in (
            ("forms", _("表单"), figures.forms, forms),
            ("materials", _("材料"), figures.materials, paper_lists),
            ("visits", _("跑动"), figures.visits, None),
            ("days", _("办理时间"), figures.days, None),
            ("fields", _("要填的项"), figures.fields, field_lists),
            ("steps", _("环节"), figures.steps, None),
        ):
            before, after = lists or (numbered(key, figure.before_list), numbered(key, figure.after_list))
            shown.append(ShownFigure(key, title, unit(key, figure.after), figure.before, figure.after, before, after))
        return shown

    @cached_property
    def _keys(self) -> set[str]:
        return {item.key for item in self.plan.items}

    def _paper_name(self, material: PlannedMaterial) -> str:
        owner = self._owner(material.role, material.instance)
        optional = "" if material.necessity == "required" else _("（可不交）")
        return f"{self.say(material.name)}{f' · {owner}' if owner else ''}{optional}"

    @cached_property
    def declared(self) -> list[dict[str, str]]:
        """Return the figures other places declare: place, what, before, after."""
        metrics = {value: str(label) for value, label in DeclaredFigure.Metric.choices}
        return [
            {**row, "metric": metrics[row["metric"]]}
            for row in self.matter.plan["matter"]["declared"].get("figures", [])
        ]

    @cached_property
    def fees(self) -> list[tuple[str, str, str]]:
        """Return (item, name, amount) of everything that costs something in this situation."""
        return [
            (self.short_name(item.slug), self.say(fee["name"]), self.say(fee["amount"]))
            for item in self.items
            for fee in item.facts["fees"]
        ]

    @cached_property
    def visits(self) -> int:
        return self.plan.figures.visits.after


def unit(figure: str, number: int) -> str:
    """Return what a figure counts, as it is said after ``number``."""
    return {
        "forms": ngettext("张", "张", number),
        "materials": ngettext("份", "份", number),
        "visits": ngettext("次", "次", number),
        "days": ngettext("个工作日", "个工作日", number),
        "fields": _("项"),
        "steps": ngettext("个", "个", number),
    }[figure]


def working_days(number: int) -> str:
    """Return a number of working days in words."""
    return ngettext("%(count)s 个工作日", "%(count)s 个工作日", number) % {"count": number}
