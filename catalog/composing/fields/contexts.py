"""Forms that know the desk they lie on, and hand it to their fields."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.composing.form_context import Desk


class DeskForm:
    """Mixin for forms: ``desk`` is given as an argument, or on the class; every field that asks for it gets it."""

    desk: Desk | None = None

    def __init__(self, *args: Any, desk: Desk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk or type(self).desk or Desk()
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for field in fields.values():
            use_desk = getattr(field, "use_desk", None)
            if use_desk is not None:
                use_desk(self.desk)
