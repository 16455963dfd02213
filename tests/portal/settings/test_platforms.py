"""The platform for identities is named by the environment alone; half of it, or a weak one, does not start a real deployment."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.platforms import CLAIMS, identity_platform, platform_faults

WHOLE = {"url": "https://sso.example.cn/realm/", "client_id": "yijian", "client_secret": "kR7w-Pq2.Zt9mB4xL"}


def test_a_whole_one_is_open_and_may_start() -> None:
    platform = identity_platform(**WHOLE)
    assert (platform.is_open, platform.url, platform_faults(platform)) == (True, "https://sso.example.cn/realm", [])
    assert "kR7w" not in repr(platform)


def test_none_at_all_is_closed_and_may_start() -> None:
    platform = identity_platform(url="", client_id="", client_secret="")
    assert (platform.is_open, platform_faults(platform)) == (False, [])


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"url": ""}, "IDENTITY_PLATFORM_URL is missing"),
        ({"client_id": ""}, "IDENTITY_PLATFORM_CLIENT_ID is missing"),
        ({"client_secret": ""}, "IDENTITY_PLATFORM_CLIENT_SECRET is missing"),
        ({"url": "http://sso.example.cn"}, "plain http"),
        ({"client_secret": "short"}, "is weak"),
    ],
)
def test_half_of_one_or_a_weak_one_does_not_start(told: dict[str, str], fault: str) -> None:
    (said,) = platform_faults(identity_platform(**{**WHOLE, **told}))
    assert fault in said


@pytest.mark.parametrize(
    "url", ["sso.example.cn", "ftp://sso.example.cn", "https://u:p@sso.example.cn", "https://x/?q"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IDENTITY_PLATFORM_URL"):
        identity_platform(**{**WHOLE, "url": url})


def test_claims_may_have_the_platforms_own_names() -> None:
    assert identity_platform(**WHOLE, claims='{"number": "idcard"}').claims == {**CLAIMS, "number": "idcard"}


@pytest.mark.parametrize("claims", ["idcard", "[]", '{"mail": "x"}', '{"number": ""}', '{"number": 1}'])
def test_claims_that_mean_nothing_are_refused(claims: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IDENTITY_PLATFORM_CLAIMS"):
        identity_platform(**WHOLE, claims=claims)
