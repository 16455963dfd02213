"""Applications in the staff console: bundles, sub-items, tasks, decisions and corrections, to be looked at."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.staff.memberships import Right, department_ids_for
from matters.cases.department_view import plan_of
from matters.cases.gaps import names_of
from matters.cases.window import window_of
from matters.core.numbering import read_number
from matters.models import Bundle, CorrectionItem, CorrectionRequest, Decision, ReviewTask, SubItem
from matters.models.querysets import own_bundles
from matters.wording.states import event_label, standing
from matters.wording.titles import plain_title
from portal.ledger.admin_readings import RecordsReadings, RowReading
from portal.ledger.models import Event
from portal.lib.admin_lists import LookOnly

# What opens a case (matters.views.review).
CASE_RIGHTS: tuple[Right, ...] = ("review", "accept")
RIGHTS: tuple[Right, ...] = ("serve", "accept", "review", "supervise")


def own_departments(request: HttpRequest) -> frozenset[int]:
    """Return the ids of the departments in which the reader holds a right to see cases."""
    user: Any = request.user
    return department_ids_for(user, *RIGHTS)


def handling_departments(request: HttpRequest) -> frozenset[int]:
    """Return the departments whose cases the reader handles, beyond supervising them."""
    user: Any = request.user
    return department_ids_for(user, "serve", "accept", "review")


class OwnCases(RecordsReadings, LookOnly):
    """Only what the reader's departments take part in, and nothing of their own; ``department_path`` and ``bundle_path`` lead there."""

    department_path = "department"
    bundle_path = "sub_item__bundle"
    # The names of what a row's page shows of a person; nothing where it shows only where a case stands.
    read_here: tuple[str, ...] = ()

    # Fields of a row's page that whoever only supervises is not shown: they see cases and times.
    personal: tuple[str, ...] = ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(own_departments(request))

    def reads(self, request: HttpRequest, found: Any) -> bool:
        """Return whether the reader may see more of a row than where its case stands: they handle cases of its department."""
        sub_item = found if isinstance(found, SubItem) else found.sub_item
        return sub_item.department_id in handling_departments(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None or not self.personal or self.reads(request, obj):
            return found
        return [
            (title, {"fields": [one for one in part["fields"] if getattr(one, "__name__", one) not in self.personal]})
            for title, part in found
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the reader's departments, without those of their own applications."""
        rows = super().get_queryset(request).filter(**{f"{self.department_path}__in": own_departments(request)})
        return rows.exclude(**{f"{self.bundle_path}__in": own_bundles(request.user.pk)})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by a number however it is typed, as the counter does."""
        return super().get_search_results(request, queryset, read_number(search_term) or search_term)

    def shown_of(self, request: HttpRequest, found: Any) -> RowReading | None:
        if not self.read_here or not self.reads(request, found):
            return None
        bundle_id, department = self.whose(found)
        return RowReading(bundle_id, self.read_here, department=department)

    def whose(self, found: Any) -> tuple[UUID, str]:
        """Return the bundle that a row is part of, and the code of the department in whose name it is read."""
        sub_item = found if isinstance(found, SubItem) else found.sub_item
        return sub_item.bundle_id, sub_item.department.code


class LookInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows that belong to what is shown; nothing can be added, changed or removed."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(own_departments(request))


class SubItemInline(LookInline):
    model = SubItem
    fields = readonly_fields = (
        "number",
        "name",
        "office",
        "stands",
        "state_since",
        "accepted_at",
        "due_on",
        "concluded_at",
    )

    @admin.display(description=_("部门"))
    def office(self, sub_item: SubItem) -> str:
        """Name the department without a link: whoever reads cases need not be let into the catalog."""
        return str(sub_item.department)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubItem]:
        """Only the parts of the reader's departments; all of them at the window where the case was entered."""
        entered_here = Bundle.objects.filter(window_of(request.user).entered_here())
        own = Q(department__in=own_departments(request)) | Q(bundle__in=entered_here)
        return super().get_queryset(request).filter(own)

    @admin.display(description=_("状态"))
    def stands(self, sub_item: SubItem) -> str:
        return standing(sub_item)


@admin.register(Bundle)
class BundleAdmin(OwnCases):
    """Bundles, newest first, with their sub-items and their history."""

    list_display = ("number", "matter_name", "channel", "submitted_at", "promised_on", "concluded_at")
    list_filter = ("channel",)
    list_select_related = ("matter_version__matter",)
    search_fields = ("number__startswith",)
    search_help_text = _("按办件编号查找；按证件号码请到收件台。")
    ordering = ("-id",)  # by the time of filing, which the key begins with
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("number", "matter_name", "applicant", "channel", "entered_by", "at_counter")}),
        (_("办理"), {"fields": ("submitted_at", "form_revision", "promised_on", "concluded_at")}),
        (_("办理经过"), {"fields": ("history",)}),
    )
    readonly_fields = ("matter_name", "at_counter", "history")
    inlines = (SubItemInline,)
    read_here = ("name",)
    personal = ("applicant", "entered_by", "at_counter")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bundle]:
        taking_part = SubItem.objects.filter(bundle=OuterRef("pk"), department__in=own_departments(request))
        bundles = admin.ModelAdmin.get_queryset(self, request).defer("form_sealed", "matter_version__content")
        found = bundles.filter(Exists(taking_part) | window_of(request.user).entered_here())
        return found.exclude(pk__in=own_bundles(request.user.pk))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Bundle | None:
        """Return the bundle with the parts that its reader may see (``seen``), and whether its counter page is theirs."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            window = window_of(request.user)
            own = own_departments(request)
            parts = found.sub_items.all()
            found.seen = [one.key for one in parts if window.entered(found) or one.department_id in own]
            found.is_at_counter = bool(window.parts_of(found))
        return found

    def reads(self, request: HttpRequest, found: Any) -> bool:
        taking_part = {one.department_id for one in found.sub_items.all()}
        return bool(taking_part & handling_departments(request)) or window_of(request.user).entered(found)

    def whose(self, found: Any) -> tuple[UUID, str]:
        return found.pk, ""

    @admin.display(description=_("一件事"))
    def matter_name(self, bundle: Bundle) -> str:
        return plain_title(bundle)

    @admin.display(description=_("收件台"))
    def at_counter(self, bundle: Bundle) -> SafeString | str:
        if not bundle.is_at_counter:  # type: ignore[attr-defined]
            return "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:counter_bundle", args=[bundle.number]), _("在收件台打开")
        )

    @admin.display(description=_("事件"))
    def history(self, bundle: Bundle) -> SafeString:
        return event_history(Q(chain_id=bundle.pk, sub_item__in=["", *bundle.seen]))  # type: ignore[attr-defined]


@admin.register(SubItem)
class SubItemAdmin(OwnCases):
    """Sub-items with where they stand and what happened."""

    list_display = ("number", "name", "department", "stands", "state_since", "due_on")
    list_filter = ("state", "department")
    list_select_related = ("department",)
    search_fields = ("number__startswith",)
    search_help_text = _("按办件编号查找。")
    bundle_path = "bundle"
    ordering = ("-id",)
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
    personal = ("in_review",)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> SubItem | None:
        """Return the sub-item, and whether its case is open to the reader (``is_openable``): a supervisor's is not."""
        found: SubItem | None = super().get_object(request, object_id, from_field)
        if found is not None:
            user: Any = request.user
            found.is_openable = found.department_id in department_ids_for(user, *CASE_RIGHTS)  # type: ignore[attr-defined]
        return found

    @admin.display(description=_("状态"))
    def stands(self, sub_item: SubItem) -> str:
        return standing(sub_item)

    @admin.display(description=_("联办件"))
    def in_bundle(self, sub_item: SubItem) -> SafeString:
        address = reverse("admin:matters_bundle_change", args=[sub_item.bundle_id])
        return format_html('<a href="{}">{}</a>', address, sub_item.bundle)

    @admin.display(description=_("审批台"))
    def in_review(self, sub_item: SubItem) -> SafeString | str:
        if not sub_item.is_openable:  # type: ignore[attr-defined]
            return "—"
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
    read_here = ("reason",)
    personal = ("reason",)


