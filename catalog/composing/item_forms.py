"""The forms a service item is described with: its elements, and its parts."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.composing.fields import CodeField, DecisionRuleField, ModelRowsField, RuleField, TextsField
from catalog.composing.list_fields import (
    ChosenField,
    ConstraintsField,
    FaceField,
    FactsField,
    FeeRow,
    LegalBasisRow,
    OptionRow,
    PlaceRow,
    ProcedureRow,
    ReferringRow,
    SourcedRow,
    TableField,
    check_demands,
)
from catalog.composing.part_forms import COMMON, HeadForm, PartForm, PartFormSet
from catalog.composing.type_names import TYPES
from catalog.linting.items import beyond_statute, procedures, published_as_open
from catalog.models import (
    CrossRule,
    FormLine,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    MaterialExemption,
    ReviewPoint,
    ServiceItem,
)
from catalog.wording.conditions import say_condition
from catalog.wording.findings import in_words


class ItemForm(HeadForm):
    """The elements of an implementation list."""

    subjects = TextsField(label=gettext_lazy("服务对象"), maximum=40, add_label=gettext_lazy("加一类"))
    legal_basis = TableField(LegalBasisRow, label=gettext_lazy("设定依据"), add_label=gettext_lazy("加一条依据"))
    conditions = TextsField(label=gettext_lazy("受理条件"), add_label=gettext_lazy("加一条"))
    flow = TextsField(label=gettext_lazy("办理流程"), maximum=200, add_label=gettext_lazy("加一步"))
    fees = TableField(
        FeeRow,
        label=gettext_lazy("收费"),
        add_label=gettext_lazy("加一项收费"),
        help_text=gettext_lazy("不知道就空着：页面上写“未公布”。"),
    )
    is_free = forms.BooleanField(
        label=gettext_lazy("不收费"), required=False, help_text=gettext_lazy("确实不收费的勾上；不知道就不要勾。")
    )
    online_depth = TextsField(label=gettext_lazy("网上办理深度"), maximum=40, add_label=gettext_lazy("加一项"))
    special_procedures = TableField(
        ProcedureRow,
        label=gettext_lazy("特别程序"),
        add_label=gettext_lazy("加一种"),
        help_text=gettext_lazy(
            "听证、现场勘验、专家评审等。选了种类，办理时才能启动；时间写工作日数；不勾“计入时限”的，办理期限停着等它。"
        ),
    )
    places = TableField(PlaceRow, label=gettext_lazy("办理地点和时间"), add_label=gettext_lazy("加一处"))
    locked = TextsField(
        label=gettext_lazy("另外锁定的要素"),
        maximum=60,
        add_label=gettext_lazy("加一个要素"),
        help_text=gettext_lazy("写要素的代码，如 promised_limit_days；地方实施时不得改动。"),
    )
    decision_rule = DecisionRuleField(
        label=gettext_lazy("自动办结规则"),
        help_text=gettext_lazy("一段 JSON：clauses、facts、outputs、share（写法见 decided-by-data）。空着就由人办。"),
    )
    facts = FactsField(label=gettext_lazy("各要素的出处"), add_label=gettext_lazy("加一条出处"))

    class Meta:
        model = ServiceItem
        fields = (
            *("slug", "name", "short_name", "department", "item_type", "exercise_level", "status", "theme"),
            *("catalog_code", "task_code", "local_code", "subjects", "handling", "statutory_limit_days"),
            *("promised_limit_days", "limit_unit", "limit_note", "legal_basis", "conditions", "flow", "fees"),
            *("visits", "visits_together", "steps", "identity_level", "in_person_only"),
            *("visit_reason", "online_depth", "cross_region"),
            *(
                "special_procedures",
                "places",
                "consulting",
                "complaints",
                "locked",
                "decision_rule",
                "result_note",
                "remark",
            ),
            "facts",
        )
        widgets = {"remark": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("is_free", bool(self.instance.pk) and self.instance.fees == [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_free") and cleaned.get("fees"):
            self.add_error("is_free", _("已经写了收费项目，就不是“不收费”：去掉其中一样。"))
        elif "fees" in cleaned and not cleaned["fees"]:
            cleaned["fees"] = [] if cleaned.get("is_free") else None
        for finding in published_as_open(self.instance.slug, cleaned.get("facts") or {}, cleaned):
            self.add_error(finding.params["attribute"], in_words(finding).sentence)
        promised, statutory = cleaned.get("promised_limit_days"), cleaned.get("statutory_limit_days")
        for finding in beyond_statute(self.instance.slug, promised, statutory):
            self.add_error("promised_limit_days", in_words(finding).sentence)
        for finding in procedures(self.instance.slug, cleaned.get("special_procedures") or []):
            self.add_error("special_procedures", in_words(finding).sentence)
        return cleaned


class LineForm(PartForm):
    element = CodeField("elements", label=gettext_lazy("数据元"))
    condition = RuleField(label=gettext_lazy("出现条件"))
    required_when = RuleField(label=gettext_lazy("必填的条件"), help_text=gettext_lazy("填了它，就不看“必填”。"))
    constraints = ConstraintsField(add_label=gettext_lazy("加一个要求"))

    class Meta:
        model = FormLine
        fields = (
            *("label", "code", "role", "element", "section", "required", "required_when", "condition"),
            *("reuse", "constraints", "help", "reason", *COMMON),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        element = cleaned.get("element")
        if element is not None:
            check_demands(self, element.type, element.options)
        return cleaned

    def _tags(self) -> list[str]:
        line = self.instance
        needed = _("必填") if line.required else _("选填")
        return [
            line.code,
            self._role(line.role),
            needed if line.required_when is None else _("按条件必填"),
        ]

    def _notes(self) -> list[str]:
        line = self.instance
        vocabulary = self.form_context.vocabulary
        notes = [_("%(when)s时出现") % {"when": say_condition(line.condition, vocabulary)}] if line.condition else []
        if line.required_when is not None:
            notes.append(_("%(when)s时必填") % {"when": say_condition(line.required_when, vocabulary)})
        return notes


class ExemptionRow(ReferringRow, SourcedRow):
    kind = forms.ChoiceField(
        label=gettext_lazy("怎样免交"), choices=[("", "—"), *MaterialExemption.Kind.choices], required=False
    )
    reference = forms.CharField(
        label=gettext_lazy("所指（代码）"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "all-authorities"}),
    )

    def known(self) -> dict[str, Container[str]]:
        return {
            "certificate": self.form_context.certificate_types,
            "shared_data": self.form_context.departments,
            "result": {*self.form_context.items, *self.form_context.certificate_types},
        }


class NeedForm(PartForm):
    material = CodeField("materials", label=gettext_lazy("材料"))
    condition = RuleField(label=gettext_lazy("需要的条件"))
    exemptions = ModelRowsField(
        ExemptionRow,
        label=gettext_lazy("免交方式"),
        add_label=gettext_lazy("加一种"),
        help_text=gettext_lazy("按先后逐个试；都不行才要申请人交。"),
    )
    excludes = ChosenField("materials", label=gettext_lazy("不能与何者同时要求"), add_label=gettext_lazy("加一种材料"))

    class Meta:
        model = ItemMaterial
        fields = (
            *("material", "role", "necessity", "deferred_days", "result_waits", "condition", "form", "copies"),
            *("exemptions", "excludes", "reason"),
            *COMMON,
        )

    def _tags(self) -> list[str]:
        need = self.instance
        whose = [self._role(need.role)] if need.role else []
        return [need.get_necessity_display(), need.get_form_display(), *whose]

    def _notes(self) -> list[str]:
        need = self.instance
        when = say_condition(need.condition, self.form_context.vocabulary)
        ways = " → ".join(str(way.get_kind_display()) for way in need.exemptions.all())
        return [
            *([_("%(when)s时要") % {"when": when}] if need.condition is not None else []),
            *([_("可免交：%(ways)s") % {"ways": ways}] if ways else []),
            *self._deferred(),
        ]

    def _deferred(self) -> list[str]:
        need = self.instance
        if need.necessity != ItemMaterial.Necessity.DEFERRABLE:
            return []
        waits = _("补齐后才出结果") if need.result_waits else _("不影响出结果")
        return [_("受理后 %(days)s 个工作日内补交，%(waits)s") % {"days": need.deferred_days, "waits": waits}]


class OutputForm(PartForm):
    type = forms.ChoiceField(label=gettext_lazy("类型"), choices=TYPES)
    options = TableField(OptionRow, key="value", label=gettext_lazy("可选值"), add_label=gettext_lazy("加一个"))
    constraints = ConstraintsField(add_label=gettext_lazy("加一个要求"))
    repeats = ChosenField("field_names", label=gettext_lazy("与申请一致"), add_label=gettext_lazy("加一个字段"))

    class Meta:
        model = ItemOutput
        fields = (
            *("label", "code", "type", "options", "constraints", "required", "feeds", "repeats", "series"),
            *COMMON,
        )
        help_texts = {
            "feeds": gettext_lazy("填给别的事项的哪个字段：角色:数据元，如 child:person.id_number。"),
            "series": gettext_lazy("同一序列里的编号只给出一次，如 identity_number；不是编号就空着。"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        check_demands(self, cleaned.get("type") or "", cleaned.get("options"))
        return cleaned

    def _notes(self) -> list[str]:
        return [_("填给 %(key)s") % {"key": self.instance.feeds}] if self.instance.feeds else []


class ResultForm(PartForm):
    certificate_type = CodeField("certificate_types", label=gettext_lazy("证照类型"))
    co_holders = ChosenField("roles", label=gettext_lazy("共同持证的"), add_label=gettext_lazy("加一个角色"))
    face = FaceField(label=gettext_lazy("照面取值"), add_label=gettext_lazy("加一项"))

    class Meta:
        model = ItemResult
        fields = ("certificate_type", "holder", "co_holders", "holder_name", "founds", "face", *COMMON)

    def _tags(self) -> list[str]:
        holder = self.instance.holder
        return [self._role(holder) if holder else _("申请人")]


class ConsentForm(PartForm):
    class Meta:
        model = ItemConsent
        fields = ("text", "code", "required", *COMMON)

    @property
    def title(self) -> str:
        text = self.instance.text if self.instance.pk else ""
        return (f"{text[:40]}…" if len(text) > 40 else text) or super().title


class CrossRuleForm(PartForm):
    violated = RuleField("rule", label=gettext_lazy("何时有误"))
    fields_read = ChosenField("field_names", label=gettext_lazy("涉及字段"), add_label=gettext_lazy("加一个字段"))

    class Meta:
        model = CrossRule
        fields = ("message", "code", "violated", *COMMON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["fields_read"] = self.instance.fields if self.instance.pk else []

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "fields_read" in self.cleaned_data:
            self.instance.fields = self.cleaned_data["fields_read"]

    def _notes(self) -> list[str]:
        return [_("%(when)s时提示") % {"when": say_condition(self.instance.violated, self.form_context.vocabulary)}]


class PointForm(PartForm):
    fields_read = ChosenField("field_names", label=gettext_lazy("核对哪些内容"), add_label=gettext_lazy("加一个字段"))
    materials = ChosenField("papers", label=gettext_lazy("核对哪些材料"), add_label=gettext_lazy("加一份材料"))

    class Meta:
        model = ReviewPoint
        fields = ("text", "code", "message", "materials", *COMMON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["fields_read"] = self.instance.fields if self.instance.pk else []

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "fields_read" in self.cleaned_data:
            self.instance.fields = self.cleaned_data["fields_read"]

    def _notes(self) -> list[str]:
        return [_("不通过时提示：%(message)s") % {"message": self.instance.message}] if self.instance.message else []


class LineFormSet(PartFormSet):
    def groups(self) -> list[tuple[str, list[PartForm]]]:
        """Return the lines by the section they are in, new ones last."""
        found: dict[str, list[PartForm]] = {}
        for form in self.forms:
            assert isinstance(form, PartForm)
            section = form.instance.section
            found.setdefault(
                form.form_context.sections.get(section, section) if form.instance.pk else _("新加的"), []
            ).append(form)
        return list(found.items())
