"""Administrative divisions of the whole country: what a code is called, and which one people mean by what they write. Pure.

The table is ``divisions.csv``, which names its sources. What counts as an answer is a county, district or city at county level; besides these a city
without any below it (东莞市), and Hong Kong, Macao and Taiwan. A division that was merged or renamed keeps its code and is understood by its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from portal.identifiers.invalid import InvalidIdentifier

TABLE: Final = Path(__file__).with_name("divisions.csv")
LONGEST: Final = 60
MOST_NAMED: Final = 6

_PEOPLES: Final = "|".join(
    [
        "壮族",
        "满族",
        "回族",
        "苗族",
        "维吾尔",
        "土家族",
        "彝族",
        "蒙古族?",
        "藏族",
        "布依族",
        "侗族",
        "瑶族",
        "朝鲜族",
        "白族",
        "哈尼族",
        "黎族",
        "哈萨克族?",
        "傣族",
        "畲族",
        "傈僳族",
        "东乡族",
        "仡佬族",
        "拉祜族",
        "佤族",
        "水族",
        "纳西族",
        "羌族",
        "土族",
        "仫佬族",
        "锡伯族?",
        "柯尔克孜族?",
        "景颇族",
        "达斡尔族",
        "撒拉族",
        "布朗族",
        "毛南族",
        "塔吉克族?",
        "普米族",
        "怒族",
        "鄂温克族",
        "独龙族",
        "保安族",
        "裕固族",
        "各族",
    ]
)
_AUTONOMOUS: Final = re.compile(f"(.{{2,}}?)(?:{_PEOPLES})+自治([县州旗区])")
_ENDING: Final = re.compile("(?:特别行政区|族?自治[县州旗区]|地区|林区|特区|新区|[省市区县旗盟州])\\Z")
_BETWEEN: Final = re.compile(r"[\s,，、.。·・/|_＿\-－—→>]+")


@dataclass(frozen=True, slots=True)
class DivisionName:
    """A division under one of its names. ``until``: the last year of the name, None where it is today's."""

    code: str
    name: str
    until: int | None

    @property
    def is_county(self) -> bool:
        return not self.code.endswith("00")


def full_name(code: str) -> str:
    """Return what a division is called, from the province down: 360103 → 江西省南昌市西湖区; empty for what is no division's code.

    A division of the past is called as it was last.
    """
    named = _by_code().get(code)
    return "".join(_names_above(named[0])) + named[0].name if named else ""


def ended(code: str) -> int | None:
    """Return the last year of a division of the past, None for one of today."""
    named = _by_code().get(code)
    return named[0].until if named else None


def is_answer(code: str) -> bool:
    """Return whether a division is small enough to say where somebody is from."""
    if not code.endswith("00"):
        return code in _by_code()
    return code in _by_code() and ended(code) is None and not below(code)


def below(code: str) -> list[str]:
    """Return the codes of today's counties of a province or city."""
    start = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else ""
    return [one.code for one in _today() if one.code.startswith(start) and one.code != code] if start else []


def listed(codes: list[str]) -> str:
    """Return the names of some divisions for a sentence, of many only the first."""
    return "、".join(map(full_name, codes[:MOST_NAMED])) + ("……" if len(codes) > MOST_NAMED else "")


def read_division(text: str) -> str:
    """Return the code that a text means: six digits, or a name as people write it, with or without what is above.

    ``南昌市西湖区``, ``江西南昌西湖``, ``江西省 南昌市 西湖区``; a former name means the division that has the code today, or that bears the same name in the
    same province, else the one that was. A street or town behind it is left out, and so is what lies in Hong Kong, Macao and Taiwan. Raises ``InvalidIdentifier``: ``empty``, ``not_a_division``, ``division_ambiguous`` and
    ``division_too_wide`` (both with ``typed`` and ``candidates``).
    """
    plain = _plain(text)
    if not plain:
        raise InvalidIdentifier("empty")
    if re.fullmatch("[1-9][0-9]{5}", plain):
        return plain
    found = (_meant(plain) or _before_what_is_smaller(plain)) if len(plain) <= LONGEST else ()
    fine = [code for code in found if is_answer(code)]
    wide = [code for code in found if not is_answer(code)]
    if wide:  # 南昌 is more often the city than the county of that name
        inside = [code for each in wide for code in below(each) if is_answer(code) and code not in fine]
        fine.sort(key=lambda code: ended(code) is not None)
        raise InvalidIdentifier("division_too_wide", typed=text.strip(), candidates=listed(fine + inside))
    if len(fine) > 1:
        raise InvalidIdentifier("division_ambiguous", typed=text.strip(), candidates=listed(fine))
    if not fine:
        raise InvalidIdentifier("not_a_division")
    return fine[0]