class CorrectionItemInline(LookInline):
    model = CorrectionItem
    fields = readonly_fields = ("target", "called", "origin", "reason")

    @admin.display(description=_("所指"))
    def called(self, item: CorrectionItem) -> str:
        return names_of(plan_of(item.request.sub_item.bundle), [item])[0]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionItem]:
        found: QuerySet[CorrectionItem] = super().get_queryset(request)
        return found.select_related("request__sub_item__bundle").order_by("pk")


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(OwnCases):
    """Returns for correction with everything they name."""

    department_path = "sub_item__department"
    list_display = ("sub_item", "of_department", "requested_by", "requested_at", "answer_by", "answered_at")
    list_filter = (("answered_at", admin.EmptyFieldListFilter),)
    list_select_related = ("sub_item__department", "requested_by")
    search_fields = ("sub_item__number__startswith",)
    ordering = ("-id",)
    fields = ("sub_item", "of_department", "requested_by", "requested_at", "answer_by", "answered_at")
    readonly_fields = ("of_department",)
    inlines = (CorrectionItemInline,)
    read_here = ("reason",)

    @admin.display(description=_("部门"), ordering="sub_item__department")
    def of_department(self, asked: CorrectionRequest) -> str:
        return str(asked.sub_item.department)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None and self.reads(request, obj) else ()


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
                "" if event.actor is None else event.actor if event.actor.is_staff else _("申请人"),
            )
            for event in events
        ),
    )
