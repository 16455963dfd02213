"""Pages of 我的档案."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import FileExport, User
from portal.accounts.organisations.principals import principal_of, refuse_if_drawn_for_another, refuse_other
from portal.accounts.own_file.exports import ask_for_export, exports_of, opened_export
from portal.accounts.own_file.parts import FileSubject, file_of, person_for_file
from portal.accounts.pending_post import login_required_preserving_post
from portal.accounts.people import person_of
from portal.lib.braking import Brake, is_braked

EXPORTS = Brake("export", by_person=5, by_address=50, window=3600)
EXPORTS_SHOWN = 10
TYPES = {"json": "application/json", "pdf": "application/pdf"}


def subject_of(request: HttpRequest) -> FileSubject:
    """Return whose file the account looks at. Raises `PermissionDenied` where it belongs to nobody."""
    person = person_for_file(request.user) if isinstance(request.user, User) else None
    if person is None:
        raise PermissionDenied
    person.user = request.user  # type: ignore[assignment]
    principal = principal_of(request.user)
    if principal.mandate is not None:
        refuse_other(
            request.user, None
        )  # an agent sees what they do for somebody, never that person's file, nor their own as theirs
    handler = principal.handler
    if handler is None:
        return FileSubject(person)
    return FileSubject(person, handler.organisation, is_whole=handler.manages)


def whole_subject_of(request: HttpRequest) -> FileSubject:
    """Return whose file the account looks at, where all of it is theirs to read.

    Raises `PermissionDenied` where it belongs to nobody; whoever only handles an organisation's matters is offered to act for themselves.
    """
    subject = subject_of(request)
    if not subject.is_whole:
        refuse_other(request.user, None)
    return subject


@login_required
@never_cache
@require_safe
def own_file(request: HttpRequest) -> HttpResponse:
    """Show what is kept about the person who asks, where it is from and since when."""
    try:
        subject = subject_of(request)
    except PermissionDenied:  # an account for work alone
        return render(request, "accounts/own_file.html", {"subject": None, "parts": []})
    return render(request, "accounts/own_file.html", {"subject": subject, "parts": file_of(subject)})


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Show the copies of one's file that were made, and with POST have one made."""
    subject = whole_subject_of(request)
    if request.method == "POST":
        refuse_if_drawn_for_another(request, keeps=False)
        if is_braked(request, EXPORTS):
            messages.error(request, _("一小时内要得太多了，这一次没有生成。请过一会儿再试。"))
        elif isinstance(request.user, User):
            ask_for_export(subject.person, request.user, subject.organisation)
            messages.success(request, _("正在生成，一般几秒钟。做好会发消息给您，也可以过一会儿刷新这一页。"))
        return redirect("dossier:exports")
    found = exports_of(subject).order_by("-asked_at")[:EXPORTS_SHOWN]
    return render(request, "accounts/exports.html", {"exports": found, "subject": subject})


@login_required
@never_cache
@require_safe
def export(request: HttpRequest, id: UUID, kind: str) -> HttpResponse:
    """Return a copy of one's own file as JSON or PDF, as long as it is kept."""
    wanted = get_object_or_404(FileExport.objects.select_related("organisation"), pk=id)
    if wanted.organisation is not None or wanted.person == person_of(request.user):
        refuse_other(request.user, wanted.organisation)  # nothing of one principal shows while one acts for another
    try:
        found = get_object_or_404(exports_of(whole_subject_of(request)), pk=id)
    except PermissionDenied:
        raise Http404 from None
    if kind not in TYPES or not found.is_there or not isinstance(request.user, User):
        raise Http404
    response = HttpResponse(opened_export(found, kind, request.user), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="yijian-{found.asked_at:%Y%m%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
