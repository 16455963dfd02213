"""How strong a secret is: what production demands of the values it is given. Pure."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django.contrib.auth

LONG_ENOUGH = 12  # characters of a server's password
_PLACEHOLDERS = re.compile(r"change.?me|password|passwd|secret|example|insecure|default|qwerty|letmein|admin", re.I)
# What is written for what in a word that is to look like none.
_DISGUISES = str.maketrans("013457@$!", "oleastasi")
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
_ROW_LENGTH = 6  # as long a piece of a row, in either direction, is no accident


def is_random(secret: bytes) -> bool:
    """Return whether these bytes could have been drawn at random: few repeats, no pattern, no counting up or down.

    A random key of 32 bytes fails about once in 10^9; a typed one passes only if whoever typed it rolled dice.
    """
    if len(secret) < 16 or len(set(secret)) < 10:
        return False
    steps = Counter((second - first) % 256 for first, second in pairwise(secret))
    if max(steps.values()) > len(secret) // 4:
        return False
    return len(set(zip(secret, secret[1:], secret[2:], strict=False))) > 0.75 * (len(secret) - 2)


def is_random_key(key: bytes) -> bool:
    """Return whether a key of raw bytes could have been drawn at random; a sentence of letters could not."""
    return is_random(key) and not all(0x20 <= byte < 0x7F for byte in key)


def is_random_text(secret: str) -> bool:
    """Return whether a secret of characters could have been drawn at random: no placeholder, no pattern."""
    return is_random(secret.encode()) and not secret.isdigit() and not _PLACEHOLDERS.search(secret)


def weak_password(password: str, names: Iterable[str]) -> str:
    """Return what is wrong with a server's password, as the end of a sentence; empty when it may be used."""
    if not password:
        return "has no password"
    plain = password.lower()
    meant = plain.translate(_DISGUISES)
    if {plain, meant} & (_common_passwords() | {name.lower() for name in names if name}) or _PLACEHOLDERS.search(meant):
        return "has a password that is tried first by everybody"
    if _follows_a_row(plain):
        return "has a password that follows the keys: it is tried first by everybody"
    if len(password) < LONG_ENOUGH or len(set(password)) < 6:
        return f"has a password that can be guessed: it needs at least {LONG_ENOUGH} characters, mixed"
    return ""


def _follows_a_row(plain: str) -> bool:
    pieces = {plain[start : start + _ROW_LENGTH] for start in range(len(plain) - _ROW_LENGTH + 1)}
    return any(piece in row or piece in row[::-1] for piece in pieces for row in _ROWS)


def server_fault(name: str, url: str, schemes: Iterable[str]) -> str:
    """Return what is wrong with a server's address, as a sentence; empty when it may be used.

    An address without a host is a socket of this machine, whose file says who may enter: it needs no password.
    """
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        return f"{name} is of the kind {parts.scheme or '?'}: this deployment needs {' or '.join(schemes)}."
    if parts.scheme == "unix" or not parts.hostname or parts.hostname.lower().startswith("%2f"):
        return ""
    weakness = weak_password(
        unquote(parts.password or ""), (parts.username or "", parts.path.strip("/"), parts.hostname)
    )
    return f"{name} {weakness}." if weakness else ""


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    listing = Path(django.contrib.auth.__file__).parent / "common-passwords.txt.gz"
    return frozenset(gzip.decompress(listing.read_bytes()).decode().split())
