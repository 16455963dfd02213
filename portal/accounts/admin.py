"""Accounts, persons and organisations in the staff console."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import AccountForm, NewAccountForm
from portal.accounts.models import Organisation, Person, User
from portal.accounts.one_time_links import make_link
from portal.accounts.people import document_number, everybody_with
from portal.identifiers.masking import mask_document, mask_phone
from portal.identifiers.normalising import tidy
from portal.ledger.access import record_access_to_all
from portal.ledger.admin_readings import RecordsReadings, RowReading
from portal.lib.admin_lists import BoundedPaginator, FindsWholeTexts, LookOnly

# Nobody is put into a group by hand: groups follow from posts (``catalog.staff``).
admin.site.unregister(Group)
# Secrets of the second factor and addresses that nobody has do not belong in the console; of allauth's own accounts there are none.
for model in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

# Logins, also those that failed, are security events (`portal.ledger`); the logs of django-axes stay empty.
admin.site.unregister([AccessAttempt, AccessLog, AccessFailureLog])


@admin.register(AccessAttempt)
class FailedLoginsAdmin(AccessAttemptAdmin):
    """Failed logins that are still counted; who waits for what: ``portal.lib.lockout``."""

    # Both would ask the whole table which days and paths it knows.
    date_hierarchy = None
    list_filter = ("attempt_time",)
    ordering = ("-id",)

    @admin.action(description=_("清除不再计数的失败记录"))
    def cleanup_expired_attempts(self, request: HttpRequest, queryset: QuerySet[AccessAttempt]) -> None:
        """Forget those that count no longer, whichever were chosen. The action of django-axes reads the moment of a login from the request."""
        gone, _rows = AccessAttempt.objects.filter(
            attempt_time__lte=timezone.now() - settings.AXES_COOLOFF_TIME
        ).delete()
        self.message_user(request, _("已清除 %(count)d 条不再计数的失败记录。") % {"count": gone})


@admin.register(User)
class AccountAdmin(FindsWholeTexts, RecordsReadings, UserAdmin):
    """Accounts of citizens and staff."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("username", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("username",)
    sealed_search = ("name_index",)
    search_help_text = _("按账号查找，或输入完整的姓名。")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password", "name")}),
        (_("权限"), {"fields": ("is_active", "is_staff", "is_superuser", "posts")}),
        (_("时间"), {"fields": ("last_login", "date_joined")}),
    )
    form, add_form, add_form_template = AccountForm, NewAccountForm, None
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "name"),
                "description": _("新账号没有密码：建好后生成一次性链接交给本人，由本人设置。"),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined", "is_superuser", "posts")
    filter_horizontal = ()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An administrator's account is changed by administrators alone."""
        if obj is not None and obj.is_superuser and not getattr(request.user, "is_superuser", False):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is switched off; what it did keeps its name."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Make a one-time link for somebody (POST) and show it once. Nobody types a password for another account."""
        account = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None:
            raise Http404
        if account == request.user:
            return redirect("accounts:password")
        if not account.is_active:
            self.message_user(request, _("账号已停用。先启用，再生成链接。"), messages.ERROR)
            return redirect("admin:accounts_user_change", account.pk)
        link = ""
        if request.method == "POST" and isinstance(request.user, User):
            link = request.build_absolute_uri(make_link(account, request.user, request))
        context = {
            **self.admin_site.each_context(request),
            "title": _("一次性链接"),
            "opts": self.opts,
            "account": account,
            "link": link,
        }
        return TemplateResponse(request, "admin/accounts/one_time_link.html", context)

    def shown_of(self, request: HttpRequest, found: User) -> RowReading | None:
        person = getattr(found, "person", None)
        return RowReading(person.pk, ["name"]) if person is not None else None

    @admin.display(description=_("岗位"))
    def posts(self, account: User) -> str:
        """Groups follow from posts, and posts are given and ended on a page of their own."""
        held = account.memberships.select_related("department").order_by("department__code", "role")
        return "；".join(f"{one.department or _('事项目录')} {one.get_role_display()}" for one in held) or "—"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.changed_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)


@admin.register(Person)
class PersonAdmin(FindsWholeTexts, RecordsReadings, LookOnly):
    """Natural persons, masked; opening one leaves a line that the person can see."""

    list_display = ("name", "document_kind", "masked_document", "masked_phone", "user", "level", "created_at")
    list_filter = ("level", "document_kind")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    sealed_search = ("name_index", "phone_index")
    search_help_text = _("按账号查找，或输入完整的姓名、手机号或证件号码。")
    ordering = ("-id",)
    fields = ("name", "document_kind", "masked_document", "masked_phone", "user", "level", "created_at")
    readonly_fields = fields

    @admin.display(description=_("证件号码"))
    def masked_document(self, person: Person) -> str:
        return mask_document(document_number(person))

    @admin.display(description=_("手机号"))
    def masked_phone(self, person: Person) -> str:
        return mask_phone(person.phone)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """Find by account, and by a whole name, telephone or document number through their blind indexes."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        number = tidy(search_term)
        if len(number) < 8 or not any(c.isdigit() for c in number):
            return found, may_repeat
        return found | queryset.filter(pk__in=everybody_with(number)), may_repeat

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list, and record whom it names: also whoever was found by a number or a telephone alone."""
        listed = super().get_changelist_instance(request)
        reader: Any = request.user
        record_access_to_all(reader, [one.pk for one in listed.result_list], "console", ["name", "document", "phone"])
        return listed

    def shown_of(self, request: HttpRequest, found: Person) -> RowReading:
        return RowReading(found.pk, ["name", "document", "phone"])


@admin.register(Organisation)
class OrganisationAdmin(LookOnly):
    """Companies and other bodies."""

    list_display = ("name", "credit_code", "kind", "legal_representative")
    list_select_related = ("legal_representative",)
    search_fields = ("name", "credit_code")
    ordering = ("-id",)
