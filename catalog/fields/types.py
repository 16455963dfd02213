"""Read a typed value as its field's type: one normal form for all departments. Pure.

``parse(type, raw, options, unit)`` returns the value as it is kept, ``None`` for nothing, or raises ``Refused`` with a code of the table in
``catalog.fields.validation``. It never raises anything else, whatever it is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Final

from catalog.definitions import Value
from catalog.fields.numbers import plain_number
from portal.identifiers.characters import unusable, with_plain_breaks, with_standard_characters
from portal.identifiers.divisions import read_division
from portal.identifiers.document_numbers import tidy
from portal.identifiers.normalising import InvalidIdentifier, bank_card, credit_code, person_name, phone

MAX_LENGTH: Final = {"text": 200, "longtext": 5000, "address": 300, "organisation_name": 200, "email": 254}
MAX_RAW: Final = 20_000
OTHERWISE_LONGEST: Final = 200
YEARS: Final = (1800, 2300)
LIST_LIMIT: Final = 500

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = {0x200B: None, 0xFEFF: None, 0x2060: None, 0x00AD: None}
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"([+-]?)([0-9]{1,11})(?:\.([0-9]{1,4}))?")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_POSTCODE = re.compile(r"[0-9]{6}")
_YES: Final = frozenset({"true", "on", "yes", "1", "是"})
_NO: Final = frozenset({"false", "off", "no", "0", "否"})


class Refused(Exception):
    """A value is not of its type. ``code`` and ``params`` as in ``catalog.fields.validation``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def parse(type: str, raw: Any, options: Collection[str] = (), unit: str = "") -> Value:
    """Return the value as it is kept, None for nothing. ``unit``: what a number counts. Raises ``Refused``."""
    if raw is None or (isinstance(raw, str | list) and not raw):
        return None
    if isinstance(raw, str) and len(raw) > MAX_RAW:
        raise Refused("too_long", maximum=longest(type))
    if type in ("select", "id_kind"):
        return _one_of(raw, options)
    try:
        if type in _NUMBERS:
            return _NUMBERS[type](raw, unit)
        return _PARSERS[type](raw, options)
    except InvalidIdentifier as trouble:
        if trouble.code == "empty":
            return None
        raise Refused(trouble.code, **trouble.params) from None


def longest(type: str) -> int:
    """Return how many characters a value of this type may have, as it is typed and as it is kept: the one rule for drafts and corrections.

    A choice of several counts all that is chosen.
    """
    return MAX_LENGTH["longtext"] if type == "multiselect" else MAX_LENGTH.get(type, OTHERWISE_LONGEST)


def half_width(text: str) -> str:
    """Return text with full-width letters, digits and signs as they are typed on a western keyboard, trimmed."""
    return text.translate(_HALF_WIDTH).translate(_INVISIBLE).strip()


def _text(raw: Any) -> str:
    """Return text, refusing what is not text and characters that may not be in it."""
    if not isinstance(raw, str):
        raise Refused("not_text")
    if character := unusable(raw):
        raise Refused("bad_character", character=f"U+{ord(character):04X}")
    return with_standard_characters(raw)


def _line(raw: Any, maximum: int) -> Value:
    text = " ".join(unicodedata.normalize("NFC", _text(raw).translate(_INVISIBLE)).split())
    if len(text) > maximum:
        raise Refused("too_long", maximum=maximum)
    return text or None


def _lines(raw: Any, options: Collection[str]) -> Value:
    text = with_plain_breaks(unicodedata.normalize("NFC", _text(raw).translate(_INVISIBLE)))
    if len(text) > MAX_LENGTH["longtext"]:
        raise Refused("too_long", maximum=MAX_LENGTH["longtext"])
    return text or None


def _one_of(raw: Any, options: Collection[str]) -> Value:
    if not isinstance(raw, str):
        raise Refused("not_an_option")
    value = raw.strip()
    if value and value not in options:
        raise Refused("not_an_option")
    return value or None


def _several_of(raw: Any, options: Collection[str]) -> Value:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list) or len(given) > LIST_LIMIT:
        raise Refused("not_an_option")
    chosen = {_one_of(each, options) for each in given if each not in (None, "")}
    return [option for option in options if option in chosen] or None


