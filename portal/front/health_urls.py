"""Addresses for the machinery that watches the site."""

from django.urls import path

from portal.front.views.health import livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
