"""Numbers and amounts as invoices print them and as people write them. Pure.

``static/js/numbers.js`` is its twin; ``tests/vectors/values.json`` holds both to the same answers.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 100
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥", 0x3002: "."}
_INVISIBLE: Final = {0x200B: None, 0xFEFF: None, 0x2060: None, 0x00AD: None}
_BEFORE: Final = re.compile(r"^(?:¥|RMB|CNY|人民币)+[: ]*", re.IGNORECASE)
_AFTER: Final = re.compile(r" *(?:[元圆][整正]?|块钱?)$")
# Other spellings of what a field counts in, the longer ones first.
_SPELLINGS: Final = {
    "克": ("g", "G"),
    "千克": ("公斤", "kg", "KG", "Kg"),
    "厘米": ("公分", "cm", "CM"),
    "米": ("m", "M"),
    "平方米": ("平方", "平米", "㎡", "m²", "m2", "平"),
    "立方米": ("立方", "m³", "m3", "方"),
    "个月": ("月",),
    "辆": ("台",),
    "人": ("名", "位", "个"),
}
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?")
_TEN_THOUSANDS: Final = re.compile(r"([+-]?[0-9]{1,8})(?:\.([0-9]{1,4}))? *万")
_THOUSANDS: Final = re.compile(r"([+-]?[0-9]{1,8})(?:\.([0-9]{1,3}))? *千")
_PLAIN_WORDS: Final = str.maketrans("〇壹贰两叁肆伍陆柒捌玖拾佰仟", "零一二二三四五六七八九十百千")
_VALUES: Final = "零一二三四五六七八九"
_SECTION: Final = "(?:([一-九])千)?零?(?:([一-九])百)?零?(?:([一-九]?)(十))?零?([一-九]?)".replace("一-九", _VALUES[1:])
_WORDS: Final = re.compile(f"(?:{_SECTION}(万))?{_SECTION}")
# What stands behind the yuan on a cheque: 叁仟捌佰陆拾元伍角贰分, 元零伍分, 元伍角整.
_CENTS: Final = re.compile(
    "(?:([^元圆块]+)[元圆块]零?)?(?:([0-9零一-九])[角毛])?零?(?:([0-9零一-九])分)?[整正]?".replace("一-九", _VALUES[1:])
)
_TWO_WAYS: Final = re.compile(f"[千百万][{_VALUES[1:]}]$")


def plain_number(text: str, unit: str = "") -> str:
    """Return ``text`` as digits with a point where it is clear which number is meant, else as it is, trimmed.

    ``3,860.00``, ``¥3860``, ``3860元``, ``3860.``, ``3.5万``, ``3千``, ``三千`` and ``叁仟元伍角贰分`` are understood. ``unit`` is what the field counts in:
    it may stand behind the number as people spell it (3250g), another may not, so that 3860元 is never taken for 3860 of 万元.
    """
    number = trimmed = text.translate(_NARROW).translate(_INVISIBLE).strip()
    if len(number) > LONGEST:
        return number
    if unit in ("", "元"):
        number = _BEFORE.sub("", number)
        if with_cents := _read_cents(number, unit):
            return with_cents
        number = _AFTER.sub("", number)
    counted = number.endswith(unit)
    for ending in (unit, "万" if unit == "万元" else ""):
        number = number.removesuffix(ending).rstrip()
    if not counted:
        spelling = next((each for each in _SPELLINGS.get(unit, ()) if number.endswith(each)), "")
        number = number.removesuffix(spelling).rstrip()
    if _GROUPED.fullmatch(number):
        number = re.sub("[, ]", "", number)
    if re.fullmatch(r"[+-]?[0-9]+\.", number):
        return number[:-1]
    if unit != "万元" and (large := _TEN_THOUSANDS.fullmatch(number)):
        return large[1] + (large[2] or "").ljust(4, "0")
    if thousands := _THOUSANDS.fullmatch(number):
        return thousands[1] + (thousands[2] or "").ljust(3, "0")
    return _read_words(number) or number or trimmed


def _read_cents(text: str, unit: str) -> str:
    """Return an amount with 角 or 分 as digits, empty for anything else. Without a 元, 5分 is an amount only where the field counts in it."""
    found = _CENTS.fullmatch(text.translate(_PLAIN_WORDS))
    if found is None or not (found[2] or found[3]) or not (found[1] or unit):
        return ""
    whole = plain_number(found[1]) if found[1] else "0"
    cents = "".join(str(_VALUES.find(each)) if each in _VALUES else each for each in (found[2] or "0", found[3] or "0"))
    return f"{whole}.{cents}" if re.fullmatch("[0-9]+", whole) else ""


def _read_words(text: str) -> str:
    """Return a number in words as digits, empty for anything else and for what can be read in two ways (三千五)."""
    plain = text.translate(_PLAIN_WORDS)
    found = _WORDS.fullmatch(plain)
    if not plain or found is None or _TWO_WAYS.search(plain):
        return ""
    parts = found.groups()
    above, below = _below_ten_thousand(parts[:5]), _below_ten_thousand(parts[6:])
    return "" if parts[5] and not above else str(above * 10_000 + below)


def _below_ten_thousand(parts: tuple[str | None, ...]) -> int:
    thousands, hundreds, tens, has_tens, ones = (part or "" for part in parts)
    ten = _VALUES.find(tens) if tens else 1 if has_tens else 0
    values = [_VALUES.find(part) for part in (thousands, hundreds, ones)]  # 0 for an empty one
    return values[0] * 1000 + values[1] * 100 + ten * 10 + values[2]
