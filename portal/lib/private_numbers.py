"""Numbers by which people are known, however they are spelled: with spaces, dashes or dots, full width, in digits of any script. Pure."""

from __future__ import annotations

import re
import unicodedata

# Whatever stands between two digits of one number: no letter, no digit.
_BETWEEN = r"[\W_]{0,3}"
# The same but for points: four groups with points between them are the address of a computer.
_NO_POINT = r"(?:(?![.．。])[\W_]){0,3}"
_START, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DIGIT = "[0-9]"
CHINESE_DIGITS = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))


def _run(count: int, between: str = _BETWEEN) -> str:
    return between.join([_DIGIT] * count)


def _joined(*parts: str, between: str = _BETWEEN) -> str:
    return between.join(parts)


_YEAR = f"(?:1{_BETWEEN}[89]|2{_BETWEEN}0){_BETWEEN}{_run(2)}"
_MONTH = f"(?:0{_BETWEEN}[1-9]|1{_BETWEEN}[0-2])"
_DAY = f"(?:0{_BETWEEN}[1-9]|[12]{_BETWEEN}[0-9]|3{_BETWEEN}[01])"
# The date in the middle tells an identity number from a case number of the same length.
IDENTITY_NUMBER = re.compile(
    _START + _joined(f"({_run(6)})", _YEAR, _MONTH, _DAY, _run(3), "([0-9Xx])") + _END,
)
_COUNTRY = r"(?:\+?86[\W_]{0,2})?"
PHONE_NUMBER = re.compile(
    f"{_START}{_COUNTRY}(?:"
    f"{_joined('(1[3-9][0-9])', '[0-9]{4}', '([0-9]{4})')}"
    f"|{_joined(f'(1{_NO_POINT}[3-9]{_NO_POINT}{_DIGIT})', _run(4, _NO_POINT), f'({_run(4, _NO_POINT)})', between=_NO_POINT)}"
    f"){_END}"
)
# Documents without a date: passports, travel permits, the foreigners' identity card.
OTHER_DOCUMENT = re.compile(
    rf"{_START}([A-Z](?=[ -])|[A-Z]{{1,3}}(?=[0-9]))[ -]?[0-9](?:[ -]?[0-9]){{5,11}}([0-9]{{2}}){_END}"
)
# What stands in an address and opens something to whoever has it: the code of a shown certificate, the link to a new password.
_KEY_IN_ADDRESS = re.compile(r"(/shown/|/new-password/[^/\s?]+/)[^/\s?\"']+")
# Seven digits in a row: nothing that is looked for among matters, and less than any number of a person.
_ANY_NUMBER = re.compile(_run(7))


def mask_text(text: str) -> str:
    """Return the text with the middle of every identity, phone and travel document number covered, and keys in addresses."""
    text = _KEY_IN_ADDRESS.sub(r"\1***", text)
    text = _covered(IDENTITY_NUMBER, text, 11)
    text = _covered(PHONE_NUMBER, text, 4)
    return _covered(OTHER_DOCUMENT, text, 6)


def holds_number(text: str) -> bool:
    """Return whether somebody may have typed a number of a person into a box that is for words."""
    return mask_text(text) != text or _ANY_NUMBER.search(_plain(text, CHINESE_DIGITS)) is not None


def _covered(number: re.Pattern[str], text: str, stars: int) -> str:
    plain = _plain(text)

    def cover(found: re.Match[str]) -> str:
        first, last = [place for place in range(1, number.groups + 1) if found[place] is not None]
        return text[found.start(first) : found.end(first)] + "*" * stars + text[found.start(last) : found.end(last)]

    pieces, place = [], 0
    for found in number.finditer(plain):
        pieces += [text[place : found.start()], cover(found)]
        place = found.end()
    return "".join([*pieces, text[place:]]) if pieces else text


def _plain(text: str, more: dict[str, str] | None = None) -> str:
    """Return the text, of the same length, with digits and letters of any width and script as ASCII has them."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _plain_char(char, more or {}) for char in text)


def _plain_char(char: str, more: dict[str, str]) -> str:
    if char in more:
        return more[char]
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char
