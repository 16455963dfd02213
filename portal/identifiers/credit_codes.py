"""Unified social credit codes (GB 32100-2015), with both check digits. Pure."""

from __future__ import annotations

import re

from portal.identifiers.document_numbers import require_characters, require_length, tidy
from portal.identifiers.invalid import InvalidIdentifier

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_HYPHENS = re.compile("[-\u2010-\u2015\u2212]")  # between its groups
_COPY = re.compile(r"\([0-9]{1,2}-[0-9]{1,2}\)$", re.ASCII)  # which copy of the licence, printed behind it: (1-1)
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(text: str) -> str:
    """Return a credit code in upper case, without hyphens. Its 17th character is checked as GB 11714 says, its 18th as GB 32100 says."""
    code = _HYPHENS.sub("", _COPY.sub("", tidy(text)))
    digits = "0123456789"
    require_characters(code, (ALPHABET,) * 2 + (digits,) * 6 + (ALPHABET,) * 10)
    require_length(code, 18)
    if code[17] != check_character(code[:17]):
        raise InvalidIdentifier("check_digit")
    if code[16] != body_check_character(code[8:16]):
        raise InvalidIdentifier("organisation_check_digit")
    return code


def check_character(body: str) -> str:
    """Return the 18th character of a credit code from its first 17."""
    return ALPHABET[-sum(w * ALPHABET.index(c) for w, c in zip(_WEIGHTS, body, strict=True)) % 31]


def body_check_character(body: str) -> str:
    """Return the check character of the 8 characters that name the organisation (GB 11714): 10 is X, 11 is 0."""
    total = sum(w * int(c, 36) for w, c in zip(_BODY_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]
