"""When a session ends by itself: after 30 minutes without a request, and 12 hours after its login whatever happens in it.

Nothing is lost by it. A page warns some minutes before (``static/js/session.js``); when the session has ended all the same, the page keeps what
was typed, leads to the login in another window and goes on afterwards; and a browser without scripts finds what it posted again after the
login, on the page it was posted from (`portal.accounts.pending_post`).
"""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.accounts.last_account import mark_of
from portal.accounts.models import User
from portal.accounts.pending_post import log_out_and_ask_again

BEGAN, SEEN = "began", "seen"
# A request is written down at most so often: one UPDATE a minute, not one a request.
WRITE_EVERY = 60
WARN_SECONDS = 5 * 60


def seconds_left(request: HttpRequest) -> int:
    """Return how long the session lasts without another request; 0 for nobody logged in."""
    session = request.session
    if SESSION_KEY not in session:
        return 0
    now = int(time())
    idle = session.get(SEEN, now) + settings.YIJIAN_IDLE_SECONDS + WRITE_EVERY - now
    whole = session.get(BEGAN, now) + settings.YIJIAN_SESSION_SECONDS - now
    return max(min(idle, whole), 0)


def watch(request: HttpRequest) -> dict[str, Any] | None:
    """Return what a page needs to warn before the session ends; None for nobody logged in."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return None
    return {"who": mark_of(session[SESSION_KEY]), "left": seconds_left(request), "warn": WARN_SECONDS}


def saw(request: HttpRequest) -> None:
    """Write down that somebody is there."""
    now = int(time())
    request.session.setdefault(BEGAN, now)
    if now - request.session.get(SEEN, 0) >= WRITE_EVERY:
        request.session[SEEN] = now


class SessionLimits:
    """Middleware that ends a session that was idle, or lasts, for too long. No query but the session's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            if not seconds_left(request) and request.path != reverse("accounts:logout"):
                return self.get_response(request) if _only_asks(request) else log_out_and_ask_again(request)
            if not _only_asks(request):
                saw(request)
        return self.get_response(request)


def _only_asks(request: HttpRequest) -> bool:
    """Say whether a page only looks how long the session lasts, which nobody's hand did."""
    return request.method == "GET" and request.path == reverse("accounts:session")


def _begin(sender: object, request: HttpRequest | None, user: User, **more: Any) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[BEGAN] = request.session[SEEN] = int(time())


def listen() -> None:
    """Hear of every login, for as long as the process lives."""
    user_logged_in.connect(_begin, dispatch_uid="portal.accounts.sessions")
