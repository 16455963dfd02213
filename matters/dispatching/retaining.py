"""Jobs that are done: for how long their rows are kept (`portal.retention`)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, QuerySet, UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from matters.models import Bundle
from portal.outbox.models import OutboxMessage
from portal.retention.schedule import Kept


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    return [Kept("jobs", _("做完的后台任务"), _jobs, destroy=_delete, keeps=("outbox.OutboxMessage",))]


def _jobs() -> QuerySet[OutboxMessage]:
    """What is done, but for the jobs of applications that are not concluded: their rows say that nothing has to be enqueued twice."""
    done = OutboxMessage.objects.filter(done_at__isnull=False)
    done = done.annotate(since=F("done_at"), bundle=Cast(KT("payload__bundle"), UUIDField()))
    return done.filter(~Exists(Bundle.objects.filter(pk=OuterRef("bundle"), concluded_at=None)))


def _delete(rows: Sequence[OutboxMessage]) -> None:
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).delete()
