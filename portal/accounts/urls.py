"""Addresses of the account pages."""

from __future__ import annotations

from django.urls import path

from portal.accounts import views
from portal.accounts.new_password import NewPassword
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
    path("readings/", views.readings, name="readings"),
    path("notices/", inbox, name="notices"),
]
