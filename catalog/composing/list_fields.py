"""The lists of the catalog, each with its rows: legal basis, fees, places, options, demands, faces …"""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.composing import constraint_rows
from catalog.composing.fields import (
    ConfidenceField,
    KeysField,
    ModelRow,
    ObjectRow,
    PairsField,
    RowForm,
    RowsField,
    TextsField,
)
from catalog.composing.fields.rows import NotRows, refuse_repeated
from catalog.composing.form_context import FormContext
from catalog.models import Confidence
from catalog.wording.procedures import PROCEDURES

VALUE = r"^[A-Za-z0-9_.\-]{1,40}$"


def text(label: Any, maximum: int, required: bool = False, rows: int = 0) -> forms.CharField:
    """Return a text of a row; with ``rows`` a box of several lines."""
    widget = forms.Textarea(attrs={"rows": rows, "aria-label": label}) if rows else None
    return forms.CharField(label=label, max_length=maximum, required=required, widget=widget)


class LegalBasisRow(ObjectRow):
    law = text(gettext_lazy("法律法规或文件"), 200, required=True)
    article = text(gettext_lazy("条款"), 60)
    text = text(gettext_lazy("条文"), 2000, rows=2)


class FeeRow(ObjectRow):
    name = text(gettext_lazy("收费项目"), 80, required=True)
    amount = text(pgettext_lazy("fee", "标准"), 80, required=True)
    basis = text(gettext_lazy("依据"), 200)


class PlaceRow(ObjectRow):
    name = text(gettext_lazy("地点"), 80, required=True)
    address = text(gettext_lazy("地址"), 200)
    hours = text(gettext_lazy("时间"), 200)
    phone = text(gettext_lazy("电话"), 40)


class ProcedureRow(ObjectRow):
    name = text(gettext_lazy("程序"), 80, required=True)
    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), required=False, choices=[("", gettext_lazy("只写进指南")), *PROCEDURES.items()]
    )
    days = text(gettext_lazy("时间"), 40)
    counted = forms.BooleanField(label=gettext_lazy("计入时限"), required=False)
    basis = text(gettext_lazy("依据"), 200)


class OptionRow(ObjectRow):
    value = forms.RegexField(
        VALUE, label=gettext_lazy("值"), error_messages={"invalid": gettext_lazy("只用字母、数字和 _ . -。")}
    )
    label = text(gettext_lazy("名称"), 80, required=True)


