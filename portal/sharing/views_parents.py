"""The page on which a parent records their children."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.accounts.organisations.principals import note_choice, refuse_other
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import person_of
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import Brake, is_braked
from portal.sharing.organisations import NotOpened
from portal.sharing.parents import record_children, register, words

ASKING = Brake("children", by_person=5, by_address=50, window=600)
REFUSALS = {
    "not_proved": gettext_lazy("先要实名，才能登记孩子。可以在网上核验，也可以带证件到综合窗口核验身份。"),
    "dead": gettext_lazy("已登记去世的人不能再登记。登记错了的，请到综合窗口更正。"),
    "no_source": gettext_lazy("现在不能在网上核对。请带您的证件和孩子的出生医学证明或者户口簿到综合窗口登记。"),
    "away": gettext_lazy("登记机关没有回应，没有登记。请过一会儿再试，或者到综合窗口登记。"),
    "not_found": gettext_lazy(
        "没有查到登记在您名下、有公民身份号码的未成年子女。孩子刚出生的，先给孩子上户口；其他情况请到综合窗口登记。"
    ),
}


class ChildrenForm(forms.Form):
    """Takes the consent to have the register asked."""

    agreed = forms.BooleanField(
        error_messages={"required": gettext_lazy("不同意查询就不能在网上登记，可以到综合窗口登记。")}
    )


@never_cache
@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def children(request: HttpRequest) -> HttpResponse:
    """Record the children under age of the parent who asks, by the register."""
    user = request.user
    person = person_of(user)
    if person is None or not isinstance(user, User):
        raise PermissionDenied
    refuse_other(user, None)
    found = register()
    kept = restored_post(request) if request.method == "GET" else None
    form = ChildrenForm(request.POST if request.method == "POST" else kept)
    form.fields["agreed"].label = words(found.source) if found is not None else ""
    if request.method == "POST" and form.is_valid():
        if is_braked(request, ASKING):
            form.add_error(None, _("试得太快了，这一次没有查询。请过几分钟再试。"))
        else:
            try:
                made = record_children(person, user)
            except NotOpened as refused:
                form.add_error(None, str(REFUSALS[refused.code]))
            else:
                for mandate in made.mandates:
                    record_security_event(SecurityEvent.Kind.MANDATE_GIVEN, request, mandate=str(mandate.pk))
                note_choice(request)
                if made.mandates:
                    names = pgettext("between names", "、").join(each.principal.name for each in made.mandates)
                    said = _("已登记：%(names)s。办孩子的事，先在页面上方切换。") % {"names": names}
                    messages.success(request, said)
                if made.differs:
                    messages.warning(request, _("有的孩子在这里登记的姓名不同，没有登记。请带户口簿到综合窗口核对。"))
                return redirect("accounts:mandates")
    context = {"form": form, "person": person, "has_register": found is not None}
    status = 422 if request.method == "POST" else 200
    return render(request, "sharing/children.html", context, status=status)
