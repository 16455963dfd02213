"""The page on which people log in to the sandbox platform."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView

from portal.identity_platform.people import PASSWORD, everybody


class PlatformLoginForm(AuthenticationForm):
    """Takes a telephone number as well as a document's."""

    error_messages = {  # noqa: RUF012 - Django's own shape
        "invalid_login": "证件号码（或手机号）与密码不符，请核对后再试。",
        "inactive": "这个账号已停用。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.CharField(label="证件号码或手机号", max_length=30)
        self.fields["password"].label = "密码"

    def clean_username(self) -> str:
        typed = str(self.cleaned_data["username"]).strip().upper()
        return next((known.number for known in everybody().values() if known.phone == typed), typed)


class PlatformLogin(LoginView):
    """Asks who somebody is, whoever was here before."""

    template_name = "identity_platform/login.html"
    authentication_form = PlatformLoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(people=list(everybody().values()), password=PASSWORD, **kwargs)