class FaceLineRow(ObjectRow):
    code = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_]{0,39}$",
        label=gettext_lazy("代码"),
        error_messages={"invalid": gettext_lazy("字母开头，只用字母、数字和 _。")},
    )
    label = text(gettext_lazy("名称"), 60, required=True)
    label_en = text(gettext_lazy("英文名称"), 100, required=True)
    element = forms.RegexField(
        r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$",
        label=gettext_lazy("数据元"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("持证人再申请时，表单里的这一项照它填好。"),
        error_messages={"invalid": gettext_lazy("如 company.address。")},
    )


class SourcedRow(ModelRow):
    """A row of another table that states a fact of its own: with its sources."""

    confidence = ConfidenceField()
    sources = KeysField("sources", label=gettext_lazy("出处"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = ("confidence", "sources")
        self.order_fields([*(name for name in self.fields if name not in last), *last])


class TableField(RowsField):
    """A list of objects; ``key``: the field that may not repeat."""

    def __init__(self, row_form: type[RowForm], key: str = "", **kwargs: Any) -> None:
        super().__init__(row_form, **kwargs)
        self.key = key

    def pack(self, rows: list[dict[str, Any]]) -> Any:
        refuse_repeated([row[self.key] for row in rows] if self.key else [])
        return super().pack(rows)


class ReferringRow(RowForm):
    """A ``kind`` and a ``reference``, which for some kinds must lead to something that exists."""

    def known(self) -> dict[str, Container[str]]:
        """Return kind → the codes it may refer to."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        kind, reference = cleaned.get("kind"), (cleaned.get("reference") or "").strip()
        known = self.known()
        if not kind:
            self.add_error("kind", _("请选择。"))
        elif kind in known and reference not in known[kind]:
            self.add_error("reference", _("没有“%(code)s”，请从列表里选。") % {"code": reference})
        return {**cleaned, "reference": reference}


class KnownFromRow(ReferringRow):
    kind = forms.ChoiceField(
        label=gettext_lazy("来自"),
        required=False,
        choices=[
            ("", "—"),
            ("profile", gettext_lazy("申请人的账户")),
            ("shared", gettext_lazy("部门共享")),
            ("certificate", gettext_lazy("电子证照")),
        ],
    )
    reference = forms.CharField(
        label=gettext_lazy("哪个部门或证照（代码）"),
        required=False,
        widget=forms.TextInput(attrs={"list": "all-authorities"}),
    )

    def known(self) -> dict[str, Container[str]]:
        return {"shared": self.form_context.departments, "certificate": self.form_context.certificate_types}


class KnownFromField(TextsField):
    """``profile``, ``shared:<department>``, ``certificate:<type>``, best first."""

    def __init__(self, **kwargs: Any) -> None:
        RowsField.__init__(self, KnownFromRow, **kwargs)

    def row_of(self, text: str) -> dict[str, Any]:
        return dict(zip(("kind", "reference"), text.split(":", 1), strict=False))

    def pack(self, rows: list[dict[str, Any]]) -> list[str]:
        return [row["kind"] if row["kind"] == "profile" else f"{row['kind']}:{row['reference']}" for row in rows]


class ConstraintRow(RowForm):
    name = forms.ChoiceField(
        label=gettext_lazy("要求"), choices=lambda: [("", "—"), *constraint_rows.choices()], required=False
    )
    value = forms.CharField(label=gettext_lazy("值"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not cleaned.get("name"):
            self.add_error("name", _("请选择。"))
            return cleaned
        try:
            cleaned["demand"] = constraint_rows.read(cleaned["name"], cleaned.get("value") or "")
        except ValidationError as trouble:
            self.add_error("value", trouble)
        return cleaned


class ConstraintsField(PairsField):
    """Demands on a value. Whether they suit its type the form must ask (`check_demands`), for it knows the type."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("格式要求"))
        RowsField.__init__(self, ConstraintRow, **kwargs)

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        rows = super().unpack(stored)
        if any(row["key"] not in constraint_rows.NAMES for row in rows):
            raise NotRows
        return [{"name": row["key"], "value": constraint_rows.written(row["key"], row["value"])} for row in rows]

    def pack(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        return super().pack([{"key": row["name"], "value": row["demand"]} for row in rows])


def check_demands(form: forms.BaseForm, type: str, options: Any) -> None:
    """Note on a form which of its ``constraints`` do not suit a type."""
    demands = form.cleaned_data.get("constraints")
    if isinstance(demands, dict):
        values = [option["value"] for option in options or [] if isinstance(option, dict) and "value" in option]
        for sentence in constraint_rows.problems(type, demands, values):
            form.add_error("constraints", sentence)


class FactRow(RowForm):
    key = forms.CharField(
        label=gettext_lazy("要素"), max_length=60, widget=forms.TextInput(attrs={"list": "all-attributes"})
    )
    confidence = ConfidenceField()
    sources = KeysField("sources", label=gettext_lazy("出处"))
    note = text(gettext_lazy("备注"), 300)


class FactsField(PairsField):
    """Where each attribute of a definition comes from: ``{attribute: {sources, confidence, note}}``."""

    def __init__(self, **kwargs: Any) -> None:
        RowsField.__init__(self, FactRow, **kwargs)

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        rows = super().unpack(stored)
        if not all(isinstance(row["value"], dict) for row in rows):
            raise NotRows
        return [{"key": row["key"], **row["value"]} for row in rows]

    def pack(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        values = [{name: row[name] for name in ("sources", "confidence", "note")} for row in rows]
        return super().pack([{"key": row["key"], "value": value} for row, value in zip(rows, values, strict=True)])

    def canonical(self, stored: Any) -> Any:
        blank = {"sources": [], "confidence": Confidence.GENERAL.value, "note": ""}
        return {key: {**blank, **value} if isinstance(value, dict) else value for key, value in (stored or {}).items()}


class LabelRow(RowForm):
    key = forms.RegexField(
        r"^[a-z][a-z0-9_]*(#[0-9]+)?:[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$",
        label=gettext_lazy("角色:数据元"),
        error_messages={"invalid": gettext_lazy("应像 child:person.name 这样。")},
    )
    value = text(gettext_lazy("这件事里叫什么"), 100, required=True)


class PlacementRow(RowForm):
    key = LabelRow.base_fields["key"]
    value = forms.ChoiceField(label=gettext_lazy("放在哪一部分"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.initial.get("value")
        unknown = [(given, given)] if given and given not in self.form_context.sections else []
        self.fields["value"].choices = [("", "—"), *self.form_context.sections.items(), *unknown]  # type: ignore[attr-defined]


class RenamingRow(RowForm):
    key = forms.SlugField(label=gettext_lazy("事项里的角色"), max_length=40)
    value = forms.SlugField(
        label=gettext_lazy("一件事里的角色"), max_length=40, widget=forms.TextInput(attrs={"list": "all-roles"})
    )


class FaceRow(RowForm):
    key = forms.CharField(
        label=gettext_lazy("照面项"), max_length=40, widget=forms.TextInput(attrs={"list": "all-face"})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("取自"),
        required=False,
        choices=[
            ("", "—"),
            ("field", gettext_lazy("表单字段")),
            ("output", gettext_lazy("决定内容")),
            ("const", gettext_lazy("固定文字")),
        ],
    )
    field = forms.ChoiceField(label=gettext_lazy("哪个字段或决定"), required=False)
    words = forms.CharField(label=gettext_lazy("固定文字"), required=False, max_length=190)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(f"field:{name}", label) for name, label in self.form_context.field_names.items()]
        decided = [(f"output:{code}", label) for code, label in self.form_context.outputs.items()]
        known = {name for name, _label in (*own, *decided)}
        given = self.initial.get("field") or (self.data.get(self.add_prefix("field"), "") if self.is_bound else "")
        stray = [(given, given.partition(":")[2])] if given and given not in known else []
        self.fields["field"].choices = [("", "—"), (_("表单字段"), own), (_("决定内容"), decided), *stray]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        kind, chosen, words = cleaned.get("kind"), cleaned.get("field") or "", (cleaned.get("words") or "").strip()
        if kind == "const":
            if not words:
                self.add_error("words", _("请填写固定文字。"))
            cleaned["value"] = f"const:{words}"
        elif kind and chosen.partition(":")[0] == kind:
            cleaned["value"] = chosen
        elif kind:
            self.add_error("field", _("请选择一个%(what)s。") % {"what": dict(self.fields["kind"].choices)[kind]})  # type: ignore[attr-defined]
        else:
            self.add_error("kind", _("请选择。"))
        return cleaned


class FaceField(PairsField):
    """Where each part of a certificate's face comes from: ``field:<key>``, ``output:<code>``, ``const:<text>``."""

    def __init__(self, **kwargs: Any) -> None:
        RowsField.__init__(self, FaceRow, **kwargs)

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        rows = []
        for row in super().unpack(stored):
            kind, _colon, rest = str(row["value"]).partition(":")
            if kind not in ("field", "output", "const"):
                raise NotRows
            given = {"words": rest} if kind == "const" else {"field": row["value"]}
            rows.append({"key": row["key"], "kind": kind, **given})
        return rows


class ChosenField(TextsField):
    """A list of codes, each chosen from what the form context knows."""

    def __init__(self, kind: str, label: Any, **kwargs: Any) -> None:
        self.kind = kind
        code = forms.CharField(label=label, max_length=100, widget=forms.TextInput(attrs={"list": f"all-{kind}"}))
        RowsField.__init__(self, type("ChosenRow", (RowForm,), {"code": code}), label=label, **kwargs)

    def use_form_context(self, form_context: FormContext) -> None:
        super().use_form_context(form_context)
        self.known: Any = getattr(form_context, self.kind)

    def row_of(self, text: str) -> dict[str, Any]:
        return {"code": text}

    def pack(self, rows: list[dict[str, Any]]) -> list[str]:
        codes = list(dict.fromkeys(row["code"].strip() for row in rows))
        unknown = [code for code in codes if code not in self.known]
        if unknown:
            raise ValidationError(_("没有“%(code)s”，请从列表里选。") % {"code": unknown[0]}, code="unknown")
        return codes


class ChoicesField(forms.MultipleChoiceField):
    """A list of fixed choices as boxes to tick, kept in the choices' order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [str(each) for each, _label in list(self.choices) if each in chosen]  # type: ignore[arg-type,misc]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return json.dumps(sorted(initial or [])) != json.dumps(sorted(data or []))
