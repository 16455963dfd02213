"""Certificates in the staff console: look, search, see why a file is not made, change a status with its reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.staff.memberships import department_ids_for
from certificates.activities.access import issuing_departments
from certificates.activities.library import open_face, own_certificates
from certificates.activities.lookup import number_meant
from certificates.activities.rendering_work import retry_quarantined
from certificates.activities.status import StatusChangeRefused, change_status_together
from certificates.core.identifier import IdentifierInvalid
from certificates.forms import StatusForm
from certificates.models import Certificate, StatusChange
from certificates.wording import VERDICTS
from portal.accounts.pending_post import restored_post
from portal.ledger.admin_readings import RecordsReadings, RowReading
from portal.lib.admin_lists import LookOnly
from portal.lib.vault import SealBroken


def _named(certificate: Certificate) -> str:
    """Return what the reason is about; rare characters with their numbers, for a screen that cannot draw them either."""
    if certificate.set_aside_reason != Certificate.SetAsideReason.RARE_CHARACTERS:
        return certificate.set_aside_detail
    return " ".join(f"{character}（U+{ord(character):04X}）" for character in certificate.set_aside_detail)


class StatusChangeInline(admin.TabularInline):  # type: ignore[type-arg]
    """The history of a certificate's status; nothing can be added, changed or removed here."""

    model = StatusChange
    extra = 0
    fields = readonly_fields = ("changed_at", "status", "reason", "authority_name", "document_number", "changed_by")
    verbose_name_plural = _("状态变更记录")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class MakingFilter(admin.SimpleListFilter):
    """Whether the file is there, is being made, or waits for a person."""

    title = _("制证")
    parameter_name = "making"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("quarantined", _("转人工处理")), ("waiting", _("制证中")), ("done", _("已制证"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> QuerySet[Certificate]:
        if self.value() == "quarantined":
            return queryset.filter(set_aside_at__isnull=False)
        if self.value() == "waiting":
            return queryset.filter(rendered_at__isnull=True, set_aside_at__isnull=True)
        if self.value() == "done":
            return queryset.filter(rendered_at__isnull=False)
        return queryset


@admin.register(Certificate)
class CertificateAdmin(RecordsReadings, LookOnly):
    """The certificates of the departments in which this member of staff holds a right."""

    list_display = ("serial", "certificate_type", "masked_holder", "issuer", "issued_at", "standing", "making")
    list_filter = ("status", MakingFilter, "certificate_type")
    list_select_related = ("certificate_type", "issuer")
    search_fields = ("serial__exact", "identifier__exact", "decision_reference__exact")
    search_help_text = _("输入完整的证照编号、电子证照标识或办件编号。")
    ordering = ("-id",)  # by the time of issue, which the key begins with
    view_on_site = False
    actions = ("change_status_of", "retry_making")
    inlines: ClassVar[list[Any]] = [StatusChangeInline]
    fieldsets: ClassVar[Any] = (
        (
            _("签发"),
            {
                "fields": (
                    "certificate_type",
                    "serial",
                    "identifier",
                    "issuer",
                    "issued_at",
                    "term",
                    "decision_reference",
                )
            },
        ),
        (_("照面"), {"fields": ("holder_kind", "holder_name", "face")}),
        (_("状态"), {"fields": ("standing",)}),
        (
            _("文件"),
            {
                "fields": (
                    "making",
                    "file_link",
                    "rendered_at",
                    "file_sha256",
                    "set_aside_at",
                    "set_aside_reason",
                    "set_aside_detail",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        rows: QuerySet[Certificate] = super().get_queryset(request)
        return rows.filter(issuer__in=issuing_departments(request.user)).exclude(pk__in=own_certificates(request.user))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Certificate], search_term: str
    ) -> tuple[QuerySet[Certificate], bool]:
        """Find a certificate however its identifier or number is typed, as verification does."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        try:
            return found | queryset.filter(**number_meant(search_term)), may_repeat
        except IdentifierInvalid:
            return found, may_repeat

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff) and bool(issuing_departments(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_issue_permission(self, request: HttpRequest) -> bool:
        """Return whether the actions are offered; each certificate is asked again when one is taken."""
        return bool(department_ids_for(request.user, "issue"))  # type: ignore[arg-type]

    def shown_of(self, request: HttpRequest, found: Certificate) -> RowReading:
        codes = [line["code"] for line in found.certificate_type.face]
        return RowReading(found.pk, codes, "certificate_console", found.issuer.code)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask again for a change of status that was posted when the session had ended; without ``apply`` nothing is changed."""
        kept = restored_post(request) if request.method == "GET" else None
        if kept is not None and kept.get("action") == "change_status_of":
            request.typed_before = kept.dict()  # type: ignore[attr-defined]
            kept.pop("apply", None)
            request.method, request.POST = "POST", kept  # type: ignore[assignment]
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    @admin.display(description=_("持证主体"))
    def masked_holder(self, certificate: Certificate) -> str:
        return certificate.public_holder

    @admin.display(description=_("状态"), ordering="status")
    def standing(self, certificate: Certificate) -> str:
        return str(VERDICTS[certificate.verdict(timezone.localdate())].word)

    @admin.display(description=_("有效期至"), ordering="expires_on")
    def term(self, certificate: Certificate) -> str:
        return date_format(certificate.expires_on, "DATE_FORMAT") if certificate.expires_on else str(_("长期有效"))

    @admin.display(description=_("照面信息"))
    def face(self, certificate: Certificate) -> str:
        try:
            lines = open_face(certificate).lines
        except SealBroken:
            return str(_("照面信息无法解密，请联系运维人员"))
        return format_html_join("\n", "<div>{}：{}</div>", ((line.label, line.value or "—") for line in lines))

    @admin.display(description=_("证照文件"))
    def file_link(self, certificate: Certificate) -> str:
        if not certificate.is_rendered:
            return "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("certificates:pdf", args=[certificate.pk]), _("打开（会留下查看记录）")
        )

    @admin.display(description=_("制证"))
    def making(self, certificate: Certificate) -> str:
        if certificate.is_rendered:
            return str(_("已制证"))
        if certificate.set_aside_at:
            return f"{_('转人工')}：{certificate.get_set_aside_reason_display()} {_named(certificate)}".strip()
        return str(_("制证中"))

    @admin.action(description=_("变更状态（暂扣、恢复、吊销、撤销、撤回、注销）"), permissions=["issue"])
    def change_status_of(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> HttpResponse | None:
        """Ask for the new status and its reason, then change each certificate; those refused are named."""
        chosen = list(queryset.select_related("issuer", "certificate_type"))
        form = StatusForm(
            request.POST if "apply" in request.POST else None, initial=getattr(request, "typed_before", None)
        )
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("变更证照状态"),
                "form": form,
                "chosen": chosen,
                "opts": self.model._meta,
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/certificates/change_status.html", context)
        done, asked = 0, form.cleaned_data
        for together in [chosen] if asked["together"] else [[one] for one in chosen]:
            try:
                done += len(
                    change_status_together(
                        together,
                        asked["status"],
                        asked["reason"],
                        request.user,  # type: ignore[arg-type]
                        asked["document_number"],
                    )
                )
            except StatusChangeRefused as refusal:
                self.message_user(request, f"{refusal.certificate}：{refusal.message}", messages.ERROR)
                if len(together) > 1:
                    self.message_user(request, _("选中的证照一张也没有变更。"), messages.WARNING)
        if done:
            said = (
                ngettext(
                    "已变更 %d 张证照的状态，核验页面立即显示。", "已变更 %d 张证照的状态，核验页面立即显示。", done
                )
                % done
            )
            self.message_user(request, said, messages.SUCCESS)
        return None

    @admin.action(description=_("重新制证（补充字库后）"), permissions=["issue"])
    def retry_making(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        """Enqueue the files of quarantined certificates anew."""
        issuers = department_ids_for(request.user, "issue")  # type: ignore[arg-type]
        count = retry_quarantined(list(queryset.filter(issuer__in=issuers).values_list("pk", flat=True)))
        said = ngettext("%d 张证照将重新制证。", "%d 张证照将重新制证。", count) % count
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)
