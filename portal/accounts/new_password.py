"""The page behind a one-time link: the owner of an account chooses its password, and logs in with it afterwards like anybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.forms import ChosenPasswordForm
from portal.accounts.models import User
from portal.accounts.one_time_links import note_link_used, tokens, use_link


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class NewPassword(PasswordResetConfirmView):
    """Takes a password, and the second factor of whoever has one. It ends the session that it is opened in and begins none."""

    template_name = "accounts/new_password.html"
    form_class = ChosenPasswordForm
    token_generator = tokens

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.validlink:
            kwargs["form"] = None  # there may be no account to ask for
        return super().get_context_data(**kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN, "")
        user = use_link(form.user, token, form.cleaned_data["new_password1"], self.request)
        if user is None:  # somebody was quicker, with the same link or a newer one
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        logout(self.request)
        note_link_used(self.request, user)
        messages.success(self.request, _("密码已设置，以前的登录已全部退出。请用新密码登录。"))
        return redirect("accounts:login")
