"""Numbers of identity documents (GB 11643 and its relatives). Pure: today is passed in.

Every function takes what was typed, with white space, full-width or lower-case characters, and returns the number as it is
kept, or raises `InvalidIdentifier`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.identifiers.invalid import InvalidIdentifier

# Beyond it characters are looked at one by one: putting very many accents in order takes the square of their number.
LONGEST_TYPED = 1_000
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
# Only the province is checked: a number keeps the division of its first issue, which may be abolished since.
PROVINCES = frozenset(
    str(code)
    for block in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for code in block
)
PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
# What stands around a number that is copied with its label or from a sentence; a number's own letters are Latin.
_LABEL = re.compile('^[\u4e00-\u9fff]{2,12}(?:[/、][\u4e00-\u9fff]{2,12})?[:.]?(?=[0-9A-Z+([【“"])')
_OPENING, _CLOSING = "(\\[【〔《<「『“‘\"'", ")\\]】〕》>」』”’\"'"
_AROUND = re.compile(f"^[{_OPENING}]([^{_OPENING}{_CLOSING}]+)[{_CLOSING}][.,;:。、]*$")
_STOPS = re.compile("(?<=[0-9A-Z])[.,;:。、]+$")
_IN_PARTS = re.compile(r"([0-9]{6})-([0-9]{8})-([0-9]{3}[0-9X])")
_LIKELY_DIGITS = {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "〇": "0"}


@dataclass(frozen=True, slots=True)
class ResidentFacts:
    """What an 18-digit number tells. ``sex``: "1" male, "2" female (GB/T 2261.1)."""

    birth_date: date
    sex: str


def tidy(text: str) -> str:
    """Return `text` in half-width upper case without white space and invisible characters, nor what stands around a number.

    That is its label (身份证号：…), a stop after it, and brackets or quotation marks around it, with the label or without.
    """
    if len(text) <= LONGEST_TYPED:
        plain = _seen(unicodedata.normalize("NFKC", text).upper())
    else:
        plain = text.translate({ord(c): _seen(unicodedata.normalize("NFKC", c).upper()) for c in set(text)})
    plain = _AROUND.sub(r"\1", _LABEL.sub("", _AROUND.sub(r"\1", plain)))
    plain = _STOPS.sub("", plain)
    parts = _IN_PARTS.fullmatch(plain)
    return "".join(parts.groups()) if parts else plain


def _seen(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"})


def resident_id(text: str, today: date) -> str:
    """Return a citizen's identity number (公民身份号码, GB 11643-1999): province, a real date not after `today`, check digit."""
    number = _eighteen(text)
    if number[:6] in PERMIT_REGIONS:
        raise InvalidIdentifier("residence_permit_instead")
    if number[:2] not in PROVINCES:
        raise InvalidIdentifier("unknown_region", region=number[:2])
    return _dated_and_checked(number, today)


def residence_permit(text: str, today: date) -> str:
    """Return the number of a residence permit for Hong Kong, Macao and Taiwan residents (81, 82, 83)."""
    number = _eighteen(text)
    if number[:6] not in PERMIT_REGIONS:
        raise InvalidIdentifier("not_a_permit")
    return _dated_and_checked(number, today)


def identity_number(text: str, today: date) -> str:
    """Return a citizen's identity number or a residence permit's, whichever it is."""
    return residence_permit(text, today) if tidy(text)[:6] in PERMIT_REGIONS else resident_id(text, today)


def foreign_resident_id(text: str, today: date) -> str:
    """Return the number of a foreigner's permanent residence card: 18 digits beginning with 9, or 3 letters and 12 digits (before 2023-12)."""
    number = tidy(text)
    if number[:1].isalpha():
        require_characters(number, ("ABCDEFGHIJKLMNOPQRSTUVWXYZ",) * 3 + ("0123456789",) * 12)
        require_length(number, 15)
        return number
    number = _eighteen(number, also=" / 15")
    if number[0] != "9":
        raise InvalidIdentifier("wrong_shape", example="936840197911050018")
    if number[1:3] not in PROVINCES:
        raise InvalidIdentifier("unknown_region", region=number[1:3])
    return _dated_and_checked(number, today)


def hong_kong_macao_permit(text: str, today: date) -> str:
    """Return the number of a Hong Kong or Macao resident's mainland travel permit: H or M and 8 digits (10 on older cards)."""
    return _shaped(text, r"[HM](\d{8}|\d{10})", "H12345678")


def taiwan_permit(text: str, today: date) -> str:
    """Return the number of a Taiwan resident's mainland travel permit: 8 digits."""
    return _shaped(text, r"\d{8}", "12345678")


def passport(text: str, today: date) -> str:
    """Return a passport's number: 5 to 10 letters and digits, four digits at least, for every country writes its own."""
    number = _shaped(text, r"[A-Z0-9]{5,10}", "E12345678")
    if sum(c.isdigit() for c in number) < 4:
        raise InvalidIdentifier("wrong_shape", example="E12345678")
    return number


def resident_facts(number: str) -> ResidentFacts:
    """Return birth date and sex from a valid 18-digit number of a citizen, a permit or a foreigner's card."""
    return ResidentFacts(
        date(int(number[6:10]), int(number[10:12]), int(number[12:14])), "1" if int(number[16]) % 2 else "2"
    )


def check_character(body: str) -> str:
    """Return the check character of 17 digits (ISO 7064, MOD 11-2)."""
    return _CHECK_CHARACTERS[sum(w * int(c) for w, c in zip(_WEIGHTS, body, strict=True)) % 11]


def require_characters(text: str, allowed: Iterable[str]) -> None:
    """Refuse the first character of `text` that is not allowed in its place, saying which one was probably meant."""
    for position, (character, here) in enumerate(zip(text, allowed, strict=False), start=1):
        if character not in here:
            likely = _LIKELY_DIGITS.get(character, "")
            raise InvalidIdentifier(
                "unexpected_character", character=character, position=position, likely=likely if likely in here else ""
            )


def require_length(text: str, expected: int, also: str = "") -> None:
    """Refuse a text of another length; `also` names further lengths that would have been right."""
    if not text:
        raise InvalidIdentifier("empty")
    if len(text) != expected:
        raise InvalidIdentifier("wrong_length", expected=f"{expected}{also}", actual=len(text))


def _eighteen(text: str, also: str = "") -> str:
    number = tidy(text)
    if len(number) == 15 and number.isascii() and number.isdigit() and not also:
        raise InvalidIdentifier("old_number")
    # An X may end the number, also one that is too short: then the length is the mistake, not the X.
    require_characters(number, ("0123456789",) * (len(number) - 1) + ("0123456789X",))
    require_length(number, 18, also)
    return number


def _dated_and_checked(number: str, today: date) -> str:
    text = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise InvalidIdentifier("impossible_date", date=text) from None
    if born > today:
        raise InvalidIdentifier("future_date", date=text)
    if number[17] != check_character(number[:17]):
        raise InvalidIdentifier("check_digit")
    return number


def _shaped(text: str, pattern: str, example: str) -> str:
    number = tidy(text)
    if not number:
        raise InvalidIdentifier("empty")
    if not re.fullmatch(pattern, number, re.ASCII):
        raise InvalidIdentifier("wrong_shape", example=example)
    return number
