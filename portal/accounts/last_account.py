"""Which account was logged in last in this browser: whose page it is that is posted after its session has ended.

A session that has ended tells nothing of whose it was. So each login leaves a mark of the account in a cookie of its own that outlives
the session and the logout: a keyed hash that leads back to nobody. It is as good as a field in every form, because the CSRF token of a page
dies with the next login: a form that gets past `CsrfViewMiddleware` was shown since the login that left the mark.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.accounts.models import User

# Longer than any session lasts; what is posted later than that is nobody's.
MARK_SECONDS = 48 * 3600
_SALT = "portal.accounts.last_account"


def cookie_name() -> str:
    """Return the cookie's name: where cookies go by HTTPS only, one that no neighbouring host can set."""
    return "__Host-last-account" if settings.SESSION_COOKIE_SECURE else "last_account"


def mark_of(pk: int | str) -> str:
    """Return the mark of the account with this key."""
    return salted_hmac(_SALT, str(pk), algorithm="sha256").hexdigest()[:32]


def last_mark(request: HttpRequest) -> str:
    """Return the mark of the account that logged in last in this browser; "" when none is known."""
    return request.COOKIES.get(cookie_name(), "")[:32]


def is_marked_as(user: User, mark: str) -> bool:
    """Say whether a mark is this account's."""
    return constant_time_compare(mark, mark_of(user.pk))


def _remember(sender: object, request: HttpRequest | None, user: User, **more: object) -> None:
    """Have the mark left with the answer to a login; messages that waited for another account are not shown to this one."""
    if request is None:
        return
    if hasattr(request, "_messages") and (last := last_mark(request)) and not is_marked_as(user, last):
        list(messages.get_messages(request))
    request.new_last_mark = mark_of(user.pk)  # type: ignore[attr-defined]


class LastAccount:
    """Middleware that leaves the mark with the answer to a login, whichever page it was done on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if mark := getattr(request, "new_last_mark", ""):
            response.set_cookie(
                cookie_name(),
                mark,
                max_age=MARK_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def listen() -> None:
    """Hear of every login, for as long as the process lives."""
    user_logged_in.connect(_remember, dispatch_uid="portal.accounts.last_account")
