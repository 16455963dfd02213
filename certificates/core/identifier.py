"""Identifiers of electronic certificates (GB/T 36904-2018), with their check character (ISO 7064, MOD 37,36). Pure.

``1.2.156.3005.2.<type 21>.<issuer 18>.<serial>.<version 3>.<check>``. What we issue conforms; what others have issued
does not always (a division's code where the issuer's credit code belongs, an underscore in a serial), and is read all
the same as long as its check character is right.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from portal.identifiers.normalising import InvalidIdentifier, credit_code

ROOT = "1.2.156.3005.2"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_SERIAL = 32
_LONGEST_TYPED = 500
_POINTS = str.maketrans({**dict.fromkeys("。｡", "."), **dict.fromkeys("‐‑‒–—―−﹣", "-")})
_LABEL = re.compile("^(?:[^0-9A-Z]|CERTIFICATE|NO(?![A-Z])|NUMBER|IDENTIFIER)*")
_NUMBER = re.compile("[0-9A-Z._-]+")
_OUR_SERIAL = re.compile("[0-9OIL]{8}[0-9A-Z]{12}")
_LOOK_ALIKES = str.maketrans("OIL", "011")
_CHECKS = {"0": "O", "O": "0", "1": "IL", "I": "1L", "L": "1I"}


class IdentifierInvalid(ValueError):
    """Not an identifier that may be used. ``code``: ``empty``, ``form``, ``check_character``, ``type``, ``issuer``, ``serial`` or ``version``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class CertificateIdentifier:
    """The parts of an identifier."""

    type_code: str
    issuer_code: str
    serial: str
    version: str
    check: str

    def __str__(self) -> str:
        return ".".join((ROOT, self.type_code, self.issuer_code, self.serial, self.version, self.check))


def build_identifier(*, type_code: str, issuer_code: str, serial: str, version: int = 1) -> CertificateIdentifier:
    """Return the identifier of a certificate to be issued. Raises `IdentifierInvalid` for parts that do not conform."""
    if not _is_type(type_code):
        raise IdentifierInvalid("type")
    if not _is_credit_code(issuer_code):
        raise IdentifierInvalid("issuer")
    if not _is_serial(serial):
        raise IdentifierInvalid("serial")
    if not 1 <= version <= 999:
        raise IdentifierInvalid("version")
    written = f"{version:03d}"
    check = check_character(type_code + issuer_code + serial + written)
    return CertificateIdentifier(type_code, issuer_code, serial, written, check)


def parse_identifier(text: str) -> CertificateIdentifier:
    """Return the parts of an identifier, ours or another issuer's, with or without the root.

    Spaces around it and small letters do not matter. Raises `IdentifierInvalid` when its form or its check character
    is wrong; a part that does not conform is let through: others have issued such.
    """
    written = text.strip().upper().removeprefix(ROOT + ".")
    parts = written.split(".")
    if len(parts) != 5 or len(written) > 120:
        raise IdentifierInvalid("form")
    type_code, issuer_code, serial, version, check = parts
    if not all(re.fullmatch(r"[0-9A-Z_-]+", part, re.ASCII) for part in (type_code, issuer_code, serial)):
        raise IdentifierInvalid("form")
    if not re.fullmatch(r"[0-9]{3}", version, re.ASCII) or len(check) != 1:
        raise IdentifierInvalid("form")
    if check != check_character(type_code + issuer_code + serial + version):
        raise IdentifierInvalid("check_character")
    return CertificateIdentifier(type_code, issuer_code, serial, version, check)


def tidy_typed(text: str) -> str:
    """Return an identifier or a number in capitals, from what somebody typed or pasted; empty where there is none.

    Full-width letters and digits, a Chinese full stop for a point, other dashes for a hyphen, brackets and a label around it, blanks and line breaks do not matter.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST_TYPED].translate(_POINTS)).upper()
    plain = "".join(c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C")
    found = _NUMBER.match(_LABEL.sub("", plain))
    return found[0].rstrip("._-") if found else ""


def parse_typed(text: str) -> CertificateIdentifier:
    """Return the parts of an identifier of ours, also in groups, or where O was read for 0, or I or L for 1. Raises `IdentifierInvalid`.

    Neither type, issuer nor serial of ours contains these letters, or a hyphen; the check character may, and says whether it was read right.
    """
    text = text.replace("-", "")
    try:
        return parse_identifier(text)
    except IdentifierInvalid as invalid:
        body, _point, check = text.rpartition(".")
        body = body.translate(_LOOK_ALIKES)
        for each in (check, *_CHECKS.get(check, "")):
            try:
                return parse_identifier(f"{body}.{each}")
            except IdentifierInvalid:
                continue
        raise invalid from None


def read_serial(text: str) -> str:
    """Return a serial of ours in one piece, with 0 for O and 1 for I and L: it contains neither these nor hyphens. Any other text as it is."""
    whole = text.replace("-", "")
    return whole.translate(_LOOK_ALIKES) if _OUR_SERIAL.fullmatch(whole) else text


def check_character(body: str) -> str:
    """Return the ISO 7064 MOD 37,36 check character of `body`; what is neither digit nor capital letter is left out."""
    product = 36
    for character in body:
        value = ALPHABET.find(character)
        if value < 0:
            continue
        product = ((product + value) % 36 or 36) * 2 % 37
    return ALPHABET[(37 - product) % 36]


def _is_type(code: str) -> bool:
    return len(code) == 21 and _is_credit_code(code[:18]) and re.fullmatch(r"[0-9]{3}", code[18:], re.ASCII) is not None


def _is_serial(serial: str) -> bool:
    return len(serial) <= LONGEST_SERIAL and re.fullmatch(r"[0-9A-Z]+", serial, re.ASCII) is not None


def _is_credit_code(code: str) -> bool:
    try:
        return credit_code(code) == code
    except InvalidIdentifier:
        return False
