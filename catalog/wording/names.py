"""What the codes in findings are called: questions and their options, fields, papers, items. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.definitions import ElementDefinition, GuideQuestion, ItemDefinition, MaterialDefinition, MatterDefinition
from catalog.definitions.naming import field_key
from catalog.models import DeclaredFigure, ServiceItem

# What a figure measures; the guides of other places call visits trips.
METRICS = {
    **dict(DeclaredFigure.Metric.choices),
    "trips": DeclaredFigure.Metric.VISITS.label,
    "fields": gettext_lazy("要填的项"),
}

KINDS = {
    "role": gettext_lazy("角色"),
    "element": gettext_lazy("数据元"),
    "field": gettext_lazy("字段"),
    "line": gettext_lazy("字段"),
    "material": gettext_lazy("材料"),
    "department": gettext_lazy("部门"),
    "item": gettext_lazy("事项"),
    "variable": gettext_lazy("条件里的问题或字段"),
    "face": gettext_lazy("证照上的内容"),
    "section": gettext_lazy("表单部分"),
    "question": gettext_lazy("引导问题"),
    "option": gettext_lazy("选项"),
    "type": gettext_lazy("类型"),
    "limit_unit": gettext_lazy("时限单位"),
    "reuse": gettext_lazy("复用方式"),
    "necessity": gettext_lazy("必要性"),
    "form": gettext_lazy("材料形式"),
    "exemption": gettext_lazy("免交方式"),
    "maximum": gettext_lazy("最多几位"),
    "same_as": gettext_lazy("同一人"),
    "dependency": gettext_lazy("先后关系"),
}


def column_words(name: str) -> str:
    """Return what the form of an item calls one of its columns; the name itself where there is no such column."""
    columns = {each.name: each for each in ServiceItem._meta.get_fields() if hasattr(each, "verbose_name")}
    return str(columns[name].verbose_name) if name in columns else name


def value_words(value: Any) -> str:
    """Return a declared or found value as people read it: lists with 、, branches with /."""
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return " / ".join(value_words(each) for each in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return pgettext("between names", "、").join(value_words(each) for each in value)
    return str(value)


@dataclass(frozen=True)
class Names:
    """The names of one definition: by code, and ``fields`` by ``role:element``, ``lines`` by (item, code of the line). What is not there is said by its code."""

    questions: Mapping[str, GuideQuestion] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], str] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)

    def params(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a finding's parameters as they are read in a sentence."""
        return {key: self._said(key, value, given) for key, value in given.items()}

    def place(self, item: str, part: str) -> str:
        """Return what a place within the definition is called: the item and, where it has a name, the part."""
        kind, _colon, code = part.partition(":")
        if not item and part in self.elements:
            return _("数据元“%(name)s”") % {"name": self.elements[part]}
        named = self.materials.get(code, "") if kind == "material" else self.lines.get((item, part), "")
        owner = self.items.get(item, item) or _("一件事")
        return _("%(item)s的“%(part)s”") % {"item": owner, "part": named} if named else owner

    def _said(self, key: str, value: Any, given: Mapping[str, Any]) -> Any:
        if key == "answers":
            return self._answers(value)
        if key == "attribute":
            return column_words(value)
        if key == "metric":
            return str(METRICS.get(value, value))
        if key == "kind":
            return str(KINDS.get(value, value))
        if key == "materials":
            return "、".join(self.materials.get(code, code) for code in value)
        if key == "items":
            return "、".join(self.items.get(slug, slug) for slug in value)
        if key == "variable" and isinstance(value, str):
            asked = self.questions.get(value.removeprefix("answers."))
            return asked.text if asked else self.fields.get(value, value)
        if key == "option" and given.get("question") in self.questions:
            labels = {option.value: option.label for option in self.questions[given["question"]].options}
            return labels.get(value, value)
        named = {"field": self.fields, "material": self.materials}.get(key)
        return named.get(value, value) if named is not None and isinstance(value, str) else value_words(value)

    def _answers(self, answers: Mapping[str, Any]) -> str:
        """Return answers as a person would tell them: which question, which option."""
        return _("；").join(self._answer(key, value) for key, value in answers.items()) or _("没有要回答的问题")

    def _answer(self, key: str, value: Any) -> str:
        question = self.questions.get(key)
        chosen = value if isinstance(value, list | tuple) else [value]
        labels = {option.value: option.label for option in question.options} if question else {}
        if key == "items" or key.startswith("group."):
            labels = dict(self.items)
        text = question.text if question else _("选办的事项") if key == "items" else key.removeprefix("group.")
        said = "、".join(str(labels.get(each, each)) for each in chosen if each is not None)
        return _("“%(question)s”答“%(answer)s”") % {"question": text, "answer": said or _("都不选")}


def names_of(
    matter: MatterDefinition,
    items: Iterable[ItemDefinition],
    elements: Iterable[ElementDefinition],
    materials: Iterable[MaterialDefinition],
) -> Names:
    """Return what the codes of a definition are called."""
    drawn = list(items)
    known = {element.code: element.name for element in elements}
    roles = {role.key: role.label for role in matter.roles}
    fields: dict[str, str] = {}
    lines: dict[tuple[str, str], str] = {}
    for use in matter.items:
        for item in (each for each in drawn if each.slug == use.item):
            for line in item.lines:
                name = lines[item.slug, line.code] = line.label or known.get(line.element, line.element)
                for role in dict.fromkeys((line.role, use.roles.get(line.role, line.role))):
                    whose = roles.get(role, "")
                    label = _("%(role)s的%(field)s") % {"role": whose, "field": name} if whose else name
                    fields.setdefault(field_key(role, line.element), label)
    return Names(
        {question.key: question for question in matter.questions},
        {**fields, **matter.labels},
        {material.code: material.name for material in materials},
        {item.slug: item.short_name or item.name for item in drawn},
        lines,
        known,
    )
