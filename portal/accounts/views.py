"""Pages of the account: logging in and out, registering, one's own entry, and who has read about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login as PendingLogin
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from portal.accounts.forms import LoginForm, NewPasswordForm, PhoneForm, RegistrationForm
from portal.accounts.identity.ways import method_words
from portal.accounts.last_account import mark_of
from portal.accounts.login_redirects import login_redirect_url
from portal.accounts.models import Person, User
from portal.accounts.organisations.principals import principal_of, refuse_other
from portal.accounts.own_file.dossier import readings_about
from portal.accounts.own_file.parts import FileSubject
from portal.accounts.own_file.reading_groups import ReadCase, read_cases
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.accounts.people import document_number, person_of
from portal.accounts.second_factor import FACTORS, may_enrol
from portal.accounts.sessions import seconds_left
from portal.identifiers.masking import mask_document
from portal.lib import counting
from portal.lib.counting import count
from portal.lib.lockout import counted_address, slowed_down
from portal.lib.shown import NAME, Shown, shown
from portal.lib.whole_numbers import whole_number

BACKEND = "portal.accounts.backends.AccountBackend"
REGISTER_TRIES = 30
REGISTER_SECONDS = 60 * 60
READINGS_SHOWN = 5


class SafeReturn(RedirectURLMixin):
    """Goes back to the page that asked for a login, if it is ours and not itself about logging in."""

    request: HttpRequest

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        target = super().get_redirect_url()
        about_login = {reverse(f"accounts:{name}") for name in ("login", "logout", "register")}
        return "" if urlsplit(target).path in about_login else target

    def get_default_redirect_url(self) -> str:
        return login_redirect_url(self.request.user) if isinstance(self.request.user, User) else reverse("home")


class Login(SafeReturn, LoginView):
    """Asks for account and password; whoever has a second factor is asked for it next, before anything is open."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_platform=settings.YIJIAN_IDENTITY_PLATFORM.is_open, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        target = self.get_redirect_url() or login_redirect_url(user)
        answer: HttpResponse = perform_password_login(
            self.request, {"username": user.username}, PendingLogin(user=user, redirect_url=target)
        )
        return answer


class Factors(IndexView):
    """Lists one's second factors, and says when a first one needs a one-time link."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_enrol=may_enrol(self.request, self.request.user), **kwargs)


class RemovePasskey(RemoveWebAuthnView):
    """Removes a passkey, but not the last second factor of staff."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, _("工作账号至少要留一种二次验证。请先添加另一种，再移除这一个。"))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


class Logout(LogoutView):
    """Ends the session (POST only) and goes home."""


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Register(SafeReturn, FormView):
    """Opens an account and goes on to where the visitor was heading, logged in."""

    template_name = "accounts/register.html"
    form_class = RegistrationForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open an account, unless this address tries too often: a name that is taken has to be told, so it is told a few times only."""
        if count("register", counted_address(request), REGISTER_SECONDS) > REGISTER_TRIES:
            return slowed_down(request, timedelta(seconds=counting.seconds_left(REGISTER_SECONDS)), "registering")
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: RegistrationForm) -> HttpResponse:
        user = form.save()
        if user is None:
            return self.form_invalid(form)
        login(self.request, user, backend=BACKEND)
        messages.success(self.request, _("账号开通了，您已登录。"))
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)


class ChangePassword(PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("密码已更改，其他设备上的登录已全部退出。"))
        return super().form_valid(form)


@never_cache
@login_required_preserving_post
def profile(request: HttpRequest) -> HttpResponse:
    """Show one's own entry and who has read about it; change the telephone number. Acting for an organisation, its page is shown instead."""
    if request.method == "POST":
        refuse_other(request.user, None)
    if principal_of(request.user).handler is not None:
        return redirect("accounts:organisation")
    refuse_other(request.user, None)
    person = person_of(request.user)
    kept = restored_post(request) if request.method == "GET" else None
    form = None
    if person is not None:
        posted = request.POST if request.method == "POST" else kept
        form = PhoneForm(posted, initial={"phone": person.phone})
        if request.method == "POST" and form.is_valid():
            merged = form.save(person, Shown(request.POST.get(NAME, ""), _about(person)))
            if not merged.conflicts:
                if merged.elsewhere:
                    messages.info(request, _("手机号刚才在另一个窗口改过，已保留改过的号码。"))
                else:
                    messages.success(request, _("手机号已更改。"))
                return redirect("accounts:profile")
    is_proved = person is not None and person.is_proved
    check = person.checks.order_by("-level", "-at").first() if person is not None and is_proved else None
    return render(
        request,
        "accounts/profile.html",
        {
            "person": person,
            "document": mask_document(document_number(person)) if person is not None else "",
            "check": check,
            "was_lost": person is None and Person.objects.filter(left_by=request.user.pk).exists(),
            "proved_by": method_words(check) if check is not None else "",
            "form": form,
            NAME: _shown_of(person, kept),
            "has_factor": is_mfa_enabled(request.user, FACTORS),
            "readings": readings_about(person, limit=READINGS_SHOWN) if person is not None else [],
        },
    )


def _about(person: Person) -> str:
    return f"profile:{person.pk}"


def _shown_of(person: Person | None, kept: QueryDict | None) -> str:
    """Return what the page shows, or what it showed before the login."""
    if person is None:
        return ""
    return str(kept[NAME]) if kept is not None and NAME in kept else shown({"phone": person.phone}, _about(person))


@never_cache
@login_required
def readings(request: HttpRequest) -> HttpResponse:
    """List who has read what is kept about the person who asks: one line a case, the latest first, page by page."""
    principal = principal_of(request.user)
    handler = principal.handler
    if not principal.is_oneself and (handler is None or not handler.manages):
        refuse_other(request.user, None)
    person = person_of(request.user)
    since = whole_number(request.GET.get("before", ""))
    cases: list[ReadCase] = []
    older = None
    if person is not None:
        subject = FileSubject(person, handler.organisation if handler is not None else None)
        cases, older = read_cases(subject, before=since)
    context = {"cases": cases, "older": older, "organisation": handler.organisation if handler is not None else None}
    return render(request, "accounts/readings.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Say how long the session lasts (GET), or that somebody is still there (POST).

    ``left``: seconds, 0 when it has ended. ``who``: whose it is, as a mark that a page compares with its own. ``token``: the CSRF token that a
    page of before a new login needs to go on.
    """
    left = seconds_left(request)
    if not left or not isinstance(request.user, User):
        return JsonResponse({"left": 0})
    return JsonResponse({"left": left, "who": mark_of(request.user.pk), "token": get_token(request)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain, without blame, why a form could not be accepted, and how to go on."""
    page = request.path if url_has_allowed_host_and_scheme(request.path, allowed_hosts=None) else reverse("home")
    return render(request, "403_csrf.html", {"page": page}, status=403)
