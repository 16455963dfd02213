"""The second factor of staff: a code from an app (TOTP) or a passkey, by django-allauth, on our own pages.

Whoever works here reaches nothing with a password alone. `Login` hands a right password on to allauth, which asks for the factor before it
logs in. `SecondFactor` stands behind every login there is or will be: a session of staff that shows no factor leads to enrolment and nowhere
else, or, where a factor is known, back to the login. Enrolment itself asks for a one-time link first. Citizens may have one; then their login asks for it as well.

``YIJIAN_SECOND_FACTOR`` turns it off for the demo town alone (`portal.settings.dev`), whose passwords are public anyway.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.mfa.utils import encrypt, is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.one_time_links import forget_link_used, has_used_link
from portal.accounts.pending_post import is_by_script, log_out_and_ask_again
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event

WORKS_HERE = "works_here"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_demanded_of(request: HttpRequest, user: User) -> bool:
    """Say whether an account must show a second factor to reach anything. No query."""
    works_here = user.is_staff or user.is_superuser or request.session.get(WORKS_HERE, False)
    return settings.YIJIAN_SECOND_FACTOR and works_here


def was_shown(request: HttpRequest) -> bool:
    """Say whether this session has shown a second factor. No query."""
    records = get_authentication_records(request, request.user if isinstance(request.user, User) else None)
    return any(record.get("method") == "mfa" for record in records)


def may_enrol(request: HttpRequest, user: User) -> bool:
    """Say whether this session may set up a factor: staff do it with one they have, or after a one-time link. No query."""
    return not is_demanded_of(request, user) or was_shown(request) or has_used_link(request, user)


def keep_printed_seed(user: User, secret: str) -> None:
    """Give an officer of the demo town the seed that is printed beside the password, unless they have a factor of their own."""
    if not Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists():
        Authenticator.objects.create(
            user_id=user.pk, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret), "demo": True}
        )


class SecondFactor:
    """Middleware that lets a session of staff without a second factor reach nothing but enrolment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.YIJIAN_SECOND_FACTOR or self._is_open(request.path):
            return self.get_response(request)
        user = request.user
        if not isinstance(user, User) or not is_demanded_of(request, user) or was_shown(request):
            return self.get_response(request)
        if is_mfa_enabled(user, FACTORS):  # a session of before it was demanded
            return log_out_and_ask_again(request)
        if request.path.startswith(reverse("mfa_index")) and may_enrol(request, user):
            return self.get_response(request)
        if is_by_script(request):
            return JsonResponse(
                {"code": "second_factor_required", "message": _("请先设置二次验证。"), "login": reverse("mfa_index")},
                status=403,
            )
        messages.warning(request, _("工作账号需要二次验证。设置好以后就可以开始工作。"))
        return redirect("mfa_index")

    @staticmethod
    def _is_open(path: str) -> bool:
        """Say whether an address is needed to learn how to enrol or to leave, or says nothing to anybody."""
        open_to_all = (
            *("mfa_index", "accounts:logout", "account_reauthenticate"),
            *("set_language", "set_display", "livez", "readyz"),
        )
        links = reverse("accounts:new_password", args=["-", "-"]).removesuffix("-/-/")
        return path.startswith((links, settings.STATIC_URL)) or path in map(reverse, open_to_all)


def _count_as_shown(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **more: object
) -> None:
    """Whoever has just set up a factor has shown it."""
    if authenticator.type in FACTORS:
        forget_link_used(request)
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _record(kind: str) -> Callable[..., None]:
    def record(sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **more: object) -> None:
        record_security_event(kind, request, user=user, factor=authenticator.type)

    return record


def _note_who_works_here(sender: object, request: HttpRequest | None, user: User, **more: object) -> None:
    """Keep at the login whether an account has a post without being marked as staff: its group says so. One query."""
    if request is not None and hasattr(request, "session") and not user.is_staff and user.groups.exists():
        request.session[WORKS_HERE] = True


def listen() -> None:
    """Hear of every factor that comes, goes, or is shown in vain, for as long as the process lives."""
    user_logged_in.connect(_note_who_works_here, dispatch_uid="portal.accounts.second_factor")
    authenticator_added.connect(_count_as_shown, dispatch_uid="portal.accounts.second_factor")
    for signal, kind in (
        (authenticator_added, SecurityEvent.Kind.FACTOR_ADDED),
        (authenticator_reset, SecurityEvent.Kind.FACTOR_ADDED),
        (authenticator_removed, SecurityEvent.Kind.FACTOR_REMOVED),
        (authentication_failed, SecurityEvent.Kind.FACTOR_FAILED),
    ):
        signal.connect(_record(kind), weak=False, dispatch_uid=f"portal.accounts.second_factor.{kind}")
