"""The sandbox platform's addresses: allauth's own, and one page to log in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal.identity_platform.views import PlatformLogin


def ready(request: HttpRequest) -> HttpResponse:
    """Say that the platform can be asked."""
    return HttpResponse("ready")


urlpatterns = [
    path("readyz", ready),
    path("login/", PlatformLogin.as_view(), name="account_login"),
    # Whoever is asked anew may be somebody else: both names and passwords are asked for.
    path("login/again/", PlatformLogin.as_view(), name="account_reauthenticate"),
    path("", include("allauth.idp.urls")),
]
