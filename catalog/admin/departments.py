"""Divisions, departments and their staff in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from catalog.admin.history import WithHistory
from catalog.models import Appointment, Department, Division, Membership
from catalog.staff.appointing import APPOINT, AppointmentRefused, confirm, end_post, may_appoint, propose, refuse
from portal.accounts.models import User
from portal.accounts.pending_post import posted_from
from portal.lib.admin_lists import FindsWholeTexts, LinksWhatMayBeOpened


@admin.register(Department)
class DepartmentAdmin(WithHistory):
    list_display = ("code", "name", "short_name", "level", "division", "parent", "phone")
    list_select_related = ("division", "parent")
    list_filter = ("level",)
    search_fields = ("code", "name", "short_name", "credit_code")
    autocomplete_fields = ("division", "parent")


@admin.register(Division)
class DivisionAdmin(WithHistory):
    list_display = ("code", "name", "level", "parent")
    list_select_related = ("parent",)
    list_filter = ("level",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    # They are the national standard's (GB/T 2260), and forms offer them from the rows: an administrator imports them, nobody writes them here.
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Division | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Division | None = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(FindsWholeTexts, LinksWhatMayBeOpened, admin.ModelAdmin):
    """Who holds which post now; one is ended here, and given on the page of appointments."""

    list_display = ("user", "department", "role")
    list_select_related = ("user", "department")
    list_filter = ("department", "role")
    search_fields = ("user__username", "department__name")
    sealed_search = ("user__name_index",)
    fields = readonly_fields = ("user", "department", "role")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).filter(_within_reach(request, "view"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return request.user.has_perm("catalog.view_membership") or bool(_led_departments(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        user: Any = request.user
        if obj is None:
            return user.has_perm(APPOINT) or bool(_led_departments(request))
        return may_appoint(user, obj.department)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the posts alone: nothing else goes with them."""
        return [str(one) for one in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        end_post(request.user, obj)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "department"):
            end_post(request.user, membership)  # type: ignore[arg-type]


class AppointmentForm(forms.ModelForm):
    """Who is to hold which post. The person is named by their account: nobody is offered a list of everybody."""

    account = forms.CharField(label=_("账号"), max_length=150)

    class Meta:
        model = Appointment
        fields = ("department", "role")

    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.request.user
        if not user.has_perm(APPOINT) and "department" in self.fields:  # what was proposed is only looked at
            department: Any = self.fields["department"]
            department.queryset = Department.objects.filter(pk__in=_led_departments(self.request))
            department.required = True
            role: Any = self.fields["role"]
            role.choices = [one for one in role.choices if one[0] not in Membership.OFFICES]

    def clean_account(self) -> User:
        found = User.objects.filter(username=self.cleaned_data["account"].strip(), is_staff=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个账号，或者它不是工作人员的账号。"), code="unknown")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                with transaction.atomic():
                    self.instance = propose(
                        self.request.user,  # type: ignore[arg-type]
                        cleaned["account"],
                        cleaned.get("department"),
                        cleaned["role"],
                    )
            except AppointmentRefused as refused:
                raise forms.ValidationError(refused.sentence, code=refused.code) from refused
        return cleaned

    def _post_clean(self) -> None:
        """The activity has checked and written it."""


@admin.register(Appointment)
class AppointmentAdmin(FindsWholeTexts, LinksWhatMayBeOpened, admin.ModelAdmin):
    """The one page on which a post is given: proposed by one person, confirmed or refused by another."""

    form = AppointmentForm
    change_form_template = "admin/catalog/appointment/change_form.html"
    list_display = ("user", "department", "role", "status", "proposed_by", "decided_by", "proposed_at")
    list_select_related = ("user", "department", "proposed_by", "decided_by")
    list_filter = ("status", "role")
    search_fields = ("user__username", "department__name")
    sealed_search = ("user__name_index",)
    ordering = ("-id",)
    readonly_fields = ("user", "status", "proposed_by", "proposed_at", "decided_by", "decided_at", "by_lead")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.request = request
        return form

    def get_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        return (
            ("account", "department", "role")
            if obj is None
            else ("user", "department", "role", *self.readonly_fields[1:])
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).filter(_within_reach(request, "view"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return request.user.has_perm("catalog.view_appointment") or bool(_led_departments(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(APPOINT) or bool(_led_departments(request))

    def has_change_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Appointment:
        appointment: Appointment = form.instance
        return appointment

    def save_model(self, request: HttpRequest, obj: Appointment, form: Any, change: bool) -> None:
        if obj.status == Appointment.Status.OPEN:
            messages.info(request, _("已提出。两个人同意才生效：请另一位管理员或该部门负责人在“任职”里确认。"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        pass

    def get_urls(self) -> list[Any]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<int:pk>/decide/", decide, name="catalog_appointment_decide"), *super().get_urls()]

    @posted_from(lambda request, pk: reverse("admin:catalog_appointment_change", args=[pk]))
    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm or refuse, as the second person."""
        appointment = self.get_object(request, str(pk)) if self.has_view_permission(request) else None
        verdict = {"confirm": confirm, "refuse": refuse}.get(request.POST.get("verdict", ""))
        if appointment is None or verdict is None:
            raise Http404
        try:
            decided = verdict(request.user, appointment)  # type: ignore[arg-type]
        except AppointmentRefused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, f"{decided}：{decided.get_status_display()}")
        return redirect("admin:catalog_appointment_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        appointment, user = self.get_object(request, object_id), request.user
        waits = appointment is not None and appointment.status == Appointment.Status.OPEN
        own = appointment is not None and appointment.proposed_by_id == user.pk
        about_me = appointment is not None and appointment.user_id == user.pk
        may = waits and appointment is not None and may_appoint(user, appointment.department)  # type: ignore[arg-type]
        shown = {"may_confirm": may and not own and not about_me, "may_refuse": may, "is_own": own}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})


def _led_departments(request: HttpRequest) -> list[int]:
    """Return the departments whose lead the reader is; asked once a request."""
    found: list[int] | None = getattr(request, "_led_departments", None)
    if found is None:
        user: Any = request.user
        lead = Membership.objects.filter(user_id=user.pk, role=Membership.Role.LEAD)
        found = [pk for pk in lead.values_list("department_id", flat=True) if pk is not None] if user.is_active else []
        request._led_departments = found  # type: ignore[attr-defined]
    return found


def _within_reach(request: HttpRequest, verb: str) -> Q:
    """Return the condition of the rows a reader may see: all for administrators, else those of the departments they lead."""
    if request.user.has_perm(f"catalog.{verb}_membership"):
        return Q()
    return Q(department__in=_led_departments(request))
