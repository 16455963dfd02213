"""JSON as programs send it to us: each key once, numbers a database can keep, no deeper than anybody needs."""

from __future__ import annotations

import json
from typing import Any, Final

MOST_LEVELS: Final = 32
MOST_DIGITS: Final = 18
SURROGATES: Final = ("\ud800", "\udfff")


class UnreadableJson(ValueError):
    """Not JSON as we take it."""


def read_json(sent: bytes) -> Any:
    """Return what was sent. Raises ``UnreadableJson`` for anything else than UTF-8 JSON (RFC 8259) with each key once in its
    object, finite numbers of at most ``MOST_DIGITS`` digits, and at most ``MOST_LEVELS`` levels.
    """
    try:
        read = json.loads(
            sent.decode("utf-8-sig"),
            object_pairs_hook=_each_key_once,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_short,
        )
    except (ValueError, RecursionError) as trouble:
        raise UnreadableJson(str(trouble)) from None
    if _is_too_deep(read):
        raise UnreadableJson("too deep")
    return read


def is_storable(value: Any) -> bool:
    """Whether every text in a value can be kept: no NUL, and no half of a character."""
    if isinstance(value, dict):
        return all(is_storable(key) and is_storable(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(is_storable, value))
    return not isinstance(value, str) or not any(
        character == "\x00" or SURROGATES[0] <= character <= SURROGATES[1] for character in value
    )


def storable_text(text: str) -> str:
    """Return a text as it can be kept: for each NUL and half of a character the sign for an unreadable one."""
    return "".join(character if is_storable(character) else "\ufffd" for character in text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise UnreadableJson("a key twice")
    return read


def _refuse(constant: str) -> Any:
    raise UnreadableJson(constant)


def _finite(text: str) -> float:
    number = float(text)
    if len(text) > 40 or number in (float("inf"), float("-inf")):
        raise UnreadableJson("number")
    return number


def _short(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise UnreadableJson("number")
    return int(text)


def _is_too_deep(read: Any) -> bool:
    level = [read]
    for _level in range(MOST_LEVELS):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


class StrictDecoder(json.JSONDecoder):
    """Reads what people type into a form's JSON field as strictly as what programs send. Raises ``json.JSONDecodeError``."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            return read_json(s.encode())
        except ValueError as trouble:  # also half of a character
            raise json.JSONDecodeError(str(trouble), s, 0) from None
