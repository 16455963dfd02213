"""What a person agreed to have asked: seen in one place, taken back at any time."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.models import Person, User
from portal.accounts.pending_post import login_required_preserving_post
from portal.sharing.consents import withdraw_consents
from portal.sharing.models import SharingConsent

PAGE = 50


@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """Show what may be asked about the person, or may no longer, newest first; with POST take ``consent`` back."""
    user = request.user
    person = Person.objects.filter(user=user).first() if isinstance(user, User) else None
    if person is None:
        raise PermissionDenied
    if request.method == "POST":
        if withdraw_consents(person, ids=_ids(request.POST.getlist("consent"))):
            messages.success(request, _("已撤回同意。从现在起不再查询，也不再使用查到的内容。"))
        else:
            messages.info(request, _("这项同意已经撤回或者过期，没有改动。"))
        return redirect("sharing:consents")
    given = SharingConsent.objects.filter(person=person).select_related("source__department")
    context = {"consents": given.prefetch_related("fetches").order_by("-given_at")[:PAGE]}
    return render(request, "sharing/consents.html", context)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
