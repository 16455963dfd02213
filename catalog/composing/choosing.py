"""Choosing another row while typing: what was sent may be no key at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest


class CarefulSelect(AutocompleteSelect):
    """Draws the chosen row again, and nothing where what was sent cannot be the key of one."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if self._may_be_key(each)], attr)

    def _may_be_key(self, sent: Any) -> bool:
        if "\x00" in str(sent):
            return False
        try:
            self.field.remote_field.model._meta.pk.to_python(sent or None)
        except ValidationError:
            return False
        return True


class CarefulChoices(admin.ModelAdmin):
    """An admin whose ``autocomplete_fields`` take any input calmly."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = CarefulSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
