"""The front door's addresses."""

from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns  # noqa: F401
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
]
for prefix, module in (
    ("", "portal.health_urls"),
    ("accounts/", "portal.accounts.urls"),
    ("", "portal.front_urls"),
    ("", "catalog.urls"),
    ("", "certificates.urls"),
    ("", "matters.urls"),
    ("api/v1/", "portal.api_urls"),
):
    if find_spec(module) is not None:
        urlpatterns.append(path(prefix, include(module)))
