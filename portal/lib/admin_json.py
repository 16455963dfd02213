"""JSON typed into the console: what the database could not keep is refused beside its field, not by the database."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest

from portal.lib.strict_json import StrictDecoder


class ReadsStrictJson(admin.ModelAdmin):
    """Every JSON field of a row's page takes finite numbers, each key once, and no more levels than anybody needs."""

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.JSONField):
            field.decoder = StrictDecoder
        return field