@lru_cache(maxsize=2048)
def suggest_divisions(text: str, limit: int = 10) -> tuple[str, ...]:
    """Return the codes of what somebody may be typing the name of, today's before those of the past. Cost: some milliseconds, then kept."""
    plain = _plain(text)
    if not plain or len(plain) > LONGEST:
        return ()
    if plain.isdecimal() and plain.isascii():
        return tuple(code for code in _by_code() if code.startswith(plain) and is_answer(code))[:limit]
    ranked: dict[str, int] = {}
    for code, own, whole in _spellings():
        if own.startswith(plain):
            ranked[code] = 0  # what is typed begins its own name
        elif whole[0].startswith(plain) or any(name.startswith(plain) for name in whole):
            ranked[code] = 1
        elif plain in whole[0]:
            ranked[code] = 2
    found = sorted(ranked, key=lambda code: (ranked[code], code))
    if len(found) < limit and len(plain) > 1:
        past = [each for each in _all() if each.until and each.is_county and each.name.startswith(plain)]
        found += dict.fromkeys(code for each in past for code in [_today_of(each)] if code not in ranked)
    return tuple(found[:limit])


def _plain(text: str) -> str:
    """Return a text without what people put between the parts of a name, and without the country before it."""
    half = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return _BETWEEN.sub("", half).removeprefix("中华人民共和国").removeprefix("中国")


@lru_cache(maxsize=2048)
def _meant(plain: str) -> tuple[str, ...]:
    """Return the codes of the divisions that a name may mean: by their whole names rather than by a part, those of today first."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for cut in range(len(plain)):
        for division in _by_name().get(plain[cut:], ()):
            if plain[:cut] in _heads(division):
                # A whole name with nothing before it may be that of the past as well: 江北区, of Ningbo and once of Chongqing.
                is_past = division.until is not None and plain != division.name
                rank = (0 if division.name == plain[cut:] else 1) + (2 if is_past else 0)
                found[rank][_today_of(division)] = None
    if not found:
        return ()
    last: dict[str, str] = {}  # one that went from one province to another, or got another code, is one
    for code in sorted(found[min(found)], key=lambda code: ended(code) or 9999):
        named = _by_code()[code][0]
        last["".join(_names_above(named)[-1:]) + named.name] = code
    return tuple(sorted(last.values()))


def _before_what_is_smaller(plain: str) -> tuple[str, ...]:
    """Return the one division that a longer text begins with, where nothing else can be meant: 西湖区 before 朝阳洲街道."""
    for cut in range(len(plain) - 1, 1, -1):
        meant = _meant(plain[:cut])
        if meant and (plain[cut - 1] in "县市区旗" or meant[0].endswith("0000")):
            return meant if len(meant) == 1 and is_answer(meant[0]) else ()
    return ()


def _heads(division: DivisionName) -> set[str]:
    """Return what may stand before a division's own name."""
    above = [["", *_short(name)] for name in _names_above(division)]
    heads = {""}
    for names in above:
        heads = {head + name for head in heads for name in names}
    return heads


@cache
def _spellings() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (code, own name, names with what is above, the whole one first) of today's."""
    found = []
    for division in _today():
        if is_answer(division.code):
            above = _names_above(division)
            heads = ["".join(above), *above[-1:], "".join(_short(name)[-1] for name in above)]
            heads += [_short(name)[-1] for name in above]
            whole = dict.fromkeys(head + division.name for head in heads)
            found.append((division.code, division.name, tuple(whole)))
    return tuple(found)


@cache
def _short(name: str) -> tuple[str, ...]:
    """Return the names something goes by, the shortest last: 延边朝鲜族自治州 → itself, 延边州, 延边."""
    if autonomous := _AUTONOMOUS.fullmatch(name):
        return name, autonomous[1] + autonomous[2], autonomous[1]
    stem = _ENDING.sub("", name)
    if len(stem) < 2:
        return (name,)
    return (name, stem + name[-1], stem) if "自治" in name else (name, stem)


def _names_above(division: DivisionName) -> tuple[str, ...]:
    """Return the names of the province and city that a division belongs, or belonged, to."""
    names = []
    for code in (f"{division.code[:2]}0000", f"{division.code[:4]}00"):
        if code != division.code and (named := _by_code().get(code)):
            then = [each for each in named if (each.until or 9999) >= (division.until or 9999)]
            names.append((then or named)[-1 if then else 0].name)
    return tuple(names)


def _today_of(division: DivisionName) -> str:
    """Return the code of what a division is today, its own where it is no more."""
    if division.until is None or _by_code()[division.code][0].until is None:
        return division.code
    same = [each for each in _by_name()[division.name] if each.until is None and each.name == division.name]
    near = [each.code for each in same if each.code[:2] == division.code[:2] and each.is_county == division.is_county]
    return near[0] if len(near) == 1 else division.code


@cache
def _all() -> tuple[DivisionName, ...]:
    return tuple(_rows())


def _rows() -> Iterator[DivisionName]:
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, name, _since, until = line.split(",")
            yield DivisionName(code, name, int(until) if until else None)


@cache
def _today() -> tuple[DivisionName, ...]:
    return tuple(each for each in _all() if each.until is None)


@cache
def _by_code() -> dict[str, list[DivisionName]]:
    """Return code → its names, today's or the latest first."""
    found: dict[str, list[DivisionName]] = defaultdict(list)
    for each in sorted(_all(), key=lambda each: -(each.until or 9999)):
        found[each.code].append(each)
    return dict(found)


@cache
def _by_name() -> dict[str, list[DivisionName]]:
    found: dict[str, list[DivisionName]] = defaultdict(list)
    for each in _all():
        for name in _short(each.name):
            found[name].append(each)
    return dict(found)
