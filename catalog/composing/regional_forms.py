"""The form for a division's own way of doing an item: one field for each open element, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.definitions.overrides import LIMITS, TEXTS
from catalog.models import ItemImplementation, ServiceItem
from catalog.wording.overrides import element_name, problems_of, sentence

SEPARATORS = ("｜", "|")
COLUMNS = {
    "places": ("name", "address", "hours", "phone"),
    "fees": ("name", "amount", "basis"),
    "extra_materials": ("material", "reason", "basis", "necessity"),
}
_HINTS = {
    "places": gettext_lazy("每行一处：名称｜地址｜办理时间｜电话。后面的可以不写。"),
    "fees": gettext_lazy("每行一项标准里已有的收费：名称｜金额或门槛｜依据。"),
    "extra_materials": gettext_lazy(
        "每行一份：材料代码｜为什么要｜依据｜必要性（required、optional、deferrable，不写是 required）。"
    ),
}


class LinesField(forms.CharField):
    """A list of small records, one a line, its parts separated by ｜."""

    def __init__(self, columns: Sequence[str], **options: Any) -> None:
        self.columns = columns
        super().__init__(required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        rows = [[str(row.get(column, "")) for column in self.columns] for row in value]
        return "\n".join("｜".join(row).rstrip("｜") for row in rows)

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows = []
        for place, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            parts = [part.strip() for part in line.replace(SEPARATORS[1], SEPARATORS[0]).split(SEPARATORS[0])]
            if len(parts) > len(self.columns):
                raise ValidationError(_("第 %(line)d 行的“｜”太多。") % {"line": place}, code="too_many")
            rows.append({column: part for column, part in zip(self.columns, parts, strict=False) if part})
        return rows


class ImplementationForm(forms.ModelForm):
    """Only open elements; an error stands beside the field it is about."""

    promised_limit_days = forms.IntegerField(required=False, min_value=0, max_value=999)
    immediate = forms.BooleanField(required=False, label=gettext_lazy("改为即办件"))
    visits = forms.IntegerField(required=False, min_value=0, max_value=20)
    visits_together = forms.IntegerField(required=False, min_value=0, max_value=20)
    limit_note = forms.CharField(required=False, max_length=TEXTS["limit_note"])
    visit_reason = forms.CharField(required=False, max_length=TEXTS["visit_reason"])
    consulting = forms.CharField(required=False, max_length=TEXTS["consulting"])
    complaints = forms.CharField(required=False, max_length=TEXTS["complaints"])
    places = LinesField(COLUMNS["places"], help_text=_HINTS["places"])
    fees = LinesField(COLUMNS["fees"], help_text=_HINTS["fees"])
    extra_materials = LinesField(COLUMNS["extra_materials"], help_text=_HINTS["extra_materials"])

    class Meta:
        model = ItemImplementation
        fields = ("item", "division", "department", "sources", "confidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance.overrides if self.instance.pk else {}
        item = self.instance.item if self.instance.pk else None
        if "sources" in self.fields:
            self.fields["sources"].required = False
        for name in (*LIMITS, *TEXTS, *COLUMNS):
            if name not in self.fields:
                continue
            self.fields[name].label = element_name(name)
            self.initial.setdefault(name, held.get(name))
            if item is not None and name not in COLUMNS:
                standard = getattr(item, name)
                self.fields[name].help_text = _("标准：%(value)s") % {
                    "value": "—" if standard in (None, "") else standard
                }
            if item is not None and name in item.locked:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("由标准锁定。")
        self.initial.setdefault("immediate", held.get("handling") == "immediate")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        item: ServiceItem | None = self.instance.item if self.instance.pk else cleaned.get("item")
        overrides = {
            name: cleaned[name] for name in (*LIMITS, *TEXTS, *COLUMNS) if cleaned.get(name) not in (None, "", [])
        }
        if cleaned.get("immediate"):
            overrides["handling"] = "immediate"
        self.instance.overrides = overrides
        cleaned["sources"] = cleaned.get("sources") or []
        if item is not None:
            for problem in problems_of(item, overrides):
                name = "immediate" if problem.element == "handling" else problem.element
                self.add_error(name if name in self.fields else None, sentence(problem))
        return cleaned
