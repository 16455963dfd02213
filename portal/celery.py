"""The Celery application: workers that are woken by the broker and would work without it.

The queue is the outbox in PostgreSQL (``portal.outbox``); messages only ring. Hence no result backend, no late
acknowledgement, no retries, no delayed messages, no chains: the broker keeps nothing that matters.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_init

from portal.embedded import hold

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

app = Celery("yijian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.outbox", "matters"])


@celeryd_init.connect
@beat_init.connect
def hold_servers(**_: Any) -> None:
    """Keep the embedded servers running, where they are used."""
    hold()


@worker_init.connect
def work_without_a_broker(**_: Any) -> None:
    """Start the poller in the worker's main process."""
    from django.db.backends.signals import connection_created

    from portal.outbox.claiming import end_forgotten_transactions
    from portal.outbox.poller import start_poller

    connection_created.connect(end_forgotten_transactions)
    start_poller()
