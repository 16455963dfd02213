"""Lists in a form: rows with add, remove and reorder. What does not fit the rows is kept, and can be edited as checked JSON.

The rows' order is the order in which their numbers (``<name>-row``) are sent: a script only has to move them on the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.composing.fields.contexts import ContextForm
from catalog.composing.fields.templates import OwnTemplate
from catalog.composing.form_context import FormContext
from portal.lib.whole_numbers import whole_number

MOST_ROWS = 500


class RowForm(ContextForm, forms.Form):
    """One row. Fields that are not filled in make an empty row, which counts as none."""

    use_required_attribute = False
    error_css_class = "errors"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.NumberInput | forms.Select):
                field.widget.attrs.setdefault("aria-label", field.label or "")


class ObjectRow(RowForm):
    """A row that stands for an object: what it has no field for travels in ``rest``."""

    rest = forms.CharField(required=False, widget=forms.HiddenInput)


class ModelRow(RowForm):
    """A row that stands for a row of another table."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NotRows(Exception):
    """What is stored does not fit the rows."""


class RawText(str):
    """JSON that somebody typed in place of rows."""


class RowsWidget(OwnTemplate, forms.Widget):
    template_name = "admin/catalog/compose/rows.html"
    form_context: FormContext
    field: RowsField

    def __init__(self, row_form: type[RowForm], add_label: Any, blank: int = 1) -> None:
        super().__init__()
        self.row_form = row_form
        self.add_label = add_label
        self.blank = blank

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if f"{name}-json" in data:
            return RawText(data.get(f"{name}-json"))
        numbers = data.getlist(f"{name}-row") if hasattr(data, "getlist") else data.get(f"{name}-row", [])
        return [
            self._row(f"{name}-{number}", data=data)
            for number in numbers[: MOST_ROWS + 1]
            if whole_number(number, 6) is not None and not data.get(f"{name}-{number}-DELETE")
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-rows" not in data and f"{name}-json" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"add_label": self.add_label, "text": None, "rows": [], "next": 0}
        context["widget"] |= self._template(name)
        if isinstance(value, RawText):
            context["widget"]["text"] = str(value)
            return context
        rows = [row for row in value if isinstance(row, RowForm)] if isinstance(value, list) else []
        if not rows:
            try:
                initial = self.field.unpack(value) if value else []  # no rows were sent, whatever is kept of none
            except NotRows:
                context["widget"]["text"] = json.dumps(value, ensure_ascii=False, indent=1)
                return context
            rows = [self._row(f"{name}-{at}", initial=row) for at, row in enumerate(initial)]
        taken = len(rows) + 1
        numbered = [(row.prefix.rpartition("-")[2], row, False) for row in rows if row.prefix]
        free = max((int(number) for number, _row, _blank in numbered), default=-1) + 1
        blanks = [(str(free + at), self._row(f"{name}-{free + at}"), True) for at in range(self.blank)]
        context["widget"] |= {"rows": [*numbered, *blanks], "next": free + self.blank, "taken": taken}
        return context

    def _template(self, name: str) -> dict[str, Any]:
        """Return what the browser copies for a new row: drawn once on a page for each kind of row, ``__name__`` in the place of the list's."""
        shown = [field for field in self.row_form.base_fields.values() if not field.widget.is_hidden]
        known = self.form_context.drawn.get(self.row_form)
        empty = None
        if known is None and "__prefix__" not in name:
            known = self.form_context.drawn[self.row_form] = f"row-{len(self.form_context.drawn)}"
            empty = self._row("__name__-__row__")
        return {
            "template": known or "",
            "empty": empty,
            "is_single": len(shown) == 1,
            "is_wide": len(shown) > 5 or any(isinstance(field.widget, forms.Textarea) for field in shown),
        }

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def _row(self, prefix: str, **given: Any) -> RowForm:
        return self.row_form(prefix=prefix, form_context=self.form_context, **given)


def refuse_repeated(keys: Sequence[Any]) -> None:
    """Raise ValidationError where a key (of several parts: a tuple) stands twice."""
    for key in keys:
        if keys.count(key) > 1:
            shown = " ".join(map(str, key)).strip() if isinstance(key, tuple) else key
            raise ValidationError(_("“%(key)s”写了两次。") % {"key": shown}, code="repeated")


class RowsField(forms.Field):
    """A list of objects. Subclasses say how rows are kept: ``unpack`` (stored → rows) and ``pack`` (rows → stored).

    ``row_form``: one row. Keys of an object that the row has no field for are carried along in a hidden field.
    """

    widget: Any
    empty: ClassVar[Any] = []

    def __init__(self, row_form: type[RowForm], add_label: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=RowsWidget(row_form, add_label or _("加一行")), **kwargs)
        self.row_form = row_form

    def use_form_context(self, form_context: FormContext) -> None:
        self.widget.form_context = form_context
        self.widget.field = self

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        """Return the rows of what is stored. Raises `NotRows`."""
        if stored in (None, ""):
            return []
        if not isinstance(stored, list) or not all(isinstance(each, dict) for each in stored):
            raise NotRows
        known = self.row_form.base_fields.keys()
        return [
            {
                **{key: value for key, value in each.items() if key in known},
                "rest": _json_or_nothing({key: value for key, value in each.items() if key not in known}),
            }
            for each in stored
        ]

    def pack(self, rows: list[dict[str, Any]]) -> Any:
        """Return what is stored of cleaned rows. Raises ValidationError."""
        return [self._object(row) for row in rows]

    def _object(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**{key: "" if value is None else value for key, value in row.items() if key != "rest"}, **_rest(row)}

    def clean(self, value: Any) -> Any:
        if isinstance(value, RawText):
            return self._clean_text(value)
        rows = [row for row in value or [] if row.has_changed()]
        if len(rows) > MOST_ROWS:
            raise ValidationError(_("最多 %(most)d 行。") % {"most": MOST_ROWS}, code="too_many")
        wrong = [number for number, row in enumerate(rows, start=1) if not row.is_valid()]
        if wrong:
            raise ValidationError(_("第 %(rows)s 行要改。") % {"rows": "、".join(map(str, wrong))}, code="wrong_rows")
        packed = self.pack([row.cleaned_data for row in rows])
        if not packed and self.required:
            raise ValidationError(_("请至少填一行。"), code="required")
        return packed

    def _clean_text(self, text: str) -> Any:
        try:
            stored = json.loads(text) if text.strip() else type(self.empty)()
        except (ValueError, RecursionError):
            raise ValidationError(_("括号、引号或逗号写得不对。"), code="not_json") from None
        if not isinstance(stored, type(self.empty)):
            raise ValidationError(_("写法不对，应和原来的一样。"), code="wrong_shape")
        return stored

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            given = self.clean(data)
        except ValidationError:
            return True
        return bool(given != self.canonical(initial))

    def canonical(self, stored: Any) -> Any:
        """Return what saving the untouched rows would store."""
        if stored in (None, ""):
            return type(self.empty)()
        try:
            self.unpack(stored)
        except NotRows:
            return stored
        blank = {name: "" for name in self.row_form.base_fields if name != "rest"}
        return [{**blank, **each} for each in stored]


class TextsField(RowsField):
    """A list of texts."""

    def __init__(self, label: Any, maximum: int = 300, is_long: bool = False, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput()
        fields = {"text": forms.CharField(label=label, max_length=maximum, widget=widget)}
        super().__init__(type("TextRow", (RowForm,), fields), label=label, **kwargs)

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        if stored in (None, ""):
            return []
        if not isinstance(stored, list) or not all(isinstance(each, str) for each in stored):
            raise NotRows
        return [self.row_of(each) for each in stored]

    def row_of(self, text: str) -> dict[str, Any]:
        return {"text": text}

    def pack(self, rows: list[dict[str, Any]]) -> list[str]:
        return [row["text"] for row in rows]

    def canonical(self, stored: Any) -> Any:
        return stored or []


class PairsField(RowsField):
    """An object of texts: rows with the fields ``key`` and ``value``."""

    empty: ClassVar[Any] = {}

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        if stored in (None, ""):
            return []
        if not isinstance(stored, dict):
            raise NotRows
        return [{"key": key, "value": value} for key, value in stored.items()]

    def pack(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        refuse_repeated([row["key"] for row in rows])
        return {row["key"]: row["value"] for row in rows}

    def canonical(self, stored: Any) -> Any:
        return stored or {}


class ModelRowsField(RowsField):
    """Rows of another table that belong to the form's object: unpacked from rows with ``id``, packed as cleaned rows.

    The form saves them (``catalog.composing.child_rows``).
    """

    def unpack(self, stored: Any) -> list[dict[str, Any]]:
        return list(stored or [])

    def pack(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        rows = data or []
        if any(row.has_changed() and not row.is_valid() for row in rows):
            return True
        kept = [row for row in rows if row.has_changed()]
        if len(kept) != len(initial or []):
            return True
        return any(self._differs(before, row) for before, row in zip(initial or [], kept, strict=True))

    def _differs(self, before: Mapping[str, Any], row: RowForm) -> bool:
        if str(before["id"]) != str(row.cleaned_data["id"] or ""):
            return True
        return any(
            field.has_changed(before.get(name), row[name].data) for name, field in row.fields.items() if name != "id"
        )


def _json_or_nothing(rest: dict[str, Any]) -> str:
    return json.dumps(rest, ensure_ascii=False) if rest else ""


def _rest(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that the row has no field for."""
    try:
        rest = json.loads(row.get("rest") or "{}")
    except (ValueError, RecursionError):
        return {}
    return rest if isinstance(rest, dict) else {}
