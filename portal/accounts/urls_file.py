"""Addresses of 我的档案."""

from __future__ import annotations

from django.urls import path

from portal.accounts import file_views

app_name = "dossier"

urlpatterns = [
    path("", file_views.own_file, name="own_file"),
    path("exports/", file_views.exports, name="exports"),
    path("exports/<uuid:id>/<slug:kind>/", file_views.export, name="export"),
]
