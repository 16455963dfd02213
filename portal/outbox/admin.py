"""The console for enqueued work: what waits, what was quarantined, and the button that starts it anew."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.outbox.claiming import retry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker_notifier import notify_workers


class StatusFilter(admin.SimpleListFilter):
    title = _("情况")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("quarantined", _("已搁置")), ("open", _("未完成")), ("done", _("已完成"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
        match self.value():
            case "quarantined":
                return queryset.filter(quarantined_at__isnull=False)
            case "open":
                return queryset.filter(quarantined_at__isnull=True, done_at__isnull=True)
            case "done":
                return queryset.filter(done_at__isnull=False)
        return queryset


@admin.register(OutboxMessage)
class OutboxMessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Read-only but for one action: nothing is enqueued or undone by hand."""

    list_display = ("kind", "subject", "attempts", "quarantined_at", "done_at", "last_error")
    list_filter = (StatusFilter, "kind")
    search_fields = ("=subject",)
    search_help_text = _("对象的完整编号")
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50
    actions = ("start_anew",)

    @admin.action(description=_("重新办理所选的已搁置项"), permissions=["change"])
    def start_anew(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        chosen = list(queryset.filter(quarantined_at__isnull=False).values_list("id", "kind"))
        opened = retry([row_id for row_id, _kind in chosen])
        for kind in {kind for _row_id, kind in chosen}:
            notify_workers(kind)
        for row_id, _kind in chosen:
            self.log_change(request, OutboxMessage(pk=row_id), "retry")
        self.message_user(
            request,
            ngettext("已重新开始 %(count)d 项。", "已重新开始 %(count)d 项。", opened) % {"count": opened},
            messages.SUCCESS if opened else messages.WARNING,
        )

    def get_readonly_fields(self, request: HttpRequest, obj: OutboxMessage | None = None) -> list[str]:
        return [field.name for field in OutboxMessage._meta.fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutboxMessage | None = None) -> bool:
        return False
