"""Addresses of 我的档案."""

from __future__ import annotations

from django.urls import path

from portal.accounts.own_file import views

app_name = "dossier"

urlpatterns = [
    path("", views.own_file, name="own_file"),
    path("exports/", views.exports, name="exports"),
    path("exports/<uuid:id>/<slug:kind>/", views.export, name="export"),
]
