"""Messages in the staff console."""

from __future__ import annotations

from django.contrib import admin

from portal.accounts.console_lists import LookOnly
from portal.notices.models import Message


@admin.register(Message)
class MessageAdmin(LookOnly):
    """What people were told, and whether they have seen it."""

    list_display = ("created_at", "recipient", "kind", "key", "read_at")
    list_select_related = ("recipient",)
    list_filter = ("kind",)
    search_fields = ("=recipient__username", "=key")
    ordering = ("-id",)
