"""The front door as a Django app: its pages, its template tags and the demo town."""

from __future__ import annotations

from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "portal.front"
    verbose_name = "Front door"
