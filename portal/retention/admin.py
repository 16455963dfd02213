"""Legal holds and what was pruned, in the staff console."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, Person
from portal.accounts.people import everybody_with
from portal.identifiers.normalising import tidy
from portal.lib.admin_lists import BoundedPaginator, LookOnly
from portal.retention.holds import PLACE, NotLifted, lift_hold, place_hold
from portal.retention.models import LegalHold, PruningRun
from portal.retention.schedule import classes


class HoldForm(forms.ModelForm):
    """What is to be held, by the number people know it by, and why."""

    number = forms.CharField(
        label=_("保全什么"), help_text=_("办件编号、统一社会信用代码，或者已实名的人的证件号码"), max_length=60
    )
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = LegalHold
        fields = ()

    found: dict[str, Any]

    def _post_clean(self) -> None:
        """Leave the row alone: `place_hold` makes it."""

    def clean_number(self) -> str:
        number = tidy(self.cleaned_data["number"]).upper()
        case = import_string(settings.YIJIAN_CASE_NUMBERED)(number)
        organisation = Organisation.objects.filter(credit_code=number).first()
        person: Person | None = everybody_with(number).filter(level__gt=0).first()
        if case is None and organisation is None and person is None:
            raise forms.ValidationError(_("没有这个编号的办件、单位或已实名的人。"))
        self.found = {"case": case} if case else {"organisation": organisation} if organisation else {"person": person}
        return number


class LiftForm(forms.ModelForm):
    """Why a hold ends."""

    lifted_why = forms.CharField(label=_("解除理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = LegalHold
        fields = ("lifted_why",)


@admin.register(LegalHold)
class LegalHoldAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Placed and lifted by whoever has the right to; nothing else of a hold is ever changed."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("subject", "placed_at", "placed_by", "lifted_at", "lifted_by")
    list_select_related = ("placed_by", "lifted_by")
    ordering = ("-placed_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(PLACE))  # type: ignore[union-attr]

    def has_view_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        return self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        return self.has_add_permission(request) and (obj is None or obj.lifted_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: LegalHold | None = None, change: bool = False, **named: Any) -> Any:
        if obj is not None and obj.lifted_at is not None:
            return super().get_form(request, obj, change, **named)
        return LiftForm if obj is not None else HoldForm

    def get_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> Any:
        return ("number", "reason") if obj is None else ("subject", "reason", *self._steps(obj), "lifted_why")

    def get_readonly_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> Any:
        if obj is None:
            return ()
        done = ("lifted_why",) if obj.lifted_at is not None else ()
        return ("subject", "reason", *self._steps(obj), *done)

    def _steps(self, hold: LegalHold) -> tuple[str, ...]:
        return ("placed_by", "placed_at", *(("lifted_by", "lifted_at") if hold.lifted_at is not None else ()))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        if change:
            return form.save(commit=False)
        user: Any = request.user
        form.save_m2m = lambda: None
        return place_hold(user, form.cleaned_data["reason"], **form.found)

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        user: Any = request.user
        if not change:
            return
        try:
            lift_hold(obj, user, form.cleaned_data["lifted_why"])
        except NotLifted:
            self.message_user(request, _("这项保全已经解除，没有改动。"), "WARNING")


@admin.register(PruningRun)
class PruningRunAdmin(LookOnly):
    """What each day's pruning did away with, by class, and the terms it went by."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("day", "counts_words", "started_at", "ended_at")
    ordering = ("-day",)
    fields = ("day", "started_at", "ended_at", "counts_words", "terms")
    readonly_fields = fields

    @admin.display(description=_("各类数量"))
    def counts_words(self, run: PruningRun) -> str:
        told = [f"{each.name} {run.counts[each.key]}" for each in classes() if run.counts.get(each.key)]
        return "；".join(told) or str(_("没有到期的"))

    @admin.display(description=_("现行期限"))
    def terms(self, run: PruningRun) -> str:
        return "\n".join(
            f"{each.name}：{each.action}{'' if each.days is None else f' {each.days}'} · {each.ground}"
            for each in classes()
        )
