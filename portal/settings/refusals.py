"""Why a real deployment must not start: everything that is missing or weak, said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ImproperlyConfigured

from portal.lib.vault import key_bytes

HOW = "Fresh keys: python -m portal.settings.keys. All variables: .env.example and docs/operations.md."


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
) -> list[str]:
    """Return one sentence per fault; an empty list lets the deployment start."""
    faults = []
    if not secret_key:
        faults.append("SECRET_KEY is missing.")
    elif len(secret_key) < 50 or len(set(secret_key)) < 5 or secret_key.startswith("django-insecure-"):
        faults.append("SECRET_KEY is weak: it needs at least 50 random characters.")
    if debug:
        faults.append("DEBUG is on: it shows settings and code to everybody.")
    if not allowed_hosts:
        faults.append("ALLOWED_HOSTS is missing: name the hosts this site answers to, with commas.")
    elif any(host.strip().startswith("*") for host in allowed_hosts):
        faults.append("ALLOWED_HOSTS holds *: name the hosts this site answers to.")
    if not data_keys:
        faults.append("YIJIAN_DATA_KEYS is missing: name:base64 of 32 bytes, the current key first.")
    faults += [
        f"YIJIAN_DATA_KEYS: the key {name} is not the base64 of 32 random bytes."
        for name, key in data_keys.items()
        if not _is_strong(key)
    ]
    if not index_key:
        faults.append("YIJIAN_INDEX_KEY is missing: base64 of 32 bytes.")
    elif not _is_strong(index_key):
        faults.append("YIJIAN_INDEX_KEY is not the base64 of 32 random bytes.")
    elif index_key in data_keys.values():
        faults.append("YIJIAN_INDEX_KEY is also a data key: they must differ.")
    if not database_url:
        faults.append("DATABASE_URL is missing: postgres://user:password@host:5432/name.")
    if not redis_url:
        faults.append("REDIS_URL is missing: redis://:password@host:6379/0.")
    if not public_url.startswith("https://"):
        faults.append("PUBLIC_URL is missing: the https:// address that certificates carry.")
    if not has_seal:
        faults.append(
            "SEAL_KEY_FILE and SEAL_CERTIFICATE_FILE are missing: who seals the certificates "
            "(ALLOW_DEVELOPMENT_CA=True lets a demonstration seal with a key of its own making)."
        )
    return faults


def refuse(faults: Sequence[str]) -> None:
    """Stop the start, naming every fault in one message. Raises `ImproperlyConfigured` if there is any."""
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise ImproperlyConfigured(f"This deployment does not start, because:\n{lines}\n{HOW}")


def _is_strong(key: str) -> bool:
    return len(set(key_bytes(key))) > 8
