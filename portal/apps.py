"""The project as a Django app: its commands and its system checks."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from portal import celery, checks  # noqa: F401  the application of this process, and the checks it registers
