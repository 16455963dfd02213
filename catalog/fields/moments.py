"""Dates and times with their numbers in words, as people write them. Pure. ``static/js/moments.js`` is its twin."""

from __future__ import annotations

import re
from typing import Final

from catalog.fields.types import half_width

_SIGNS: Final = str.maketrans("零○點時號鐘", "〇〇点时号钟")
_VALUES: Final = "〇一二三四五六七八九"
_WORDS: Final = re.compile(f"[{_VALUES}十廿卅]+")
_TENS: Final = re.compile(f"(?:([{_VALUES[1:]}]?)十|([廿卅]))([{_VALUES[1:]}]?)")
_QUARTERS: Final = {"一刻": "15分", "三刻": "45分", "点钟": "点"}


def in_digits(text: str) -> str:
    """Return a text in half width with the numbers of a date or time in digits: 二〇二六年十一月三十日 → 2026年11月30日, 三点一刻 → 3点15分."""
    text = half_width(text).translate(_SIGNS)
    for written, plain in _QUARTERS.items():
        text = text.replace(written, plain)
    return _WORDS.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    words = found[0]
    if tens := _TENS.fullmatch(words):
        ten = {"廿": 2, "卅": 3}.get(tens[2]) or _VALUES.find(tens[1] or "一")
        return str(10 * ten + (_VALUES.find(tens[3]) if tens[3] else 0))
    return "".join(str(_VALUES.find(word)) if word in _VALUES else word for word in words)
