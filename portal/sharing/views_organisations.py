"""The page on which a legal representative opens an organisation's account."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.accounts.organisations.activities import OrganisationConflict
from portal.accounts.organisations.principals import note_choice, refuse_other
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import person_of
from portal.identifiers.normalising import InvalidIdentifier, credit_code
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import Brake, is_braked
from portal.lib.identifier_wording import sentence
from portal.sharing.organisations import NotOpened, open_organisation, register

OPENINGS = Brake("open_organisation", by_person=5, by_address=50, window=600)
REFUSALS = {
    "not_proved": gettext_lazy("先要实名，才能登记单位。请带证件到综合窗口核验身份。"),
    "dead": gettext_lazy("已登记去世的人不能再登记。登记错了的，请到综合窗口更正。"),
    "no_source": gettext_lazy("现在不能在网上核对登记信息。请法定代表人（负责人）带营业执照和证件到综合窗口登记。"),
    "away": gettext_lazy("登记机关没有回应，没有登记。请过一会儿再试，或者带营业执照和证件到综合窗口登记。"),
    "not_found": gettext_lazy("没有查到叫这个名称、用这个代码的单位。请照营业执照核对后再试。"),
    "ended": gettext_lazy("这个单位已经注销或者吊销，不能再登记。"),
    "differs": gettext_lazy("登记机关说的类型或者代码与填写的不一致，没有登记。请带营业执照到综合窗口核对。"),
    "other_person": gettext_lazy(
        "登记的法定代表人（负责人）不是您，没有登记。您是经办人的，请单位用邀请码邀请您；刚变更法定代表人的，请到综合窗口登记。"
    ),
}


class OpeningForm(forms.Form):
    """Takes what stands on the licence, and the consent to have its register asked."""

    name = forms.CharField(
        label=gettext_lazy("单位名称"),
        help_text=gettext_lazy("照营业执照填。"),
        max_length=200,
        error_messages={"required": gettext_lazy("请填写单位名称。")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("营业执照上的 18 位代码。"),
        max_length=40,
        error_messages={"required": gettext_lazy("请填写统一社会信用代码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy(
            "我同意向登记机关查询这个单位的名称、类型、登记状态和法定代表人，核对我是不是它的法定代表人（负责人）"
        ),
        error_messages={"required": gettext_lazy("不同意查询就不能在网上登记，可以到综合窗口登记。")},
    )

    def clean_code(self) -> str:
        try:
            return credit_code(self.cleaned_data["code"])
        except InvalidIdentifier as refusal:
            said = sentence(refusal.code, refusal.params, _("统一社会信用代码"))
            raise ValidationError(said, code=refusal.code) from None


@never_cache
@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """Open the account of an organisation whose legal representative asks, by its register."""
    user = request.user
    person = person_of(user)
    if person is None or not isinstance(user, User):
        raise PermissionDenied
    refuse_other(user, None)
    kept = restored_post(request) if request.method == "GET" else None
    form = OpeningForm(request.POST if request.method == "POST" else kept)
    if request.method == "POST" and form.is_valid():
        if is_braked(request, OPENINGS):
            form.add_error(None, _("试得太快了，这一次没有查询。请过几分钟再试。"))
        else:
            try:
                made = open_organisation(person, user, name=form.cleaned_data["name"], code=form.cleaned_data["code"])
            except NotOpened as refused:
                form.add_error(None, str(REFUSALS[refused.code]))
            except OrganisationConflict:
                form.add_error(None, str(REFUSALS["differs"]))
            else:
                record_security_event(SecurityEvent.Kind.ORGANISATION_REGISTERED, request, organisation=str(made.pk))
                note_choice(request)
                messages.success(request, _("“%(name)s”登记好了。办它的事，先在页面上方切换。") % {"name": made.name})
                return redirect("accounts:organisations")
    context = {"form": form, "person": person, "has_register": register() is not None}
    status = 422 if request.method == "POST" else 200
    return render(request, "sharing/open_organisation.html", context, status=status)
