"""The dictionaries in the admin: data elements, papers, certificate types, sources, translations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.admin.history import WithHistory
from catalog.composing.dictionary_forms import CertificateTypeForm, ElementForm, MaterialForm
from catalog.composing.form_context import FormContext
from catalog.models import CertificateType, DataElement, FactSource, Material, Translation
from catalog.versions.certificate_types import matters_granting


class EntryAdmin(WithHistory):
    """An entry with its lists as rows."""

    change_form_template = "admin/catalog/compose/entry.html"

    class Media:
        css = {"all": ("css/compose.css",)}
        js = ("js/composing.js", "js/compose.js", "js/rule_builder.js")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"form_context": FormContext()})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"form_context": context["adminform"].form.form_context, "side": {}, "seen": ""}
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(DataElement)
class DataElementAdmin(EntryAdmin):
    form = ElementForm
    list_display = ("code", "name", "type", "sensitive", "authority", "confidence")
    list_filter = ("type", "sensitive", "confidence")
    search_fields = ("code", "name")


@admin.register(Material)
class MaterialAdmin(EntryAdmin):
    form = MaterialForm
    list_display = ("code", "name", "standard_code", "issued_by", "confidence")
    list_filter = ("confidence",)
    search_fields = ("code", "name", "standard_code")


@admin.register(CertificateType)
class CertificateTypeAdmin(EntryAdmin):
    form = CertificateTypeForm
    list_display = ("slug", "code", "name", "department", "valid_years")
    list_select_related = ("department",)
    search_fields = ("slug", "code", "name")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Protect the types that a published version grants, whether or not a draft still does."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        for row in objs:
            if matters := matters_granting(row):
                names = pgettext("between names", "、").join(matters)
                told = _("“%(name)s”：已发布的“%(matters)s”还要签发") % {"name": row.name, "matters": names}
                protected = [*protected, told]
        return deleted, counts, forbidden, protected


@admin.register(FactSource)
class FactSourceAdmin(WithHistory):
    list_display = ("key", "citation", "package")
    search_fields = ("key", "citation")


@admin.register(Translation)
class TranslationAdmin(WithHistory):
    list_display = ("language", "matter", "source", "text")
    list_select_related = ("matter",)
    list_filter = ("language", "matter")
    search_fields = ("source", "text")
    autocomplete_fields = ("matter",)
