"""The support console for applications: look, search, explain. Nothing is written here; activities write.

People see what their departments take part in. What is sealed stays sealed: a form is opened in a case, where
the reading leaves a line.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from catalog.staff.memberships import departments_for
from matters.models import Bundle, CorrectionItem, CorrectionRequest, Decision, ReviewTask, SubItem
from matters.wording.states import event_label, state_label
from portal.ledger.models import Event
from portal.lib.admin_lists import LookOnly

RIGHTS = ("accept", "review", "supervise")


def own_departments(request: HttpRequest) -> QuerySet[Department]:
    """Return the departments in which the reader holds a right to see cases."""
    user: Any = request.user
    ids = [department.pk for right in RIGHTS for department in departments_for(user, right)]  # type: ignore[arg-type]
    return Department.objects.filter(pk__in=set(ids))


class OwnCases(LookOnly):
    """Only what the reader's departments take part in; ``department_path`` leads there."""

    department_path = "department"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return own_departments(request).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{f"{self.department_path}__in": own_departments(request)})


class LookInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows that belong to what is shown; nothing can be added, changed or removed."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return own_departments(request).exists()


class SubItemInline(LookInline):
    model = SubItem
    fields = readonly_fields = (
        "number",
        "name",
        "department",
        "stands",
        "state_since",
        "accepted_at",
        "due_on",
        "concluded_at",
    )

    @admin.display(description=_("状态"))
    def stands(self, sub_item: SubItem) -> str:
        return state_label(sub_item.state)


@admin.register(Bundle)
class BundleAdmin(OwnCases):
    """Bundles, newest first, with their sub-items and their history."""

    list_display = ("number", "matter_name", "channel", "submitted_at", "promised_on", "concluded_at")
    list_filter = ("channel",)
    list_select_related = ("matter_version__matter",)
    search_fields = ("number__startswith",)
    search_help_text = _("按办件编号查找；按证件号码请到收件台。")
    ordering = ("-submitted_at", "-id")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("number", "matter_name", "applicant", "channel", "entered_by", "at_counter")}),
        (_("办理"), {"fields": ("submitted_at", "form_revision", "promised_on", "concluded_at")}),
        (_("办理经过"), {"fields": ("history",)}),
    )
    readonly_fields = ("matter_name", "at_counter", "history")
    inlines = (SubItemInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bundle]:
        taking_part = SubItem.objects.filter(bundle=OuterRef("pk"), department__in=own_departments(request))
        bundles = admin.ModelAdmin.get_queryset(self, request).defer("form_sealed", "matter_version__content")
        return bundles.filter(Exists(taking_part))

    @admin.display(description=_("一件事"))
    def matter_name(self, bundle: Bundle) -> str:
        return bundle.matter_version.matter.name

    @admin.display(description=_("收件台"))
    def at_counter(self, bundle: Bundle) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:counter_bundle", args=[bundle.number]), _("在收件台打开")
        )

    @admin.display(description=_("事件"))
    def history(self, bundle: Bundle) -> SafeString:
        return event_history(Q(chain_id=bundle.pk))


@admin.register(SubItem)
class SubItemAdmin(OwnCases):
    """Sub-items with where they stand and what happened."""

    list_display = ("number", "name", "department", "stands", "state_since", "due_on")
    list_filter = ("state", "department")
    list_select_related = ("department",)
    search_fields = ("number__startswith",)
    search_help_text = _("按办件编号查找。")
    ordering = ("-state_since", "-id")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("number", "name", "key", "department", "in_bundle", "in_review")}),
        (
            _("办理"),
            {
                "fields": (
                    "stands",
                    "state_since",
                    "after",
                    "promised_limit_days",
                    "limit_unit",
                    "accepted_at",
                    "due_on",
                    "concluded_at",
                )
            },
        ),
        (_("办理经过"), {"fields": ("history",)}),
    )
    readonly_fields = ("stands", "in_bundle", "in_review", "history")

    @admin.display(description=_("状态"))
    def stands(self, sub_item: SubItem) -> str:
        return state_label(sub_item.state)

    @admin.display(description=_("联办件"))
    def in_bundle(self, sub_item: SubItem) -> SafeString:
        address = reverse("admin:matters_bundle_change", args=[sub_item.bundle_id])
        return format_html('<a href="{}">{}</a>', address, sub_item.bundle)

    @admin.display(description=_("审批台"))
    def in_review(self, sub_item: SubItem) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("matters:case", args=[sub_item.number]), _("在审批台打开"))

    @admin.display(description=_("事件"))
    def history(self, sub_item: SubItem) -> SafeString:
        return event_history(Q(chain_id=sub_item.bundle_id, sub_item=sub_item.key))


@admin.register(ReviewTask)
class ReviewTaskAdmin(OwnCases):
    """Lines of the queues, open and closed."""

    list_display = ("sub_item", "department", "stage", "opened_at", "claimed_by", "due_on", "closed_at")
    list_filter = ("stage", "department")
    list_select_related = ("sub_item", "department", "claimed_by")
    search_fields = ("sub_item__number__startswith",)
    ordering = ("-id",)


@admin.register(Decision)
class DecisionAdmin(OwnCases):
    """Decisions; what a department filled in stays sealed."""

    department_path = "sub_item__department"
    list_display = ("sub_item", "outcome", "decided_by", "decided_at")
    list_filter = ("outcome",)
    list_select_related = ("sub_item", "decided_by")
    search_fields = ("sub_item__number__startswith",)
    ordering = ("-id",)
    fields = ("sub_item", "outcome", "reason", "decided_by", "decided_at")


class CorrectionItemInline(LookInline):
    model = CorrectionItem
    fields = readonly_fields = ("target", "key", "reason")


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(OwnCases):
    """Returns for correction with everything they name."""

    department_path = "sub_item__department"
    list_display = ("sub_item", "requested_by", "requested_at", "answered_at")
    list_filter = (("answered_at", admin.EmptyFieldListFilter),)
    list_select_related = ("sub_item", "requested_by")
    search_fields = ("sub_item__number__startswith",)
    ordering = ("-id",)
    fields = ("sub_item", "requested_by", "requested_at", "answered_at")
    inlines = (CorrectionItemInline,)


def event_history(which: Q) -> SafeString:
    """Return the events as a list, oldest first: when, what, which part, by whom."""
    events = Event.objects.filter(which).select_related("actor").order_by("sequence")
    return format_html_join(
        "",
        "<div>{} · {} {} {}</div>",
        (
            (
                f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
                event_label(event.kind),
                event.sub_item,
                event.actor or "",
            )
            for event in events
        ),
    )
