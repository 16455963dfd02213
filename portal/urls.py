"""The front door's addresses."""

from django.contrib import admin
from django.urls import include, path

from portal.sharing.phone_way import phone_code

urlpatterns = [
    path("", include("portal.front.urls")),
    path("", include("catalog.urls")),
    path("", include("certificates.urls")),
    path("", include("matters.urls")),
    path("accounts/", include("portal.accounts.urls")),
    path("accounts/", include("portal.accounts.urls_second_factor")),
    path("accounts/identity/phone/", phone_code, name="phone_code"),
    path("accounts/", include("portal.sharing.urls")),
    path("sharing/", include("portal.sharing.urls_desk")),
    path("dossier/", include("portal.accounts.own_file.urls")),
    path("dossier/", include("portal.retention.urls")),
    path("admin/catalog/packages/", include("catalog.admin.packages")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("portal.front.api_urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler400 = "portal.front.error_pages.bad_request"
handler403 = "portal.front.error_pages.permission_denied"
handler404 = "portal.front.error_pages.page_not_found"
handler500 = "portal.front.error_pages.server_error"
