"""Chinese characters as syllables without tones, and letters as syllables or initials. Pure."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from catalog.search.core.text import DATA

# Words whose characters are read otherwise than usual.
READINGS: Final = {
    "重新": "chong xin", "重名": "chong ming", "重办": "chong ban", "重大": "zhong da", "重度": "zhong du", "重病": "zhong bing",
    "超重": "chao zhong", "重残": "zhong can", "重点": "zhong dian", "重要": "zhong yao", "体重": "ti zhong", "还是": "hai shi",
    "还要": "hai yao", "还能": "hai neng", "还有": "hai you", "还没": "hai mei", "长途": "chang tu", "超长": "chao chang",
    "长期": "chang qi", "自行车": "zi xing che", "行程": "xing cheng", "行政": "xing zheng", "行驶": "xing shi", "发行": "fa xing",
    "行动": "xing dong", "执行": "zhi xing", "举行": "ju xing", "行吗": "xing ma", "出行": "chu xing", "旅行": "lv xing",
    "骑行": "qi xing", "通行": "tong xing", "进行": "jin xing", "不行": "bu xing", "调解": "tiao jie", "调剂": "tiao ji",
    "空调": "kong tiao", "音乐": "yin yue", "丢了": "diu le", "目的": "mu di", "银行": "yin hang", "人行": "ren hang",
    "埋没": "mai mo", "供给": "gong ji", "首都": "shou du", "区号": "qu hao", "便宜": "pian yi", "薄": "bo", "自传": "zi zhuan",
    "还贷": "huan dai", "还款": "huan kuan", "大夫": "dai fu", "觉得": "jue de", "睡觉": "shui jiao", "处理": "chu li", "为了": "wei le",
}  # fmt: skip
_OPENINGS: Final = frozenset(word[0] for word in READINGS)
LONGEST_READING: Final = max(map(len, READINGS))
LONGEST_SYLLABLE: Final = 6
LONGEST_LETTERS: Final = 60
# Sounds of characters without a reading are numbered from here.
UNREAD: Final = 4096
SHORTEST_SLIP: Final = 5
LONGEST_SLIP: Final = 24
MOST_READINGS: Final = 4
# What southern ears and hurried fingers do not tell apart.
_FUZZY_HEADS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FUZZY_TAILS: Final = (("ing", "in"), ("eng", "en"), ("ang", "an"))


@cache
def readings() -> dict[str, str]:
    """Return character → syllable, some 6,700 of them."""
    table: dict[str, str] = {}
    for line in (DATA / "syllables.txt").read_text("utf-8").splitlines():
        syllable, _space, characters = line.partition(" ")
        if syllable != "#":
            table.update(dict.fromkeys(characters, syllable))
    return table


@cache
def _syllables() -> frozenset[str]:
    return frozenset(readings().values()) | {"lue", "nue", "lu", "nu"}


def read_aloud(text: str) -> list[str]:
    """Return the syllable of each character; an unknown character stands for itself."""
    table = readings()
    found = [table.get(char, char) for char in text]
    for start, char in enumerate(text):
        if char not in _OPENINGS:
            continue
        for length in range(2, LONGEST_READING + 1):
            if reading := READINGS.get(text[start : start + length]):
                found[start : start + length] = reading.split()
    return found


def fuzzy(syllable: str) -> str:
    """Return a syllable as someone would write it who hears no difference between z and zh, n and ng."""
    for written, heard in _FUZZY_HEADS:
        if syllable.startswith(written):
            syllable = heard + syllable[2:]
    for written, heard in _FUZZY_TAILS:
        if syllable.endswith(written):
            syllable = syllable[: -len(written)] + heard
    return syllable


@lru_cache(maxsize=8192)
def sound(syllable: str) -> int:
    """Return the number of a syllable as it is heard; a character that nobody can read gets one of its own."""
    number = _sounds().get(fuzzy(syllable))
    return UNREAD + ord(syllable[0]) if number is None else number


def sound_name(number: int) -> str:
    """Return the letters (or the character) of a sound."""
    return _sound_names()[number] if number < UNREAD else chr(number - UNREAD)


@cache
def _sounds() -> dict[str, int]:
    return {name: number for number, name in enumerate(_sound_names())}


@cache
def _sound_names() -> tuple[str, ...]:
    return tuple(sorted({fuzzy(syllable) for syllable in _syllables()}))


@lru_cache(maxsize=4096)
def spell(letters: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read letters as syllables, fewest syllables first: ``dangan`` → ``dang an``, ``dan gan``.

    Empty where there is none. One slip of the fingers is forgiven in words of five letters or more: two letters
    exchanged, one doubled or missing. A last syllable that has only been begun is left out.
    """
    if found := _split(letters):
        return found
    if not SHORTEST_SLIP <= len(letters) <= LONGEST_SLIP:
        return ()
    for cut in (1, 2):
        if letters[-cut:] in _beginnings() and (found := _split(letters[:-cut])):
            return found
    slips = [letters[:i] + letters[i + 1] + letters[i] + letters[i + 2 :] for i in range(len(letters) - 1)]
    slips += [letters[:i] + letters[i + 1 :] for i in range(len(letters))]
    slips += [letters[:i] + char + letters[i:] for i in range(1, len(letters) + 1) for char in "iuaenghov"]
    mended = [split[0] for slip in dict.fromkeys(slips) if (split := _split(slip))]
    fewest = min(map(len, mended), default=0)
    return tuple(dict.fromkeys(split for split in mended if len(split) == fewest))[:MOST_READINGS]


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(syllable[:length] for syllable in _syllables() for length in (1, 2))


def _split(letters: str) -> tuple[tuple[str, ...], ...]:
    if len(letters) > LONGEST_LETTERS:
        return ()
    known = _syllables()
    ways: list[list[tuple[str, ...]]] = [[] for _place in range(len(letters) + 1)]
    ways[0].append(())
    for end in range(1, len(letters) + 1):
        found = [
            (*way, letters[start:end])
            for start in range(max(0, end - LONGEST_SYLLABLE), end)
            if letters[start:end] in known
            for way in ways[start]
        ]
        ways[end] = sorted(found, key=len)[:MOST_READINGS]
    return tuple(ways[-1])
