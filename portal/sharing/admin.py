"""Sources and what departments were granted, in the staff console: administrators open a source, two of them a grant."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.lib.admin_lists import BoundedPaginator
from portal.sharing.models import DataSource, Grant, Provision


class ProvisionInline(admin.TabularInline):
    """What the source can be asked for."""

    model = Provision
    extra = 0
    fields = ("kind", "code", "about", "path")


@admin.register(DataSource)
class DataSourceAdmin(admin.ModelAdmin):
    """Registers and systems that can be asked. Closed, one is asked no more; rows that rest on it stay."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("code", "name", "department", "adapter", "certainty", "is_open")
    list_select_related = ("department",)
    list_filter = ("is_open",)
    ordering = ("code",)
    inlines = (ProvisionInline,)

    def has_delete_permission(self, request: HttpRequest, obj: DataSource | None = None) -> bool:
        return False


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    """Who may have what, for which item: requested by one administrator, decided by another, ended at any time."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("item", "provision", "purpose", "state", "requested_at", "decided_at")
    list_select_related = ("provision__source",)
    list_filter = ("state",)
    ordering = ("-id",)
    fields = (
        "provision",
        "item",
        "purpose",
        "legal_ground",
        "state",
        "requested_by",
        "requested_at",
        "decided_by",
        "decided_at",
        "reason",
        "ended_by",
        "ended_at",
    )
    actions = ("agree", "refuse", "end")

    def get_readonly_fields(self, request: HttpRequest, obj: Grant | None = None) -> tuple[str, ...]:
        decided = (
            "state",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "reason",
            "ended_by",
            "ended_at",
        )
        return decided if obj is None else (*decided, "provision", "item", "purpose", "legal_ground")

    def has_delete_permission(self, request: HttpRequest, obj: Grant | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        """Request a grant in the name of whoever fills this in."""
        if not change and isinstance(request.user, User):
            obj.requested_by = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=_("同意所选的共享需求"))
    def agree(self, request: HttpRequest, chosen: QuerySet[Grant]) -> None:
        """Let departments have what others requested."""
        self._decide(request, chosen.filter(state=Grant.State.REQUESTED), Grant.State.GRANTED)

    @admin.action(description=_("不同意所选的共享需求"))
    def refuse(self, request: HttpRequest, chosen: QuerySet[Grant]) -> None:
        """Refuse what others requested."""
        self._decide(request, chosen.filter(state=Grant.State.REQUESTED), Grant.State.REFUSED)

    @admin.action(description=_("收回所选的共享"))
    def end(self, request: HttpRequest, chosen: QuerySet[Grant]) -> None:
        """End what was granted: from now on nothing is asked under it."""
        self._decide(request, chosen.filter(state=Grant.State.GRANTED), Grant.State.ENDED)

    @transaction.atomic
    def _decide(self, request: HttpRequest, chosen: QuerySet[Grant], state: str) -> None:
        assert isinstance(request.user, User)
        left = len(chosen.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
        now = timezone.now()  # once the rows are held: what was asked by them was asked before
        if state == Grant.State.ENDED:
            done = chosen.update(state=state, ended_by=request.user, ended_at=now)
        else:
            done = chosen.exclude(requested_by=request.user).update(
                state=state, decided_by=request.user, decided_at=now
            )
        if done:
            messages.success(request, _("已办 %(count)d 项。") % {"count": done})
        if done < left:
            messages.warning(request, _("您自己提出的需求要由另一位管理员答复。"))
