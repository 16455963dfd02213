"""Messages in the staff console."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.ledger.admin_readings import RecordsReadings, RowReading
from portal.lib.admin_lists import LookOnly
from portal.notices.models import Message
from portal.notices.wording import KINDS


class OfMessageKind(admin.SimpleListFilter):
    """The known kinds, without asking a table of millions which it holds."""

    title = _("种类")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(RecordsReadings, LookOnly):
    """What people were told, and whether they have seen it."""

    list_display = ("created_at", "recipient", "kind", "key", "read_at")
    list_select_related = ("recipient",)
    list_filter = (OfMessageKind,)
    search_fields = ("=recipient__username", "=key")
    ordering = ("-id",)

    def shown_of(self, request: HttpRequest, found: Message) -> RowReading | None:
        person = getattr(found.recipient, "person", None)
        return RowReading(person.pk, ["name", "message"]) if person is not None else None
