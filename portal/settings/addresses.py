"""What is wrong with a host, an origin, the site's own address, or a network that is believed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import parse_qs, unquote, urlsplit

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?", re.IGNORECASE)
# The second level under which .cn registers (CNNIC's categories and the provinces), and its like elsewhere.
_REGISTRY = re.compile(
    r"(ac|co|com|edu|gov|mil|net|ne|org|or|go|gr|nom|info|name|"
    r"ah|bj|cq|fj|gd|gs|gx|gz|ha|hb|he|hi|hk|hl|hn|jl|js|jx|ln|mo|nm|nx|qh|sc|sd|sh|sn|sx|tj|tw|xj|xz|yn|zj)\.[a-z]{2}"
)
# Names under these are in no public register of names (RFC 6762, RFC 8375, ICANN's reservation of .internal).
_OWN_SUFFIXES = (".internal", ".local", ".localhost", ".home.arpa")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
_TLS_MODES = frozenset({"require", "verify-ca", "verify-full"})
# What libpq and redis-py would follow instead of the host that is written and looked at.
_ELSEWHERE = frozenset({"host", "hostaddr", "service", "servicefile"})
# The widest network of proxies: a whole private range, but no more of the public one than somebody holds.
_WIDEST_PRIVATE, _WIDEST_IPV4, _WIDEST_IPV6 = 8, 16, 32


def host_fault(host: str) -> str:
    """Return what is wrong with one entry of ALLOWED_HOSTS, as the end of a sentence; empty when it may be used."""
    domain = host.removeprefix(".")
    if "*" in host:
        return "holds *: name the hosts this site answers to"
    if not _HOST.fullmatch(domain):
        return f"holds {host!r}, which is no host name"
    if _is_this_machine(domain):
        return f"holds {host!r}, which every machine is to itself"
    if host.startswith(".") and _is_registry(domain):
        return f"holds {host!r}: everybody may own a name below it"
    return ""


def origin_fault(origin: str) -> str:
    """Return what is wrong with one entry of CSRF_TRUSTED_ORIGINS, as the end of a sentence; empty when it may be used."""
    scheme, _, host = origin.partition("://")
    if scheme != "https":
        return f"holds {origin!r}: an origin begins with https://"
    name, _, port = host.partition(":")
    if port and not port.isdigit():
        return f"holds {origin!r}, which is no origin"
    return host_fault("." + name[2:] if name.startswith("*.") else name)


def public_url_fault(url: str, allowed_hosts: Sequence[str]) -> str:
    """Return what is wrong with PUBLIC_URL, as a sentence; empty when certificates may carry it for years."""
    if not url.startswith("https://"):
        return "PUBLIC_URL is missing: the https:// address that certificates carry."
    try:
        host, port = urlsplit(url).hostname or "", urlsplit(url).port
    except ValueError:
        host, port = "", None
    if url != f"https://{host}{f':{port}' if port else ''}" or host_fault(host):
        return f"PUBLIC_URL={url!r} is more or less than https:// and a host: no account, no path, nothing to be printed wrong."
    if not allowed_hosts or any(map(host_fault, allowed_hosts)):
        return ""  # which is told by itself
    if not any(
        host == one.lower() or (one.startswith(".") and f".{host}".endswith(one.lower())) for one in allowed_hosts
    ):
        return f"PUBLIC_URL={url!r} is not among ALLOWED_HOSTS: certificates would lead to somebody else."
    return ""


def network_fault(network: IPv4Network | IPv6Network) -> str:
    """Return what is wrong with one entry of PROXY_NETWORKS, as the end of a sentence; empty when its word may be believed."""
    widest = _WIDEST_IPV4 if network.version == 4 else _WIDEST_IPV6
    if network.prefixlen < (_WIDEST_PRIVATE if network.is_private else widest):
        return f"holds {network}: strangers stand there too, and would be believed about whose request it is"
    return ""


def transport_fault(name: str, url: str) -> str:
    """Return what is wrong with the way to a server, as a sentence; empty when nobody on it can read or answer in its place.

    Plain is the way to a host of one's own network: a private address, a name that only this network knows. Any other must say TLS.
    """
    parts = urlsplit(url)
    asked = {key: [unquote(each) for each in values] for key, values in parse_qs(parts.query).items()}
    for key in sorted(_ELSEWHERE & asked.keys()):
        return f"{name} says {key}={asked[key][0]}: name the server before the first / alone."
    for certificate in asked.get("ssl_cert_reqs", ()):
        if certificate.lower() in ("none", "optional"):
            return f"{name} says ssl_cert_reqs={certificate}: anybody may answer in the server's place."
    for checks in asked.get("ssl_check_hostname", ()):
        if checks.lower() not in ("true", "t", "yes", "y", "1"):
            return (
                f"{name} says ssl_check_hostname={checks}: anybody with a certificate may answer in the server's place."
            )
    host = unquote(parts.hostname or "")
    if not host or host.startswith("/") or parts.scheme in ("unix", "rediss") or _is_in_ones_own_network(host):
        return ""
    if parts.scheme == "redis":
        return f"{name} leads to {host} without TLS: everybody on the way reads along. Write rediss://."
    modes = asked.get("sslmode", [])
    if modes and _TLS_MODES.issuperset(modes):
        return ""
    said = f"says sslmode={modes[0]}" if modes else "says no sslmode"
    return (
        f"{name} {said} and leads to {host}: everybody on the way reads along. Write sslmode=verify-full, or require."
    )


def _is_in_ones_own_network(host: str) -> bool:
    """Whether nobody outside can own it: a private address, a name of one word, or one under a suffix that is nobody's in public."""
    name = host.removesuffix(".").lower()
    try:
        return not ip_address(name).is_global
    except ValueError:
        pass
    if not _HOST.fullmatch(name) or _NUMBER.fullmatch(
        name
    ):  # several hosts, letters of other scripts, 8.8.8.8 as one number
        return False
    return "." not in name or name.endswith(_OWN_SUFFIXES)


def _is_this_machine(host: str) -> bool:
    name = host.rstrip(".").lower()
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _is_registry(domain: str) -> bool:
    domain = domain.rstrip(".").lower()
    return "." not in domain or bool(_REGISTRY.fullmatch(domain))
