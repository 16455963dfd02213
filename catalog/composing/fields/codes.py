"""Choosing by code from a long dictionary: a plain text box with the browser's own list of suggestions."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.composing.fields.templates import OwnTemplate
from catalog.composing.form_context import FormContext, name_of
from catalog.models import Confidence


class CodeWidget(OwnTemplate, forms.TextInput):
    """A text box with suggestions; beside it, what the code stands for."""

    template_name = "admin/catalog/compose/code.html"

    def __init__(self, kind: str, is_open: bool = False) -> None:
        # Items are too many to list: the page asks for them while somebody types.
        suggestions = {"data-suggest": kind} if is_open else {"list": f"all-{kind}"}
        super().__init__(attrs={**suggestions, "class": "code-input", "autocomplete": "off", "spellcheck": "false"})
        self.kind = kind
        self.names: dict[str, str] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["said"] = self.names.get(str(value or ""), "")
        return context


class CodeField(forms.Field):
    """A row of a dictionary of the form_context, by its code, its name, or both as suggested: ``身份证办理（idcard）``."""

    widget: Any

    def __init__(self, kind: str, is_open: bool = False, **kwargs: Any) -> None:
        super().__init__(widget=CodeWidget(kind, is_open), **kwargs)
        self.kind = kind
        self.rows: dict[str, Any] = {}

    def use_form_context(self, form_context: FormContext) -> None:
        self.rows = getattr(form_context, self.kind)
        self.widget.names = {code: name_of(row) for code, row in self.rows.items()}

    def prepare_value(self, value: Any) -> Any:
        pk = value if isinstance(value, int) else getattr(value, "pk", None)
        return value if pk is None else next((code for code, row in self.rows.items() if row.pk == pk), "")

    def to_python(self, value: Any) -> Any:
        text = (value or "").strip()
        if not text:
            return None
        in_brackets = re.search(r"[（(]([^（()）]+)[)）]\s*$", text)
        code = in_brackets[1].strip() if in_brackets and in_brackets[1].strip() in self.rows else text
        if code in self.rows:
            return self.rows[code]
        named = [each for each in self.rows if name_of(self.rows[each]) == text]
        if len(named) == 1:
            return self.rows[named[0]]
        near = named or [each for each in self.rows if text in each or text in name_of(self.rows[each])]
        if near:
            listed = "、".join(f"{name_of(self.rows[each])}（{each}）" for each in near[:6])
            raise ValidationError(_("请写明是哪一个：%(near)s。") % {"near": listed}, code="ambiguous")
        raise ValidationError(_("没有“%(text)s”，请从列表里选。") % {"text": text[:60]}, code="unknown")

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(_("请选择。"), code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip()


class ConfidenceField(forms.ChoiceField):
    """How sure a fact is; where nothing is chosen it is general knowledge."""

    def __init__(self) -> None:
        choices = Confidence.choices
        super().__init__(label=gettext_lazy("把握"), choices=choices, initial=Confidence.GENERAL, required=False)

    def clean(self, value: Any) -> str:
        return super().clean(value) or Confidence.GENERAL.value


class KeysField(forms.CharField):
    """Several keys in one box, separated by blanks or “、”; kept as a list."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        attrs = {"data-keys": f"all-{kind}", "list": f"all-{kind}", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)
        self.kind = kind
        self.known: dict[str, Any] = {}

    def use_form_context(self, form_context: FormContext) -> None:
        self.known = getattr(form_context, self.kind)

    def prepare_value(self, value: Any) -> Any:
        return " ".join(str(each) for each in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        keys = list(dict.fromkeys(re.split(r"[\s、，,]+", str(value or "").strip()))) if value else []
        keys = [key for key in keys if key]
        if not keys and self.required:
            raise ValidationError(_("请选择。"), code="required")
        unknown = [key for key in keys if key not in self.known]
        if unknown:
            raise ValidationError(_("没有这个代号：%(keys)s。") % {"keys": "、".join(unknown)[:100]}, code="unknown")
        return keys

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").split() != re.split(r"[\s、，,]+", str(data or "").strip()) and bool(
            initial or (data or "").strip()
        )
