"""What a combination is called: by the names of its parts, in Chinese and in the languages these are translated to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NAMED = 3  # how many of the parts the name tells
LONGEST = 100
_JOINED = "、"
_TOGETHER = "一起办"
_MORE = "等 {} 件事"


def combination_name(names: Sequence[str]) -> str:
    """Return 退休、社会保障卡申领一起办; of more than three parts the first three and how many they are; of one its own name."""
    if len(names) == 1:
        return names[0][-LONGEST:]
    more = _MORE.format(len(names)) if len(names) > NAMED else ""
    named = list(names[:NAMED])
    while len(name := _JOINED.join(named) + more + _TOGETHER) > LONGEST and len(named) > 1:
        named.pop()
        more = _MORE.format(len(names))
    return name[-LONGEST:] if len(name) > LONGEST else name


def say_combination(name: str, known: Mapping[str, str]) -> str:
    """Return such a name with its parts as ``known`` translates them, joined as in English; any other text as it is."""
    if not name.endswith(_TOGETHER):
        return name
    plain, more = name.removesuffix(_TOGETHER), ""
    head, mark, number = plain.rpartition("等 ")
    if mark and number.endswith(" 件事") and number.removesuffix(" 件事").isdecimal():
        plain, more = head, number.removesuffix(" 件事")
    parts = plain.split(_JOINED)
    if not all(part in known for part in parts):
        return name
    said = ", ".join(known[part] for part in parts)
    return f"{said} and more ({more} in all), together" if more else f"{said}, together"
