"""Showing who somebody is without showing everything. Pure."""

from __future__ import annotations

import re

from portal.identifiers.person_names import MIDDLE_DOT, is_han

STAR = "*"
# What could be the number of a resident's document: 18 places, a birth date in the middle (GB 11643; foreigners' and permits likewise).
_NUMBERED = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{6}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)


def mask_name(name: str) -> str:
    """Return a name with its middle hidden: *明, 王*明, 欧**明; of a name in several parts only the first is shown."""
    if not name:
        return ""
    for separator in (MIDDLE_DOT, " "):
        if separator in name:
            return f"{name.split(separator)[0]}{separator}{STAR * 2}"
    if not is_han(name[0]):
        return name[0] + STAR * 2
    if len(name) <= 2:
        return STAR + name[1:]
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_document(number: str) -> str:
    """Return a document's number with its middle hidden: 360102********9991; shorter numbers keep one character at each end."""
    if len(number) >= 15:
        return number[:6] + STAR * (len(number) - 10) + number[-4:]
    return number[:1] + STAR * (len(number) - 2) + number[-1:] if len(number) > 2 else STAR * len(number)


def mask_documents_in(text: str) -> str:
    """Return a text in which every number that could be of a resident's document has its middle hidden."""
    return _NUMBERED.sub(lambda found: mask_document(found[0]), text)


def mask_phone(number: str) -> str:
    """Return a telephone number with its middle hidden: 138****8000."""
    if len(number) >= 11:
        return number[:-8] + STAR * 4 + number[-4:]
    return number[:1] + STAR * (len(number) - 3) + number[-2:] if len(number) > 4 else STAR * len(number)
