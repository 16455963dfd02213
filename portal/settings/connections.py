"""The connections to other departments' systems that this site may open, read strictly. Pure but for the one file that names them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.lib.vault import key_bytes
from portal.settings.strength import is_random_key

NAME = "SHARING_CONNECTIONS"
# As RFC 3986 writes a path: anything else cannot be signed, and would be found out only when somebody asks.
_PATH = re.compile(r"(/([\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Connection:
    """How one source is reached: over HTTP at ``url``, or by the files that its department puts into ``folder``.

    ``key``: base64 of the key that both sides share: signs what we send, and what is put into the folder. ``certificate`` and
    ``certificate_key``: who we are to the other side (mutual TLS); ``authority``: who vouches for the other side, if not the system's.
    """

    url: str = ""
    folder: str = ""
    key: str = field(default="", repr=False)
    certificate: str = ""
    certificate_key: str = ""
    authority: str = ""

    @property
    def key_bytes(self) -> bytes:
        return key_bytes(self.key) if self.key else b""


def sharing_connections(value: str) -> dict[str, Connection]:
    """Read name → connection from JSON, or from the file of JSON that `value` names. Raises `ImproperlyConfigured`."""
    text = value.strip()
    if not text:
        return {}
    try:
        listing = json.loads(text if text.startswith("{") else Path(text).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        # Never the text itself: it holds keys.
        raise ImproperlyConfigured(f"{NAME} is neither JSON nor a file of it ({type(fault).__name__}).") from None
    if not isinstance(listing, dict):
        raise ImproperlyConfigured(f"{NAME} is no object of name → connection.")
    return {name: _connection(name, each) for name, each in listing.items()}


def connection_faults(connections: Mapping[str, Connection]) -> list[str]:
    """Return what is wrong with connections that a real deployment is to use, a sentence each."""
    faults = []
    for name, each in connections.items():
        parts = urlsplit(each.url)
        if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
            faults.append(f"{NAME}: {name} is asked over plain http: everybody on the way reads along.")
        if each.url and not each.certificate and not each.key:
            faults.append(f"{NAME}: {name} has neither a client certificate nor a key: nothing says that we ask.")
        if each.folder and not each.key:
            faults.append(f"{NAME}: {name} has no key: nothing says who put a file into its folder.")
        if each.key and not is_random_key(each.key_bytes):
            faults.append(f"{NAME}: the key of {name} is not the base64 of 32 random bytes.")
        faults += [
            f"{NAME}: {name} names {path}, which cannot be read."
            for path in (each.certificate, each.certificate_key, each.authority)
            if path and not os.access(path, os.R_OK)
        ]
    return faults


def _connection(name: str, told: Any) -> Connection:
    fields = Connection.__dataclass_fields__
    if not (isinstance(told, dict) and told.keys() <= fields.keys() and all(isinstance(v, str) for v in told.values())):
        raise ImproperlyConfigured(f"{NAME}: {name} is made of texts under {', '.join(fields)}.")
    connection = Connection(**told)
    if bool(connection.url) == bool(connection.folder):
        raise ImproperlyConfigured(f"{NAME}: {name} has either a url or a folder.")
    if connection.url and not _is_address(connection.url):
        raise ImproperlyConfigured(f"{NAME}: {name} has a url that is more or less than http(s)://host/path.")
    if bool(connection.certificate) != bool(connection.certificate_key):
        raise ImproperlyConfigured(
            f"{NAME}: {name} has a certificate without its key, or a key without its certificate."
        )
    if connection.key and not connection.key_bytes:
        raise ImproperlyConfigured(f"{NAME}: the key of {name} is not the base64 of 32 bytes.")
    return connection


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return (
        is_whole
        and url.isascii()
        and url.isprintable()
        and bool(_PATH.fullmatch(parts.path))
        and not (parts.username or parts.password or parts.query or parts.fragment)
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
