"""Addresses of the second factor: as much of django-allauth as we use, under the names it looks for."""

from __future__ import annotations

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from portal.accounts import views

urlpatterns = [
    # Our own pages, as allauth calls them.
    path("login/", views.Login.as_view(), name="account_login"),
    path("logout/", views.Logout.as_view(), name="account_logout"),
    path("reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path(
        "second-factor/",
        include(
            [
                path("", views.Factors.as_view(), name="mfa_index"),
                path("", views.Factors.as_view(), name="mfa_list_webauthn"),
                path("show/", factors.authenticate, name="mfa_authenticate"),
                path("show-again/", factors.reauthenticate, name="mfa_reauthenticate"),
                path("show-again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
                path("code/", totp.activate_totp, name="mfa_activate_totp"),
                path("code/stop/", totp.deactivate_totp, name="mfa_deactivate_totp"),
                path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
                path("passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
                path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
                path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
            ]
        ),
    ),
]
