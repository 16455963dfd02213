"""The Celery application: workers that are woken by the broker and would work without it.

The queue is the outbox in PostgreSQL (``portal.outbox``); messages only wake workers up. Hence no result backend, no late
acknowledgement, no retries, no delayed messages, no chains: the broker keeps nothing that matters.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

from portal.embedded import keep_running
from portal.lib.private_files import write_privately_from_now_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

app = Celery("yijian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.outbox"])
# The one of this process, in every thread: the outbox reaches it as ``celery.current_app``.
app.set_default()


@celeryd_init.connect
@beat_init.connect
def keep_servers(**_: Any) -> None:
    """Keep the embedded servers running, where they are used, and write no file that others may read."""
    write_privately_from_now_on()
    keep_running()
