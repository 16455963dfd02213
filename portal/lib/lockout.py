"""Slowing down whoever guesses passwords, without locking the owner out for good.

After five failures for one account name from one address each further try must wait: one minute, then two, four … up to an
hour. A day without failures, or a successful login, forgets them. Names that do not exist are treated alike.

Whoever tries many names from one address is slowed down as well: after `ADDRESS_FAILURES` wrong passwords in a quarter of an hour the whole
address waits until it is over. That is more than a hall full of people mistypes, and a login that succeeds does not buy more.
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

from portal.lib.counting import count, counted, seconds_left
from portal.lib.vault import blind_index

LONGEST_WAIT = timedelta(hours=1)
ADDRESS_FAILURES = 60
ADDRESS_SECONDS = 15 * 60


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
        return max(longest, self.address_wait(request))

    def address_wait(self, request: HttpRequest) -> timedelta:
        """Return how long this address has to wait, whichever name it tries."""
        failures = counted("login_failures", counted_address(request), ADDRESS_SECONDS)
        return timedelta(seconds=seconds_left(ADDRESS_SECONDS)) if failures >= ADDRESS_FAILURES else timedelta()

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
    ) -> None:
        """Count a wrong password for its address as well; a try that had to wait was not looked at and does not count."""
        if request is not None and not self.is_locked(request, credentials):
            count("login_failures", counted_address(request), ADDRESS_SECONDS)
        super().user_login_failed(sender, credentials, request, **more)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer a login that has to wait: 429, how long, and what to do meanwhile."""
    handler = GrowingLockout()
    wait = handler.wait(request, credentials)
    return slowed_down(request, wait, "many_names" if handler.address_wait(request) else "one_name")


def slowed_down(request: HttpRequest, wait: timedelta, reason: str) -> HttpResponse:
    """Answer somebody who tried too often: 429, and how long to wait. ``reason``: ``one_name``, ``many_names`` or ``registering``."""
    seconds = max(math.ceil(wait.total_seconds()), 1)
    context = {"minutes": math.ceil(seconds / 60), "reason": reason, "failures": settings.AXES_FAILURE_LIMIT}
    page = render(request, "accounts/locked.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the mark that failures are counted under. Spelling does not buy more tries, and the name itself is not kept:
    people type telephone and identity numbers, even passwords, where their account name belongs."""
    name = (credentials or {}).get("username") or request.POST.get("username") or ""
    return blind_index("account", str(name)).hex()


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


def counted_address(request: HttpRequest) -> str:
    """Return the address that a visitor is counted under, for every limit: of IPv6 a customer has a whole /64, which is the first of it.

    Empty where nobody knows it. What happened is written down with `client_address`.
    """
    address = client_address(request) or ""
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address) if ":" in address else address


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an address; one of IPv4 that a server for both writes as ::ffff:… is what it is."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return None
    return (read.ipv4_mapped if isinstance(read, ipaddress.IPv6Address) else None) or read
