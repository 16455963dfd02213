"""Numbers that people read out: date, division, serial and a check digit, e.g. ``20261121-360100-0000042-7``.

A sub-item's number is its bundle's with two digits and a check digit of its own: ``…-7-013``. Numbers give away
nothing but order: whoever knows one still has to be let in.
"""

from __future__ import annotations

import re
from datetime import date

_BUNDLE = re.compile(r"(\d{8})-(\d{6})-(\d{7,12})-(\d)", re.ASCII)
_SUB_ITEM = re.compile(r"(\d{8}-\d{6}-\d{7,12}-\d)-(\d{2,3})(\d)", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－—–", "0123456789---")


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


def tidy(text: str) -> str:
    """Return a number as typed by a person (spaces, full-width digits, long dashes) in its written form."""
    return re.sub(r"\s", "", text.translate(_FULL_WIDTH))


def check_digit(text: str) -> str:
    """Return the check digit over the digits of ``text`` (ISO 7064, MOD 11,10): finds every single wrong digit."""
    product = 10
    for digit in text:
        if digit.isdigit():
            total = (product + int(digit)) % 10 or 10
            product = total * 2 % 11
    return str((11 - product) % 10)
