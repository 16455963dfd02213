"""The provincial platform for identities that people may log in through, read strictly. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NAME = "IDENTITY_PLATFORM_URL"
_SECRET = "IDENTITY_PLATFORM_CLIENT_SECRET"  # noqa: S105 - a variable's name
_HALVES = {"url": NAME, "client_id": "IDENTITY_PLATFORM_CLIENT_ID", "client_secret": _SECRET}
# What we read of a person → how the platform calls it, unless IDENTITY_PLATFORM_CLAIMS says otherwise.
CLAIMS: Mapping[str, str] = MappingProxyType(
    {"name": "name", "document_kind": "document_kind", "number": "document_number", "phone": "phone_number"}
)
LEAST_SECRET = 16


@dataclass(frozen=True, slots=True)
class IdentityPlatform:
    """An OpenID provider that vouches for who somebody is. ``url``: its issuer; nothing is open while it is empty.

    ``claims``: what we read of a person → the platform's own name for it; ``scopes``: what is asked for.
    """

    url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    claims: Mapping[str, str] = field(default_factory=lambda: CLAIMS)
    scopes: tuple[str, ...] = ("openid", "profile", "phone", "identity")

    @property
    def is_open(self) -> bool:
        """Whether it can be asked: half a configuration opens nothing."""
        return bool(self.url and self.client_id and self.client_secret)


def identity_platform(
    *, url: str, client_id: str, client_secret: str, claims: str = "", scopes: str = ""
) -> IdentityPlatform:
    """Read the platform from what the environment says of it. Raises `ImproperlyConfigured`."""
    if url and not _is_address(url):
        raise ImproperlyConfigured(f"{NAME} is more or less than http(s)://host/path.")
    return IdentityPlatform(
        url.rstrip("/"),
        client_id,
        client_secret,
        MappingProxyType({**CLAIMS, **_names(claims)}),
        tuple(scopes.split()) or IdentityPlatform().scopes,
    )


def platform_faults(platform: IdentityPlatform) -> list[str]:
    """Return why a real deployment must not start with this platform, a sentence each."""
    given = {name for part, name in _HALVES.items() if getattr(platform, part)}
    if not given:
        return []
    faults = [
        f"{name} is missing: {', '.join(sorted(given))} alone opens nothing."
        for name in _HALVES.values()
        if name not in given
    ]
    parts = urlsplit(platform.url)
    if platform.url and parts.scheme != "https":
        faults.append(f"{NAME} is plain http: whoever sits on the way could be anybody.")
    if platform.client_secret and len(platform.client_secret) < LEAST_SECRET:
        faults.append(f"{_SECRET} is weak: it needs at least {LEAST_SECRET} characters.")
    return faults


def _names(text: str) -> Mapping[str, str]:
    if not text:
        return {}
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    is_mapping = isinstance(names, dict) and names.keys() <= CLAIMS.keys()
    if not is_mapping or not all(isinstance(name, str) and name for name in names.values()):
        raise ImproperlyConfigured(f"IDENTITY_PLATFORM_CLAIMS is no JSON object of names for {', '.join(CLAIMS)}.")
    return dict(names)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and url.isprintable() and not (parts.username or parts.password or parts.query or parts.fragment)