def _integer(raw: Any, unit: str) -> Value:
    if isinstance(raw, int) and not isinstance(raw, bool):
        if abs(raw) >= 10**15:
            raise Refused("number_too_large")
        return raw
    text = re.sub(r"(?<=[0-9])\.0+$", "", plain_number(_text(raw), unit))
    if not text:
        return None
    if not _INTEGER.fullmatch(text):
        raise Refused("number_too_large" if re.fullmatch(r"[+-]?[0-9]{16,}", text) else "not_an_integer")
    return int(text)


def _decimal(raw: Any, unit: str) -> Value:
    if isinstance(raw, int) and not isinstance(raw, bool):
        if abs(raw) >= 10**11:
            raise Refused("number_too_large")
        raw = str(raw)
    text = plain_number(_text(raw), unit)
    if not text:
        return None
    match = _DECIMAL.fullmatch(text)
    if match is None:
        if re.fullmatch(r"[+-]?[0-9]{1,11}\.[0-9]+", text):
            raise Refused("too_many_decimals", maximum=4)
        raise Refused("number_too_large" if re.fullmatch(r"[+-]?[0-9]{12,}(\.[0-9]+)?", text) else "not_a_number")
    whole, part = match[2].lstrip("0") or "0", f".{match[3]}" if match[3] else ""
    sign = "-" if match[1] == "-" and (whole + part).strip("0.") else ""
    return f"{sign}{whole}{part}"


def _date(raw: Any, options: Collection[str]) -> Value:
    text = half_width(_text(raw))
    return _read_date(text).isoformat() if text else None


def _read_date(text: str) -> date:
    match = _DATE.fullmatch(text.replace(" ", ""))
    if match is None:
        raise Refused("not_a_date")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    if not YEARS[0] <= year <= YEARS[1]:
        raise Refused("not_a_date")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("no_such_day") from None


def _datetime(raw: Any, options: Collection[str]) -> Value:
    text = half_width(_text(raw))
    if not text:
        return None
    day, gap, rest = text.partition("T") if "T" in text else text.rpartition(" ")
    match = _TIME.fullmatch(rest.strip())
    if not gap or match is None:
        raise Refused("not_a_datetime")
    on, hour, minute = _read_date(day.strip()), int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        raise Refused("not_a_datetime")
    return datetime(on.year, on.month, on.day, hour, minute).isoformat(timespec="minutes")  # noqa: DTZ001 - local time


def _boolean(raw: Any, options: Collection[str]) -> Value:
    if isinstance(raw, bool):
        return raw
    text = half_width(_text(raw)).lower()
    if text in _YES or text in _NO:
        return text in _YES
    if text:
        raise Refused("not_yes_or_no")
    return None


def _id_number(raw: Any, options: Collection[str]) -> Value:
    text = tidy(_text(raw))
    if len(text) > 40:
        raise Refused("too_long", maximum=40)
    return text or None


def _shaped(raw: Any, pattern: re.Pattern[str], code: str) -> Value:
    text = half_width(_text(raw))
    if text and not pattern.fullmatch(text):
        raise Refused(code)
    return text or None


_NUMBERS: Final[dict[str, Callable[[Any, str], Value]]] = {"integer": _integer, "decimal": _decimal}
_PARSERS: Final[dict[str, Callable[[Any, Collection[str]], Value]]] = {
    "text": lambda raw, options: _line(raw, MAX_LENGTH["text"]),
    "longtext": _lines,
    "person_name": lambda raw, options: person_name(_text(raw)),
    "signature": lambda raw, options: person_name(_text(raw)),
    "organisation_name": lambda raw, options: _line(raw, MAX_LENGTH["organisation_name"]),
    "address": lambda raw, options: _line(raw, MAX_LENGTH["address"]),
    "multiselect": _several_of,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "id_number": _id_number,
    "phone": lambda raw, options: phone(_text(raw)),
    "credit_code": lambda raw, options: credit_code(_text(raw)),
    "bank_account": lambda raw, options: bank_card(_text(raw)),
    "division": lambda raw, options: read_division(_text(raw)),
    "postcode": lambda raw, options: _shaped(raw, _POSTCODE, "not_a_postcode"),
    "email": lambda raw, options: _shaped(raw, _EMAIL, "not_an_email"),
}
