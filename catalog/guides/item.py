"""The guide of one service item: every conventional section of a 办事指南, and what applying for it within a matter saves.

Read from the item's published version: what somebody is editing is seen by nobody. What is not known is said to be unpublished: an empty
attribute is a fact only where the definition says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from catalog.definitions import IMMEDIATE, MaterialNeed
from catalog.merging.compiled import CompiledMatter
from catalog.merging.typical import typical_answers
from catalog.models import Confidence, ItemMaterial, MaterialExemption, Matter
from catalog.versions.items import PublishedItem, published_items
from catalog.versions.matters import compiled, listed_versions
from catalog.wording.limits import limit_or_note
from catalog.wording.papers import exemption_words
from catalog.wording.translating import translate, translator_for

__all__ = ["ItemGuide", "NoSuchItem", "item_guide"]


RESULT = MaterialExemption.Kind.RESULT.value


class NoSuchItem(Exception):
    """There is no item of this name, or it is cancelled. ``code``: ``no_such_item``."""

    code = "no_such_item"

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(_("没有找到这个事项，或者它已经取消。"))


@dataclass(frozen=True)
class Need:
    """A paper the item asks for, and every way it may be met instead."""

    name: str
    standard_code: str
    necessity: str
    is_required: bool
    form: str
    copies: int
    source: str
    note: str
    reason: str
    is_conditional: bool
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Saving:
    """What the item takes alone and within a matter, in its usual situation."""

    fields: int
    shared_fields: int
    papers: int
    exempt_papers: int

    @property
    def sentences(self) -> list[str]:
        fields = {"fields": self.fields, "shared": self.shared_fields}
        papers = {"papers": self.papers, "exempt": self.exempt_papers}
        shared = ngettext(
            "表上 %(fields)s 项里有 %(shared)s 项与别的事项共用或系统带出，不用另填。",
            "表上 %(fields)s 项里有 %(shared)s 项与别的事项共用或系统带出，不用另填。",
            self.fields,
        )
        exempt = ngettext(
            "%(papers)s 份材料里最多 %(exempt)s 份免交。", "%(papers)s 份材料里最多 %(exempt)s 份免交。", self.papers
        )
        return [*([shared % fields] if self.shared_fields else []), *([exempt % papers] if self.exempt_papers else [])]


@dataclass(frozen=True)
class Within:
    """A matter that includes the item. ``words``: what applying there saves, or when the item is needed."""

    slug: str
    name: str
    status: str
    is_open: bool
    words: str


class ItemGuide:
    """One item as its guide page shows it."""

    def __init__(self, published: PublishedItem, names: Mapping[tuple[str, str], str]) -> None:
        self.published, self.item, self.definition = published, published.row, published.definition
        self._names = names

    def is_stated(self, attribute: str) -> bool:
        """Return whether a number that is written down may be told: nothing marks it as not known."""
        told = self.item.facts.get(attribute)
        return told is None or bool(told.get("confidence") != Confidence.OPEN)

    @property
    def handling(self) -> str:
        """Return the kind of case in words; empty where neither a source nor a limit says it."""
        has_limit = self.item.promised_limit_days is not None or self.item.handling == IMMEDIATE
        told = self.item.facts.get("handling")
        stated = told is not None and told.get("confidence") != Confidence.OPEN
        return str(self.item.get_handling_display()) if stated or has_limit else ""

    @cached_property
    def name(self) -> str:
        return translate(self.item.name)

    @cached_property
    def department(self) -> str:
        return translate(self.item.department.name)

    @cached_property
    def basics(self) -> list[tuple[str, str]]:
        """Return (what, value) of 基本信息; an empty value is not published."""
        item = self.item
        return [
            (_("事项名称"), self.name),
            (_("事项类型"), item.get_item_type_display() if item.item_type else ""),
            (_("基本编码"), item.catalog_code),
            (_("实施编码"), item.task_code),
            (_("地方编码"), item.local_code),
            (_("实施主体"), self.department),
            (_("实施区划"), translate(self.published.division)),
            (_("行使层级"), item.get_exercise_level_display() if item.exercise_level else ""),
            (_("服务对象"), pgettext("between names", "、").join(translate(each) for each in item.subjects)),
            (_("办件类型"), self.handling),
            (_("申请人身份"), str(item.get_identity_level_display())),
            (_("能否代办"), _("只能本人办理，不能委托别人") if item.in_person_only else _("可以委托别人代办")),
            (_("事项状态"), str(item.get_status_display())),
        ]

    @cached_property
    def limits(self) -> list[tuple[str, str]]:
        item = self.item
        at_once = item.promised_limit_days is None and item.handling == IMMEDIATE
        return [
            (what, limit_or_note(which, days, item.limit_unit, item.limit_note))
            for which, what, days in (
                ("statutory", _("法定办结时限"), item.statutory_limit_days),
                ("promised", _("承诺办结时限"), 0 if at_once else item.promised_limit_days),
            )
        ]

    @cached_property
    def visits(self) -> str:
        """Return how often one must come, in words; empty where that is not published."""
        if self.item.visits:
            return ngettext("%(count)s 次", "%(count)s 次", self.item.visits) % {"count": self.item.visits}
        return _("0 次，不用到现场") if self.item.visits == 0 and self.is_stated("visits") else ""

    @cached_property
    def is_free(self) -> bool:
        return self.item.fees == [] and self.is_stated("fees")

    @cached_property
    def needs(self) -> list[Need]:
        return [
            Need(
                name=translate(paper.name),
                standard_code=paper.standard_code,
                necessity=_necessity(need),
                is_required=need.necessity == ItemMaterial.Necessity.REQUIRED,
                form=str(ItemMaterial.Form(need.form).label),
                copies=need.copies,
                source=translate(paper.issued_by),
                note=translate(paper.note),
                reason=translate(need.reason),
                is_conditional=need.condition is not None,
                ways=tuple(self._way(way.kind, way.reference) for way in need.exemptions),
            )
            for need in self.definition.materials
            for paper in [self.published.materials[need.material]]
        ]

    def _way(self, kind: str, reference: str) -> str:
        return exemption_words(kind, translate(self._names.get((kind, reference), "")))

    @cached_property
    def results(self) -> list[str]:
        return [translate(result.name) for result in self.definition.results]

    @cached_property
    def faqs(self) -> list[tuple[str, str]]:
        return [(translate(question), translate(answer)) for question, answer in self.published.faqs]

    @cached_property
    def matters(self) -> list[Within]:
        """Return the listed matters that include the item, each with what it saves there. One query, one more per version not yet compiled."""
        shown = []
        for version in listed_versions():
            matter, status = compiled(version.pk), Matter.Status(str(version.status))
            use = next((each for each in matter.uses if each.item == self.item.slug), None)
            if use is None:
                continue
            saving = None if status == Matter.Status.COMING else saving_in(matter, self.item.slug)
            name, words = translator_for(matter)(matter.name), self._words(saving, use.optional)
            shown.append(Within(matter.slug, name, str(status.label), status == Matter.Status.OPEN, words))
        return sorted(shown, key=lambda each: not each.is_open)

    def _words(self, saving: Saving | None, is_optional: bool) -> str:
        if saving is None:
            return _("可以一并选办。") if is_optional else _("有的情形要办这一项，回答几个问题就知道。")
        before, after = self.item.visits, self.item.visits_together
        is_less = before is not None and after is not None and before > after
        fewer = [_("到现场从 %(before)s 次减到 %(after)s 次。") % {"before": before, "after": after}] if is_less else []
        between = "" if (get_language() or "zh").startswith("zh") else " "
        return between.join([*saving.sentences, *fewer])


def saving_in(matter: CompiledMatter, slug: str) -> Saving | None:
    """Return what an item's first sub-item shares and is exempt from in the matter's usual situation; None where it is not needed there."""
    plan = matter.plan_for(typical_answers(matter))
    key = next((item.key for item in plan.items if item.slug == slug), None)
    if key is None:
        return None
    fields = [field for field in plan.fields.values() if any(asker.item == key for asker in field.asked_by)]
    papers = [paper for paper in plan.materials if any(asker.item == key for asker in paper.asked_by)]
    shared = [
        field
        for field in fields
        if len({asker.slug for asker in field.asked_by}) > 1 or field.supplied_by or field.known_from
    ]
    return Saving(len(fields), len(shared), len(papers), sum(1 for paper in papers if paper.exemption is not None))


def _necessity(need: MaterialNeed) -> str:
    if need.necessity == ItemMaterial.Necessity.DEFERRABLE:
        return _("可容缺后补，受理后 %(days)s 个工作日内") % {"days": need.deferred_days}
    return str(ItemMaterial.Necessity(need.necessity).label)


def item_guide(slug: str) -> ItemGuide:
    """Return an item's guide. Raises `NoSuchItem`. Cost: at most four queries, whatever the item has."""
    item = published_items(slug).get(slug)
    if item is None:
        raise NoSuchItem(slug)
    results = {way.reference for need in item.definition.materials for way in need.exemptions if way.kind == RESULT}
    names = {(RESULT, each): found.row.name for each, found in (published_items(*results) if results else {}).items()}
    return ItemGuide(item, item.names | names)
