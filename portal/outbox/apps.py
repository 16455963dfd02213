from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("待办投递")

    def ready(self) -> None:
        from portal.outbox import poller  # noqa: F401  starts with every Celery worker
