"""Addresses of the account pages."""

from __future__ import annotations

from django.urls import path

from portal.accounts import views
from portal.accounts.identity import views as identity
from portal.accounts.mandates import views as mandates
from portal.accounts.new_password import NewPassword
from portal.accounts.organisations import views as organisations
from portal.notices.views import inbox

app_name = "accounts"

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("register/", views.Register.as_view(), name="register"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("new-password/<uidb64>/<token>/", NewPassword.as_view(), name="new_password"),
    path("session/", views.session, name="session"),
    path("profile/", views.profile, name="profile"),
    path("identity/", identity.ways, name="identity"),
    path("platform/", identity.platform, name="platform"),
    path("platform/return/", identity.platform_return, name="platform_return"),
    path("platform/open/", identity.platform_open, name="platform_open"),
    path("platform/leave/", identity.platform_leave, name="platform_leave"),
    path("readings/", views.readings, name="readings"),
    path("notices/", inbox, name="notices"),
    path("act-for/", organisations.act_for, name="act_for"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisation/", organisations.organisation, name="organisation"),
    path("organisation/invite/", organisations.invite_handler, name="invite_handler"),
    path("organisation/end/", organisations.end_handler, name="end_handler"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/give/", mandates.give_mandate, name="give_mandate"),
    path("mandates/accept/", mandates.accept_mandate, name="accept_mandate"),
    path("mandates/end/", mandates.end_mandate, name="end_mandate"),
    path("clients/", mandates.clients, name="clients"),
]
