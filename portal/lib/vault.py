"""Sealing what must not lie open in the database, and finding it again without opening it.

A sealed value is AES-256-GCM under the current data key. Its bytes are: format (1), length of the key's name (1), the
name, nonce (12), ciphertext with tag (16). The context is authenticated with it, so that a value copied into another
row does not open there. Keys come from ``YIJIAN_DATA_KEYS`` (name → base64 of 32 bytes; the first one seals, all of
them open) and ``YIJIAN_INDEX_KEY``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """A sealed value does not open. ``code``: ``malformed``, ``unknown_key`` or ``tampered`` (or opened in the wrong context)."""

    def __init__(self, code: str, key_name: str = "") -> None:
        self.code = code
        self.key_name = key_name
        super().__init__(f"{code}: {key_name}" if key_name else code)


def seal(data: Any, context: str) -> bytes:
    """Return `data` (any JSON value) encrypted for `context`, such as ``bundle.form:<uuid>``. Two calls never give the same bytes."""
    name, key = _current_key()
    header = bytes([FORMAT, len(name)]) + name
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return header + nonce + key.encrypt(nonce, plain, _bound_to(header, context))


def unseal(blob: bytes | bytearray | memoryview, context: str) -> Any:
    """Return the JSON value sealed in `blob` for exactly this `context`. Raises `SealBroken`."""
    raw = bytes(blob)
    if len(raw) < 2 or raw[0] != FORMAT:
        raise SealBroken("malformed")
    start = 2 + raw[1]
    if len(raw) < start + NONCE_BYTES + TAG_BYTES:
        raise SealBroken("malformed")
    header, nonce, sealed = raw[:start], raw[start : start + NONCE_BYTES], raw[start + NONCE_BYTES :]
    key = _keys().get(header[2:])
    if key is None:
        raise SealBroken("unknown_key", header[2:].decode(errors="replace"))
    try:
        return json.loads(key.decrypt(nonce, sealed, _bound_to(header, context)))
    except InvalidTag:
        raise SealBroken("tampered") from None


def blind_index(kind: str, value: str) -> bytes:
    """Return the 32 bytes by which `value` is found without being stored.

    The value is normalised first (NFKC, upper case, no white space), so that every way of writing one number finds it;
    `kind` (such as ``document:111``) keeps equal values of different kinds apart.
    """
    normal = "".join(unicodedata.normalize("NFKC", value).upper().split())
    label = kind.encode()
    return hmac.digest(_index_key(), len(label).to_bytes(4, "big") + label + normal.encode(), hashlib.sha256)


def key_bytes(text: str) -> bytes:
    """Return the key that a setting gives as text; nothing if it is not the base64 of 32 bytes."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return key if len(key) == KEY_BYTES else b""


def _bound_to(header: bytes, context: str) -> bytes:
    return header + context.encode()


def _current_key() -> tuple[bytes, AESGCM]:
    return next(iter(_keys().items()))


def _keys() -> dict[bytes, AESGCM]:
    return _read_keys(tuple(settings.YIJIAN_DATA_KEYS.items()))


@lru_cache(maxsize=8)
def _read_keys(items: tuple[tuple[str, str], ...]) -> dict[bytes, AESGCM]:
    if not items:
        raise ImproperlyConfigured("YIJIAN_DATA_KEYS names no key")
    keys = {}
    for name, text in items:
        if not 0 < len(name.encode()) < 256:
            raise ImproperlyConfigured("a name in YIJIAN_DATA_KEYS must have 1 to 255 bytes")
        keys[name.encode()] = AESGCM(_decode(text, f"YIJIAN_DATA_KEYS[{name}]"))
    return keys


def _index_key() -> bytes:
    return _decode(settings.YIJIAN_INDEX_KEY, "YIJIAN_INDEX_KEY")


@lru_cache(maxsize=32)
def _decode(text: str, name: str) -> bytes:
    key = key_bytes(text)
    if not key:
        raise ImproperlyConfigured(f"{name} must be the base64 of {KEY_BYTES} bytes")
    return key
