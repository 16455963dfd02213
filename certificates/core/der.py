"""Putting DER together (ITU-T X.690, 8.1 and 10.1): a tag, a length in its shortest form, and what is in it (pure)."""

from __future__ import annotations

SET, SEQUENCE, OCTET_STRING, EXPLICIT_0 = 0x31, 0x30, 0x04, 0xA0


def wrap(tag: int, value: bytes) -> bytes:
    """Return a value under a tag."""
    length = len(value)
    if length < 0x80:
        return bytes([tag, length]) + value
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + value
