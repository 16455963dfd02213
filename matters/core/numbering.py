"""Numbers that people read out: date, division, serial and a check digit, e.g. ``20261121-360100-0000042-7``.

A sub-item's number is its bundle's with two digits and a check digit of its own: ``…-7-013``. Numbers give away
nothing but order: whoever knows one still has to be let in.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_BUNDLE = re.compile(r"(\d{8})-(\d{6})-(\d{7,12})-(\d)", re.ASCII)
_SUB_ITEM = re.compile(r"(\d{8}-\d{6}-\d{7,12}-\d)-(\d{2,3})(\d)", re.ASCII)
_TYPED = re.compile(r"[^0-9]*([0-9](?:[0-9]|[^\w]){20,}[0-9])[^0-9]*")
_RUN = re.compile(r"([0-9]{0,8})([0-9]{0,6})([0-9]{0,7})([0-9]?)([0-9]*)")
_LONGEST_TYPED = 100


def bundle_number(received_on: date, division: str, serial: int) -> str:
    """Return the number of a bundle. ``division``: six digits (GB/T 2260); ``serial``: from the database's sequence."""
    body = f"{received_on:%Y%m%d}-{division}-{serial:07d}"
    return f"{body}-{check_digit(body)}"


def sub_item_number(bundle: str, position: int) -> str:
    """Return the number of a bundle's sub-item; ``position`` is its place in the plan, from 1."""
    body = f"{bundle}-{position:02d}"
    return f"{body}{check_digit(body)}"


def is_number(text: str) -> bool:
    """Return whether ``text`` is a bundle's or a sub-item's number with right check digits."""
    if found := _BUNDLE.fullmatch(text):
        return check_digit(text[:-2]) == found[4]
    if found := _SUB_ITEM.fullmatch(text):
        return is_number(found[1]) and check_digit(text[:-1]) == found[3]
    return False


def read_number(text: str) -> str:
    """Return the number in what somebody typed or pasted, in its written form; empty where there is none with right check digits.

    Full-width digits, blanks or other dashes between the parts, and a label or brackets around it do not matter. Without anything
    between them the parts are told apart while serials have seven digits.
    """
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text[:_LONGEST_TYPED]))
    number = re.sub(r"[^0-9]+", "-", found[1]) if found else ""
    if "-" not in number:
        number = "-".join(part for part in _RUN.match(number).groups("") if part)  # type: ignore[union-attr]
    return number if is_number(number) else ""


def check_digit(text: str) -> str:
    """Return the check digit over the digits of ``text`` (ISO 7064, MOD 11,10): finds every single wrong digit."""
    product = 10
    for digit in text:
        if "0" <= digit <= "9":
            total = (product + int(digit)) % 10 or 10
            product = total * 2 % 11
    return str((11 - product) % 10)
