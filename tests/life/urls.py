"""The site's addresses, and one that reads a session and its user and nothing else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from portal.urls import (
    urlpatterns as portal_urlpatterns,
)

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """Answer with the user's number: no page behind a login can cost less."""
    return HttpResponse(request.user.pk)


urlpatterns = [path("life/floor/", floor), *portal_urlpatterns]
