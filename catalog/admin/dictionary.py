"""The dictionaries in the admin: data elements, papers, certificate types, sources, translations."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.history import WithHistory
from catalog.models import CertificateType, DataElement, FactSource, Material, Translation


@admin.register(DataElement)
class DataElementAdmin(WithHistory):
    list_display = ("code", "name", "type", "is_sensitive", "authority", "confidence")
    list_filter = ("type", "is_sensitive", "confidence")
    search_fields = ("code", "name")


@admin.register(Material)
class MaterialAdmin(WithHistory):
    list_display = ("code", "name", "standard_code", "issued_by", "confidence")
    list_filter = ("confidence",)
    search_fields = ("code", "name", "standard_code")


@admin.register(CertificateType)
class CertificateTypeAdmin(WithHistory):
    list_display = ("slug", "code", "name", "department", "valid_years")
    list_select_related = ("department",)
    search_fields = ("slug", "code", "name")


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
