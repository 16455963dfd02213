"""Whoever is counted by address is counted by what one customer has: an IPv6 customer has a whole /64."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory

from portal.accounts.allauth_adapters import AccountAdapter
from portal.lib.braking import Brake, is_braked, lane_of
from portal.lib.lockout import counted_address
from portal.lib.throttling import is_too_fast

PROJECT = Path(__file__).resolve().parents[3]
CUSTOMER = [f"2001:db8:1:2:{n:x}::{n:x}" for n in range(1, 6)]


def asked_from(address: str) -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.user = AnonymousUser()
    return request


def test_a_customer_of_ipv6_is_one_address() -> None:
    assert {counted_address(asked_from(address)) for address in CUSTOMER} == {"2001:db8:1:2::"}
    assert counted_address(asked_from("2001:db8:1:3::1")) == "2001:db8:1:3::"
    assert counted_address(asked_from("203.0.113.5")) == "203.0.113.5"
    assert counted_address(asked_from("::ffff:203.0.113.5")) == "203.0.113.5"
    assert counted_address(asked_from("")) == ""


@pytest.mark.parametrize("others", [CUSTOMER, ["203.0.113.9"] * 5], ids=["IPv6", "IPv4"])
def test_every_brake_counts_a_customer_once(others: list[str]) -> None:
    cache.clear()
    requests = [asked_from(address) for address in others]
    assert [is_too_fast(request, "tried", 3) for request in requests] == [False, False, False, True, True]
    most = 3 * settings.YIJIAN_LIMITS_FACTOR
    brake = Brake("braked", 1, 3)
    assert [is_braked(request, brake, settings.YIJIAN_LIMITS_FACTOR) for request in requests][:4] == [False] * 3 + [
        True
    ], most
    assert len({lane_of(request) for request in requests}) == 1
    assert not is_too_fast(asked_from("2001:db8:1:3::1"), "tried", 3)


def test_no_counter_takes_a_bare_address() -> None:
    """The exact address is for what is written down about an event; whatever counts asks `counted_address`."""
    uses = re.compile(
        r"\bclient_address\(request|lockout\.client_address|import .*\bclient_address\b|REMOTE_ADDR|X_FORWARDED_FOR"
    )
    found = {
        str(path.relative_to(PROJECT))
        for app in ("portal", "catalog", "matters", "certificates")
        for path in (PROJECT / app).rglob("*.py")
        if uses.search(path.read_text())
    }
    assert found == {"portal/lib/lockout.py", "portal/ledger/security.py"}
    lockout = (PROJECT / "portal/lib/lockout.py").read_text()
    assert lockout.count("client_address(") == 2, "its definition, and counted_address"
    assert "counted_address" in settings.AXES_CLIENT_IP_CALLABLE
    assert AccountAdapter(asked_from(CUSTOMER[0])).get_client_ip(asked_from(CUSTOMER[0])) == "2001:db8:1:2::"
