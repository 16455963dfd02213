"""Benefit policies in the staff console: made and changed by the lead of their department or by who manages the catalog, as versions."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from catalog.models import CertificateType, Department, Matter
from catalog.staff.memberships import led_departments
from catalog.versions.matters import compiled
from matters.core.clocks import official_date
from matters.drafts.policies import (
    SAID,
    add_policy,
    change_policy,
    hold_code,
    manages_all,
    may_manage,
)
from matters.models import BenefitPolicy
from portal.lib.admin_lists import BoundedPaginator

OLDEST = 150


class Lines(forms.CharField):
    """Names, one a line; how the lines end and what is around them makes no difference."""

    def to_python(self, value: Any) -> str:
        return "\n".join(line.strip() for line in str(value or "").splitlines() if line.strip())


class Day(forms.DateField):
    """A day, chosen by the browser's own control."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PolicyForm(forms.ModelForm):
    """What a version of a policy says. ``departments``: those whose policies whoever fills it in may make, set by the page."""

    matter = forms.ChoiceField(label=gettext_lazy("一件事"))
    only_items = Lines(
        label=gettext_lazy("只办其中的事项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一行一个，写事项的名称或代码。留空：整件事。"),
    )
    certificate_type = forms.ChoiceField(
        label=gettext_lazy("凭哪种证照"),
        required=False,
        help_text=gettext_lazy("凭证照或凭年龄，二选一。只能凭本部门签发的证照。"),
    )
    lacks_type = forms.ChoiceField(
        label=gettext_lazy("还没有哪种证照"), required=False, help_text=gettext_lazy("已经有这种证照的人不再提示。")
    )
    within_days = forms.IntegerField(label=gettext_lazy("签发后多少天内"), min_value=1, max_value=32767, initial=365)
    least_age = forms.IntegerField(label=gettext_lazy("满多少周岁"), min_value=1, max_value=OLDEST, required=False)
    is_demo = forms.BooleanField(
        label=gettext_lazy("演示参数"),
        required=False,
        initial=True,
        help_text=gettext_lazy("参数是编的，没有文件依据：办事人看到的页面上会标明“演示参数”。"),
    )
    valid_from = Day(label=gettext_lazy("从哪天起有效"))
    valid_to = Day(
        label=gettext_lazy("有效到哪天"),
        required=False,
        help_text=gettext_lazy("含当天；过了这天不再匹配任何人。留空：长期。"),
    )

    departments: QuerySet[Department]

    class Meta:
        model = BenefitPolicy
        fields: ClassVar = ["code", "department", *(name for name in SAID if name != "items")]
        widgets: ClassVar = {
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "ground": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar = {
            "code": gettext_lazy("小写字母、数字和下划线；定了以后不能改。"),
            "conditions": gettext_lazy("给办事人看的一句话。"),
            "ground": gettext_lazy("凭什么可以读取这些记录：法规、文件的名称和条款。办事人会看到。"),
        }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        today = official_date(timezone.now())
        held: BenefitPolicy | None = self.instance if self.instance.pk else None
        if "matter" not in self.fields:  # only looked at
            return
        nothing = [("", "---------")]
        open_matters = Matter.objects.filter(current_version__isnull=False, is_listed=True).order_by("name")
        types = list(CertificateType.objects.order_by("name").values_list("slug", "name"))
        offered: dict[str, Any] = {
            "matter": [*nothing, *open_matters.values_list("slug", "name")],
            "certificate_type": [*nothing, *types],
            "lacks_type": [*nothing, *types],
        }
        for name, choices in offered.items():
            kept = getattr(held, name) if held is not None else ""
            lost = [(kept, kept)] if kept and kept not in dict(choices) else []
            self.fields[name].choices = [*choices, *lost]  # type: ignore[attr-defined]
        if held is None:
            self.fields["department"].queryset = self.departments  # type: ignore[attr-defined]
            self.initial.setdefault("valid_from", today)
        else:
            self.initial["only_items"] = "\n".join(held.items)
            self.initial["valid_from"] = max(today, held.valid_from or today)

    def _post_clean(self) -> None:
        """Leave the row alone: the activities write."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        hold_code(code)
        if BenefitPolicy.objects.filter(code=code).exists():
            raise forms.ValidationError(_("已经有代码是 %(code)s 的政策。要改它，请在列表里打开它。") % {"code": code})
        return code

    def clean_valid_from(self) -> date:
        begins: date = self.cleaned_data["valid_from"]
        if self.instance.pk and begins < official_date(timezone.now()):
            raise forms.ValidationError(_("改动最早从今天起：过去匹配过谁，不会因此改变。"))
        return begins

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if given is None else given
        if self.instance.pk and self.instance.replaced_by_id is not None:
            self.add_error(
                None,
                _("这一版已经由第 %(version)d 版接替，没有保存。填写的都在；请打开最新的一版再改。")
                % {"version": self.instance.replaced_by.version},
            )
        by_certificate, by_age = cleaned.get("certificate_type"), cleaned.get("least_age")
        if "least_age" in cleaned and "certificate_type" in cleaned and bool(by_certificate) == (by_age is not None):
            sentence = _("凭证照和凭年龄只能选一样。") if by_certificate else _("请选一种证照，或者填写满多少周岁。")
            self.add_error("certificate_type", sentence)
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begins is not None and ends is not None and ends < begins:
            self.add_error("valid_to", _("比开始的那天还早。"))
        department: Department | None = cleaned.get("department") or (
            self.instance.department if self.instance.pk else None
        )
        if department is not None:
            self._check_owner(cleaned, department)
        return cleaned

    def _check_owner(self, cleaned: dict[str, Any], department: Department) -> None:
        """A department reads its own certificates, and offers what it handles."""
        slug = cleaned.get("certificate_type")
        kind = CertificateType.objects.select_related("department").filter(slug=slug).first() if slug else None
        if kind is not None and kind.department_id != department.pk:
            sentence = _("“%(name)s”由%(other)s签发，不是%(own)s的记录。")
            names = {"name": kind.name, "other": kind.department.name, "own": department.name}
            self.add_error("certificate_type", sentence % names)
        matter = Matter.objects.filter(slug=cleaned.get("matter", ""), current_version__isnull=False).first()
        if matter is None:
            if cleaned.get("matter"):
                self.add_error("matter", _("这件事现在没有发布，不能提供。"))
            return
        items = compiled(matter.current_version_id or 0).items
        found: list[str] = []
        named = {item.name: slug for slug, item in items.items()}
        unknown = []
        for line in cleaned.get("only_items", "").splitlines():
            slug = line if line in items else named.get(line, "")
            if not slug:
                unknown.append(line)
            elif slug not in found:
                found.append(slug)
        if unknown:
            sentence = _("“%(matter)s”里没有这些事项：%(names)s。")
            names = {"matter": matter.name, "names": pgettext("between names", "、").join(unknown)}
            self.add_error("only_items", sentence % names)
        elif not any(items[slug].department == department.code for slug in found or items):
            self.add_error(
                "only_items" if found else "matter", _("里面没有%(own)s办理的事项。") % {"own": department.name}
            )
        cleaned["items"] = found


@admin.register(BenefitPolicy)
class BenefitPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every version of a policy, the newest first. A version that was replaced is looked at and not changed."""

    form = PolicyForm
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_display = ("name", "code", "version", "department", "stands", "valid_from", "valid_to", "is_demo", "matched")
    list_select_related = ("department",)
    list_filter = ("is_open", "is_demo")
    search_fields = ("code", "name", "name_en")
    ordering = ("code", "-version")
    actions = None
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("code", "department", "name", "name_en", "is_open", "is_demo")}),
        (gettext_lazy("期限"), {"fields": ("valid_from", "valid_to")}),
        (gettext_lazy("办什么"), {"fields": ("matter", "only_items")}),
        (
            gettext_lazy("给谁、凭什么"),
            {"fields": ("certificate_type", "within_days", "lacks_type", "least_age", "conditions", "ground")},
        ),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: BenefitPolicy | None = None) -> bool:
        user: Any = request.user
        if obj is not None:
            return may_manage(user, obj.department_id)
        return manages_all(user) or bool(led_departments(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: BenefitPolicy | None = None) -> bool:
        """Let what was typed for a version that was replaced meanwhile come back with the reason; it is never saved."""
        if obj is not None and obj.replaced_by_id is not None and request.method != "POST":
            return False
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: BenefitPolicy | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BenefitPolicy]:
        user: Any = request.user
        rows: QuerySet[BenefitPolicy] = super().get_queryset(request).select_related("replaced_by", "department")
        rows = rows.annotate(matched_count=Count("matches"))
        return rows if manages_all(user) else rows.filter(department__in=led_departments(user))

    def get_fieldsets(self, request: HttpRequest, obj: BenefitPolicy | None = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        found = [(title, self._with_office(part)) for title, part in found]
        about = (gettext_lazy("这一版"), {"fields": ("version", "stands", "matched", "versions")})
        looked = (
            found
            if self.has_change_permission(request, obj)
            else [(title, self._stored(part)) for title, part in found]
        )
        return [about, *looked]

    @staticmethod
    def _stored(part: Any) -> Any:
        return {**part, "fields": ["items" if name == "only_items" else name for name in part["fields"]]}

    @staticmethod
    def _with_office(part: Any) -> Any:
        return {**part, "fields": ["office" if name == "department" else name for name in part["fields"]]}

    def get_readonly_fields(self, request: HttpRequest, obj: BenefitPolicy | None = None) -> Any:
        return () if obj is None else ("code", "office", "version", "stands", "matched", "versions")

    def get_form(
        self, request: HttpRequest, obj: BenefitPolicy | None = None, change: bool = False, **named: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **named)
        user: Any = request.user
        form.departments = Department.objects.order_by("code")
        if not manages_all(user):
            form.departments = form.departments.filter(pk__in=led_departments(user))
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> BenefitPolicy:
        user: Any = request.user
        form.save_m2m = lambda: None
        said = {name: form.cleaned_data[name] for name in SAID}
        if change:
            return change_policy(user, form.instance, said) if form.has_changed() else form.instance
        made = BenefitPolicy(code=form.cleaned_data["code"], department=form.cleaned_data["department"], **said)
        return add_policy(user, made)

    def save_model(self, request: HttpRequest, obj: BenefitPolicy, form: Any, change: bool) -> None:
        """The activity has written it."""

    def response_change(self, request: HttpRequest, obj: BenefitPolicy) -> HttpResponse:
        """Say that there is a new version, which now stands in the list."""
        if "_popup" in request.POST:
            return super().response_change(request, obj)
        self.message_user(
            request, _("“%(name)s”现在是第 %(version)d 版。") % {"name": obj.name, "version": obj.version}
        )
        return redirect("admin:matters_benefitpolicy_change", obj.pk)

    @admin.display(description=gettext_lazy("部门"))
    def office(self, policy: BenefitPolicy) -> str:
        """Name the department without a link: its lead need not be let into the catalog."""
        return str(policy.department)

    @admin.display(description=gettext_lazy("状态"))
    def stands(self, policy: BenefitPolicy) -> str:
        today = official_date(timezone.now())
        if policy.is_over and policy.replaced_by is not None:
            return _("已由第 %(version)d 版接替") % {"version": policy.replaced_by.version}
        if policy.is_over:
            return _("已过期")
        if not policy.is_open:
            return pgettext("policy", "停用")
        return (
            _("还没开始") if policy.valid_from is not None and policy.valid_from > today else pgettext("policy", "有效")
        )

    @admin.display(description=pgettext_lazy("policy", "匹配到多少人次"))
    def matched(self, policy: BenefitPolicy) -> int:
        return policy.matched_count  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=gettext_lazy("各版"))
    def versions(self, policy: BenefitPolicy) -> SafeString:
        """Link the versions of the same policy, each with its term."""
        rows = BenefitPolicy.objects.filter(code=policy.code).order_by("version")
        return format_html_join(
            "",
            '<div><a href="{}">{}</a> · {} – {}</div>',
            (
                (
                    reverse("admin:matters_benefitpolicy_change", args=[each.pk]),
                    _("第 %(version)d 版") % {"version": each.version},
                    each.valid_from or "",
                    each.valid_to or _("长期"),
                )
                for each in rows
            ),
        )
