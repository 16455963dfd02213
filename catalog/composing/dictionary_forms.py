"""The forms of the dictionaries: data elements, papers, certificate types."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.composing.fields import KeysField
from catalog.composing.fields.contexts import ContextForm
from catalog.composing.list_fields import (
    ChoicesField,
    ConstraintsField,
    FaceLineRow,
    KnownFromField,
    OptionRow,
    TableField,
    check_demands,
)
from catalog.composing.type_names import TYPES
from catalog.models import CertificateType, DataElement, Material
from portal.identifiers.credit_codes import credit_code
from portal.identifiers.invalid import InvalidIdentifier

FORMATS = [("pdf", "PDF"), ("jpeg", "JPEG"), ("png", "PNG")]


class EntryForm(ContextForm, forms.ModelForm):
    """An entry of a dictionary, with its sources."""

    sources = KeysField("sources", label=gettext_lazy("出处"))


class ElementForm(EntryForm):
    type = forms.ChoiceField(label=gettext_lazy("类型"), choices=TYPES)
    options = TableField(OptionRow, key="value", label=gettext_lazy("可选值"), add_label=gettext_lazy("加一个"))
    constraints = ConstraintsField(add_label=gettext_lazy("加一个要求"))
    known_from = KnownFromField(
        label=gettext_lazy("可从何处得知"), add_label=gettext_lazy("加一处"), help_text=gettext_lazy("按先后。")
    )

    class Meta:
        model = DataElement
        fields = (
            *("code", "name", "type", "options", "constraints", "unit", "sensitive", "authority", "known_from"),
            *("fixed", "package", "sources", "confidence"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        check_demands(self, cleaned.get("type") or "", cleaned.get("options"))
        return cleaned


class MaterialForm(EntryForm):
    accept = ChoicesField(label=gettext_lazy("可收格式"), choices=FORMATS)

    class Meta:
        model = Material
        fields = (
            *("code", "name", "standard_code", "accept", "issued_by", "note", "valid_days"),
            *("package", "sources", "confidence"),
        )


class CertificateTypeForm(EntryForm):
    face = TableField(
        FaceLineRow,
        key="code",
        label=gettext_lazy("照面"),
        add_label=gettext_lazy("加一项"),
        help_text=gettext_lazy("照面信息，按顺序。"),
        required=True,
    )

    class Meta:
        model = CertificateType
        fields = (
            *("slug", "code", "name", "name_en", "department", "subject", "face", "valid_years"),
            *("renewal_days", "renewal_reminders"),
            *("package", "sources", "confidence"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Published versions find the type of their certificates by it.
        if "slug" in self.fields:  # who only reads has no fields
            self.fields["slug"].disabled = self.instance.pk is not None

    def clean_code(self) -> str:
        """Return the code; refuse one that no certificate could bear."""
        code = str(self.cleaned_data["code"])
        try:
            sound = credit_code(code[:18]) == code[:18] and re.fullmatch(r"[0-9]{3}", code[18:], re.ASCII)
        except InvalidIdentifier:
            sound = None
        if not sound:
            raise forms.ValidationError(_("应是 18 位统一社会信用代码加 3 位数字。"))
        return code
