"""Forms that know what they choose from, and hand it to their fields."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.composing.form_context import FormContext


class ContextForm:
    """Mixin for forms: ``form_context`` is given as an argument, or on the class; every field that asks for it gets it."""

    form_context: FormContext

    def __init__(self, *args: Any, form_context: FormContext | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_context = form_context or getattr(type(self), "form_context", None) or FormContext()
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for field in fields.values():
            if hasattr(field, "use_form_context"):
                field.use_form_context(self.form_context)
