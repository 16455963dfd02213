"""Addresses of what a person may have deleted."""

from __future__ import annotations

from django.urls import path

from portal.retention import views

app_name = "retention"

urlpatterns = [
    path("deletion/", views.deletion, name="deletion"),
    path("closing/", views.closing, name="closing"),
]
