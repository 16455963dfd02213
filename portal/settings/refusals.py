"""Why a real deployment must not start: everything that is missing or weak, said at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network

from django.core.exceptions import ImproperlyConfigured

from portal.lib.vault import key_bytes
from portal.settings.addresses import host_fault, network_fault, origin_fault, public_url_fault, transport_fault
from portal.settings.connections import Connection, connection_faults
from portal.settings.platforms import IdentityPlatform, platform_faults
from portal.settings.strength import is_random_key, is_random_text, server_fault

HOW = "Fresh keys: python -m portal.settings.keys. All variables: .env.example and docs/operations.md."

SIGNER = "certificates.seal.signer_client.SignerSealProvider"
DEMO_GATEWAY = "portal.notices.texting.DemoGateway"
MOST_LIMITS_FACTOR = 100
MOST_FILES_AT_ONCE = 64


def reasons_not_to_start(
    *,
    secret_key: str,
    debug: bool,
    allowed_hosts: Sequence[str],
    data_keys: Mapping[str, str],
    index_key: str,
    database_url: str,
    redis_url: str,
    public_url: str,
    has_seal: bool,
    seal_provider: str,
    trusted_origins: Sequence[str],
    trusted_proxies: int,
    proxy_networks: Sequence[IPv4Network | IPv6Network],
    limits_factor: int,
    files_at_once: int,
    sharing_connections: Mapping[str, Connection],
    platform: IdentityPlatform,
    text_gateway: str,
    demo: bool,
) -> list[str]:
    """Return one sentence per fault; an empty list lets the deployment start."""
    faults = []
    if not secret_key:
        faults.append("SECRET_KEY is missing.")
    elif len(secret_key) < 50 or not is_random_text(secret_key):
        faults.append("SECRET_KEY is weak: it needs at least 50 random characters.")
    if debug:
        faults.append("DEBUG is on: it shows settings and code to everybody.")
    if not allowed_hosts:
        faults.append("ALLOWED_HOSTS is missing: name the hosts this site answers to, with commas.")
    faults += [f"ALLOWED_HOSTS {fault}." for host in allowed_hosts if (fault := host_fault(host))]
    faults += [f"CSRF_TRUSTED_ORIGINS {fault}." for origin in trusted_origins if (fault := origin_fault(origin))]
    if not data_keys:
        faults.append("YIJIAN_DATA_KEYS is missing: name:base64 of 32 bytes, the current key first.")
    faults += [
        f"YIJIAN_DATA_KEYS: the key {name} is not the base64 of 32 random bytes."
        for name, key in data_keys.items()
        if not is_random_key(key_bytes(key))
    ]
    if len(set(data_keys.values())) < len(data_keys):
        faults.append("YIJIAN_DATA_KEYS holds one key under two names.")
    if not index_key:
        faults.append("YIJIAN_INDEX_KEY is missing: base64 of 32 bytes.")
    elif not is_random_key(key_bytes(index_key)):
        faults.append("YIJIAN_INDEX_KEY is not the base64 of 32 random bytes.")
    elif index_key in data_keys.values():
        faults.append("YIJIAN_INDEX_KEY is also a data key: they must differ.")
    if not database_url:
        faults.append("DATABASE_URL is missing: postgres://user:password@host:5432/name.")
    elif fault := _server_fault("DATABASE_URL", database_url, ("postgres", "postgresql")):
        faults.append(fault)
    if not redis_url:
        faults.append("REDIS_URL is missing: redis://:password@host:6379/0.")
    elif fault := _server_fault("REDIS_URL", redis_url, ("redis", "rediss", "unix")):
        faults.append(fault)
    if fault := public_url_fault(public_url, allowed_hosts):
        faults.append(fault)
    if not has_seal:
        faults.append(
            "SEAL_CERTIFICATE_FILE (and SEAL_KEY_FILE, for the signer alone) is missing: who seals the certificates "
            "(ALLOW_DEVELOPMENT_CA=True lets a demonstration seal with a key of its own making)."
        )
    if not _may_name_a_provider(seal_provider):
        faults.append(f"SEAL_PROVIDER={seal_provider!r} is no dotted name of a class that seals.")
    elif seal_provider.startswith("certificates.") and seal_provider != SIGNER:
        faults.append(
            f"SEAL_PROVIDER={seal_provider!r} would have web and workers read the seal's key: only the signer may."
        )
    if trusted_proxies < 0:
        faults.append(f"TRUSTED_PROXIES={trusted_proxies}: it counts the proxies in front, from 0 on.")
    elif trusted_proxies and not proxy_networks:
        faults.append(
            "PROXY_NETWORKS is missing: where the trusted proxies stand (addresses or networks, with commas)."
        )
    faults += [f"PROXY_NETWORKS {fault}." for network in proxy_networks if (fault := network_fault(network))]
    if not 1 <= limits_factor <= MOST_LIMITS_FACTOR:
        faults.append(
            f"LIMITS_FACTOR={limits_factor}: a number from 1 (the limits as they are) to {MOST_LIMITS_FACTOR} (hardly any)."
        )
    if not 0 <= files_at_once <= MOST_FILES_AT_ONCE:
        faults.append(f"FILES_AT_ONCE={files_at_once}: a number from 1 to {MOST_FILES_AT_ONCE}, or 0 for one a core.")
    faults += connection_faults(sharing_connections)
    faults += platform_faults(platform)
    if text_gateway == DEMO_GATEWAY or (text_gateway and not _may_name_a_provider(text_gateway)):
        faults.append(f"TEXT_GATEWAY={text_gateway!r} is no dotted name of a class that sends short messages.")
    if demo:
        faults.append("YIJIAN_DEMO is on: the people of the demo town have a public password.")
    return faults


def refuse(faults: Sequence[str]) -> None:
    """Stop the start, naming every fault in one message. Raises `ImproperlyConfigured` if there is any."""
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise ImproperlyConfigured(f"This deployment does not start, because:\n{lines}\n{HOW}")


def _server_fault(name: str, url: str, schemes: Sequence[str]) -> str:
    return server_fault(name, url, schemes) or transport_fault(name, url)


def _may_name_a_provider(path: str) -> bool:
    """Whether it reads like a class of somebody's own package; what it is, `certificates.seal` looks at before the start is over."""
    package, *inner = path.split(".")
    return (
        bool(inner)
        and all(part.isidentifier() for part in (package, *inner))
        and package not in sys.stdlib_module_names
    )
