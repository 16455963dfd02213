"""Pages of 我的档案."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.own_file import FileSubject, file_of
from portal.accounts.people import person_of
from portal.accounts.principals import principal_of


def subject_of(request: HttpRequest) -> FileSubject:
    """Return whose file the account looks at. Raises `PermissionDenied` where it belongs to nobody."""
    person = person_of(request.user)
    if person is None:
        raise PermissionDenied
    person.user = request.user  # type: ignore[assignment]
    return FileSubject(person, principal_of(request.user).organisation)


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
