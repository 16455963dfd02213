"""Slowing down whoever guesses passwords, without locking the owner out for good.

After five failures for one account name from one address each further try must wait: one minute, then two, four … up to an
hour. A day without failures, or a successful login, forgets them. Names that do not exist are treated alike.
"""

from __future__ import annotations

import ipaddress
import math
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

LONGEST_WAIT = timedelta(hours=1)


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    beyond = failures - settings.AXES_FAILURE_LIMIT
    if beyond < 0:
        return timedelta()
    return min(timedelta(minutes=2 ** min(beyond, 10)), LONGEST_WAIT)


def tries_left(request: HttpRequest) -> int | None:
    """Return how many more failures are free of waiting, after one in this request; None when there was none."""
    failures = getattr(request, "axes_failures_since_start", None)
    return None if failures is None else max(settings.AXES_FAILURE_LIMIT - failures, 0)


class GrowingLockout(AxesDatabaseHandler):
    """Counts failures as django-axes does, and lets the wait grow with them."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return self.wait(request, credentials) > timedelta()

    def wait(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> timedelta:
        """Return how long this account name has to wait at this address; nothing when it may try. One query."""
        longest = timedelta()
        for attempts in self.get_user_attempts(request, credentials):
            found = attempts.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
            if found["failures"]:
                until = found["last"] + wait_after(found["failures"])
                longest = max(longest, until - timezone.now())
        return longest


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer a login that has to wait: 429, how long, and what to do meanwhile."""
    wait = GrowingLockout().wait(request, credentials)
    minutes = max(math.ceil(wait.total_seconds() / 60), 1)
    page = render(
        request, "accounts/locked.html", {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}, status=429
    )
    page["Retry-After"] = str(max(math.ceil(wait.total_seconds()), 1))
    return page


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name that failures are counted under: without capitals, so that spelling does not buy more tries."""
    name = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(name).lower()[:255]


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address. `YIJIAN_TRUSTED_PROXIES` proxies in front of us are believed about it, nobody else.

    Where `YIJIAN_PROXY_NETWORKS` are named, a word about the visitor counts only if it comes from there.
    """
    peer = _parsed(request.META.get("REMOTE_ADDR") or "")
    proxies, networks = settings.YIJIAN_TRUSTED_PROXIES, settings.YIJIAN_PROXY_NETWORKS
    address = peer
    if proxies and (not networks or (peer and any(peer in network for network in networks))):
        named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        address = _parsed(named[-proxies]) if len(named) >= proxies else peer
    return str(address) if address else None


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
