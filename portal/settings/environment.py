"""Reading what the environment says, strictly: a value that cannot be meant stops the start."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"true", "1", "yes", "on"}
FALSE = {"", "false", "0", "no", "off"}


def flag(name: str, value: str) -> bool:
    """Read a yes or no; empty is no."""
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={value!r} is neither True nor False.")
    return word in TRUE


def whole_number(name: str, value: str) -> int:
    """Read a whole number."""
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is no whole number.") from None


def networks(name: str, value: str) -> list[IPv4Network | IPv6Network]:
    """Read addresses or networks (CIDR) with commas."""
    try:
        return [ip_network(word) for word in words(value)]
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name}: {fault}.") from None


def one_of(name: str, value: str, choices: Sequence[str]) -> str:
    """Read one of a few words."""
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(choices)}.")
    return value


def words(value: str) -> list[str]:
    """Read a list with commas."""
    return [word.strip() for word in value.split(",") if word.strip()]


def keys(value: str) -> dict[str, str]:
    """Read named keys: `name:base64,older-name:base64`; the first one is current."""
    found: dict[str, str] = {}
    for word in words(value):
        name, colon, key = word.partition(":")
        if not (name and colon and key) or name in found:
            raise ImproperlyConfigured("YIJIAN_DATA_KEYS is not of the form name:base64,other-name:base64.")
        found[name] = key
    return found


def broker_url(redis_url: str) -> str:
    """Return the address of a Redis-protocol server in the form Celery reads.

    redis-py says `unix:///path?db=0` where kombu says `redis+socket:///path?virtual_host=0`.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


def scanner_url(value: str) -> str:
    """Read the address of a virus scanner: `tcp://host:port` or `unix:///path`; empty is none."""
    parts = urlsplit(value.strip())
    try:
        is_address = parts.scheme == "tcp" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_address = False
    if value.strip() and not is_address and not (parts.scheme == "unix" and parts.path.startswith("/")):
        raise ImproperlyConfigured(f"CLAMAV_URL={value!r} is neither tcp://host:port nor unix:///path.")
    return value.strip()
