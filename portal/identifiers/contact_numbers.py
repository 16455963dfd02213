"""Telephone numbers and bank cards. Pure: the telephone plan comes with the phonenumbers library."""

from __future__ import annotations

import re

import phonenumbers

from portal.identifiers.document_numbers import require_characters, tidy
from portal.identifiers.invalid import InvalidIdentifier

_PUNCTUATION = re.compile(r"[-() .‐-―−·]")
_CARD_NETWORKS = ("3", "4", "5", "62", "81")


def mobile_phone(text: str) -> str:
    """Return a mobile number: eleven digits for the mainland, otherwise as +… (E.164)."""
    number = _PUNCTUATION.sub("", tidy(text))
    national = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", number)
    if not number.startswith(("+", "00")):
        require_characters(national, ("0123456789",) * len(national))
        if not national:
            raise InvalidIdentifier("empty")
        if not national.startswith("1"):
            raise InvalidIdentifier("not_mobile")
        if len(national) != 11:
            raise InvalidIdentifier("wrong_length", expected="11", actual=len(national))
        if national[1] not in "3456789":
            raise InvalidIdentifier("not_mobile")
        return national
    if national != number:
        return mobile_phone(national)
    return _international(number)


def phone(text: str) -> str:
    """Return a mobile or a landline number, the latter as area code, number and extension: ``0791-83986000-8001``."""
    number = _PUNCTUATION.sub("", tidy(text))
    if not number:
        raise InvalidIdentifier("empty")
    if re.fullmatch(r"((\+|00)?86)?1\d{10}|\+(?!86).*", number):
        return mobile_phone(number)
    try:
        parsed = phonenumbers.parse(text, "CN", keep_raw_input=False)
    except phonenumbers.NumberParseException:
        raise InvalidIdentifier("unknown_phone") from None
    if parsed.country_code != 86 or not phonenumbers.is_valid_number(parsed):
        raise InvalidIdentifier("unknown_phone")
    national = str(parsed.national_number)
    area = phonenumbers.length_of_geographical_area_code(parsed)
    plain = f"0{national[:area]}-{national[area:]}" if area else national
    return f"{plain}-{parsed.extension}" if parsed.extension else plain


def bank_card(text: str) -> str:
    """Return a bank account's number: 12 to 19 digits, with the check digit of cards (Luhn) where a card network begins it.

    Passbook accounts have none.
    """
    number = _PUNCTUATION.sub("", tidy(text))
    if not number:
        raise InvalidIdentifier("empty")
    require_characters(number, ("0123456789",) * len(number))
    if not 12 <= len(number) <= 19:
        raise InvalidIdentifier("wrong_length", expected="12–19", actual=len(number))
    if len(number) >= 15 and number.startswith(_CARD_NETWORKS) and _luhn(number) != 0:
        raise InvalidIdentifier("card_check_digit")
    return number


def _luhn(number: str) -> int:
    digits = [int(c) for c in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10


def _international(number: str) -> str:
    try:
        parsed = phonenumbers.parse(re.sub("^00", "+", number), None)
    except phonenumbers.NumberParseException:
        raise InvalidIdentifier("unknown_phone") from None
    if not phonenumbers.is_possible_number(parsed) or parsed.country_code == 86:
        raise InvalidIdentifier("unknown_phone")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
