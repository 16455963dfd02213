"""The forms a matter is composed with: its head, and its parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.composing.fields import CodeField, ModelRowsField, PairsField, RuleField, TextsField
from catalog.composing.list_fields import FactsField, LabelRow, PlacementRow, RenamingRow, SourcedRow, text
from catalog.composing.part_forms import COMMON, HeadForm, PartForm, PartFormSet
from catalog.composing.stages import stages
from catalog.definitions import DEPENDENCY_KINDS
from catalog.models import (
    DeclaredFigure,
    GuideQuestion,
    Matter,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
)
from catalog.wording.conditions import say_condition, say_count


class MatterForm(HeadForm):
    """The head of a matter."""

    conditions = TextsField(label=gettext_lazy("办理条件"), add_label=gettext_lazy("加一条"))
    labels = PairsField(
        LabelRow,
        label=gettext_lazy("字段改称"),
        add_label=gettext_lazy("加一个改称"),
        help_text=gettext_lazy("合并后的字段在这件事里叫什么；不写就用各部门自己的叫法里的第一个。"),
    )
    placement = PairsField(
        PlacementRow,
        label=gettext_lazy("字段归位"),
        add_label=gettext_lazy("加一个归位"),
        help_text=gettext_lazy("合并后的字段放进表单的哪一部分；不写就放在第一个要它的事项所写的部分。"),
    )
    facts = FactsField(label=gettext_lazy("各要素的出处"), add_label=gettext_lazy("加一条出处"))

    class Meta:
        model = Matter
        fields = (
            *("slug", "name", "subject", "stage", "theme", "lead_department", "division", "status", "is_listed"),
            *("summary", "conditions", "labels", "placement", "position", "facts"),
        )
        widgets = {"summary": forms.Textarea(attrs={"rows": 2})}


class RoleForm(PartForm):
    is_applicant = RuleField("flag", label=gettext_lazy("何时即申请人"))
    count = RuleField("count", label=gettext_lazy("有几个"))
    same_as = RuleField(
        "value",
        required=False,
        label=gettext_lazy("何时与另一角色是同一人"),
        help_text=gettext_lazy(
            '写出那个角色的代码，如 {"if": [{"==": [{"var": "answers.who"}, "legal"]}, "legal", null]}；'
            "是同一人时，两个角色都要的只问一遍。"
        ),
    )

    kin_of = RuleField(
        "value",
        required=False,
        label=gettext_lazy("从哪一角色的记录查到"),
        help_text=gettext_lazy("写出那个角色的代码；查到那个角色的记录，就能知道这个角色是谁。"),
    )

    class Meta:
        model = MatterRole
        fields = ("key", "label", "is_applicant", "count", "maximum", "same_as", "kin", "kin_of", *COMMON)

    def _notes(self) -> list[str]:
        vocabulary, role = self.form_context.vocabulary, self.instance
        notes = []
        if role.is_applicant not in (None, False):
            notes.append(_("%(when)s即申请人") % {"when": say_condition(role.is_applicant, vocabulary)})
        if role.count is not None:
            notes.append(say_count(role.count, vocabulary))
        if role.same_as is not None:
            notes.append(_("可能与另一角色是同一人：%(when)s") % {"when": say_condition(role.same_as, vocabulary)})
        return notes


class SectionForm(PartForm):
    class Meta:
        model = MatterSection
        fields = ("key", "label", "help", *COMMON)


class GuideOptionRow(SourcedRow):
    value = forms.RegexField(
        r"^[a-z0-9][a-z0-9_\-]{0,39}$",
        label=gettext_lazy("值"),
        error_messages={"invalid": gettext_lazy("只用小写字母、数字、_ 和 -。")},
    )
    label = text(gettext_lazy("选项"), 80, required=True)
    note = text(gettext_lazy("选它的影响（给申请人看）"), 300)
    stops = text(gettext_lazy("不能网办的说明（不填就能办）"), 300)
    condition = RuleField(label=gettext_lazy("何时可选"))


class GuideQuestionForm(PartForm):
    condition = RuleField(label=gettext_lazy("何时问"))
    options = ModelRowsField(GuideOptionRow, label=gettext_lazy("选项"), add_label=gettext_lazy("加一个选项"))

    class Meta:
        model = GuideQuestion
        fields = (
            *("text", "key", "help", "options", "condition", "multiple", "required", "minimum", "maximum"),
            *COMMON,
        )

    def _notes(self) -> list[str]:
        labels = " / ".join(option.label for option in self.instance.options.all())
        asked = self.instance.condition
        when = (
            [_("%(when)s时才问") % {"when": say_condition(asked, self.form_context.vocabulary)}]
            if asked is not None
            else []
        )
        return [*([labels] if labels else []), *when]

    def _tags(self) -> list[str]:
        question = self.instance
        return [
            question.key,
            *([_("可多选")] if question.multiple else []),
            *([] if question.required else [_("可不答")]),
        ]


class WaitRow(SourcedRow):
    prerequisite = CodeField("own_items", label=gettext_lazy("等哪个事项"))
    kind = forms.ChoiceField(
        label=gettext_lazy("怎么等"),
        choices=[choice for choice in MatterDependency.Kind.choices if choice[0] in DEPENDENCY_KINDS],
        initial=MatterDependency.Kind.RESULT_FEEDS,
    )
    what = text(gettext_lazy("等什么（给人看）"), 200)


class MatterItemForm(PartForm):
    item = CodeField("items", is_open=True, label=gettext_lazy("事项"))
    condition = RuleField(label=gettext_lazy("纳入条件"), help_text=gettext_lazy("能选的是已经保存的引导问题。"))
    per = forms.ChoiceField(label=gettext_lazy("按谁各办一次"), required=False)
    after = ModelRowsField(
        WaitRow,
        label=gettext_lazy("等谁办完"),
        add_label=gettext_lazy("加一个"),
        help_text=gettext_lazy("只在这件事的事项里选；刚加入的事项，保存后就能选。"),
    )
    roles = PairsField(
        RenamingRow,
        label=gettext_lazy("角色改称"),
        add_label=gettext_lazy("加一个"),
        help_text=gettext_lazy("这个事项表单里的角色，在这件事里是谁。"),
    )

    class Meta:
        model = MatterItem
        fields = (
            *("item", "condition", "optional", "group", "per", "after", "roles", "reason"),
            *COMMON,
        )
        help_texts = {
            "group": gettext_lazy("写同一个代码的事项，申请人只办其中一个（如承诺制、一般流程）。"),
            "optional": gettext_lazy("由申请人自己决定办不办。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.per if self.instance.pk else ""
        stray = [(chosen, chosen)] if chosen and chosen not in self.form_context.roles else []
        self.fields["per"].choices = [("", _("只办一次")), *self.form_context.roles.items(), *stray]  # type: ignore[attr-defined]

    def clean_after(self) -> list[dict[str, Any]]:
        waits: list[dict[str, Any]] = self.cleaned_data["after"]
        if self.instance.pk and any(row["prerequisite"].pk == self.instance.pk for row in waits):
            raise ValidationError(_("事项不能等自己。"), code="itself")
        return waits

    @property
    def title(self) -> str:
        return self.instance.item.name if self.instance.pk else super().title

    @property
    def department(self) -> str:  # type: ignore[override]
        return self.instance.item.department.short_name if self.instance.pk else ""

    def _notes(self) -> list[str]:
        entry = self.instance
        notes = []
        if entry.condition is not None:
            notes.append(_("%(when)s时办") % {"when": say_condition(entry.condition, self.form_context.vocabulary)})
        waits = [row for row in entry.after.all() if row.kind in ("must_finish_first", "result_feeds")]
        if waits:
            names = "、".join(row.prerequisite.item.short_name or row.prerequisite.item.name for row in waits)
            notes.append(_("等%(names)s") % {"names": names})
        return [*notes, *self.form_context.feeds.get(entry.item.slug, [])]

    def _tags(self) -> list[str]:
        entry = self.instance
        return [
            *([_("可选")] if entry.optional else []),
            *([_("择一：%(group)s") % {"group": entry.group}] if entry.group else []),
            *([_("每个%(role)s一份") % {"role": self._role(entry.per)}] if entry.per else []),
        ]


class MatterItemFormSet(PartFormSet):
    names = "item"

    def groups(self) -> list[tuple[str, list[PartForm]]]:
        """Return the items by the stage in which their turn comes, those just added last."""
        entries = [form.instance for form in self.forms if form.instance.pk]
        at = stages(entries)
        found: dict[int, list[PartForm]] = {}
        fresh: list[PartForm] = []
        for form in self.forms:
            assert isinstance(form, PartForm)
            if form.instance.pk:
                found.setdefault(at[form.instance.pk], []).append(form)
            else:
                fresh.append(form)
        grouped = [(_heading(stage), forms) for stage, forms in sorted(found.items())]
        return [*grouped, *([(_("新加的"), fresh)] if fresh else [])]


def _heading(stage: int) -> str:
    if stage == 1:
        return _("第 1 阶段：受理后就办")
    return _("第 %(stage)d 阶段：前面的办完再办") % {"stage": stage}


class FigureForm(PartForm):
    class Meta:
        model = DeclaredFigure
        fields = ("place", "metric", "before", "after", *COMMON)

    def _notes(self) -> list[str]:
        return [f"{self.instance.before} → {self.instance.after}"]
