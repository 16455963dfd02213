"""Names of persons: every name there is must fit, and nothing that is not a name. Pure.

Han characters of all extensions (GB 18030-2022), names of one character, names of fifty and more, names in the scripts of the
nationalities and in Latin letters are names. Lengths count code points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from portal.identifiers.characters import with_standard_characters
from portal.identifiers.invalid import InvalidIdentifier

MAXIMUM_LENGTH = 100
LONGEST_TYPED = 1_000  # spaces and all: putting very many accents in order takes the square of their number
MIDDLE_DOT = "\u00b7"
DOTS = "\u2022\u30fb\uff0e\u2027\u22c5\uff65\u2219\u0387\u25cf\u2024"
HYPHENS = "\u2010\u2011\u2012\u2013\u2212\uff0d"
APOSTROPHES = "\u2019\u2018\u02bc\u0060\u00b4\uff07"
SEPARATORS = f"{MIDDLE_DOT}-' "
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd\u3007\u3005"
_IS_HAN = re.compile(f"[{_HAN}]")
# A full stop only ends a Latin initial; hyphen and apostrophe do not stand between Han characters.
_ODD_SEPARATOR = re.compile(rf"(?<![A-Za-z\u00c0-\u024f])\.|(?<=[{_HAN}])[-'](?=[{_HAN}])")
_LOOK_ALIKES = str.maketrans(
    {**dict.fromkeys(DOTS, MIDDLE_DOT), **dict.fromkeys(HYPHENS, "-"), **dict.fromkeys(APOSTROPHES, "'")}
)
# Marks that Tibetan and Mongolian set between syllables, and joiners that Uyghur and Mongolian writing needs.
_SCRIPT_MARKS = "\u0f0b\u0f0c\u180a\u180e\u202f\u200c\u200d"
_MINORITY_SCRIPTS = (
    "TIBETAN",
    "ARABIC",
    "MONGOLIAN",
    "YI ",
    "HANGUL",
    "NEW TAI LUE",
    "TAI LE",
    "CYRILLIC",
    "LISU",
    "MIAO",
)


def person_name(text: str) -> str:
    """Return a name as it is kept: one kind of middle dot, hyphen and apostrophe, no stray white space.

    Raises `InvalidIdentifier` with ``empty``, ``too_long``, ``digit``, ``symbol`` or ``private_character`` (the exact character, and its
    place in what was typed, from 1), ``edge_separator``.
    """
    if len(text) > LONGEST_TYPED:
        raise InvalidIdentifier("too_long", maximum=MAXIMUM_LENGTH, actual=len(text))
    text = with_standard_characters(text)
    for position, character in enumerate(text, start=1):
        _require_name_character(character, position)
    name = _tidy(text)
    if not name.strip(SEPARATORS + "."):
        raise InvalidIdentifier("edge_separator", character=name[0]) if name else InvalidIdentifier("empty")
    for edge in (name[0], name[-1]):
        if edge in f"{MIDDLE_DOT}-":
            raise InvalidIdentifier("edge_separator", character=edge)
    if odd := _ODD_SEPARATOR.search(name):
        raise InvalidIdentifier("symbol", character=odd[0], position=max(text.find(odd[0]), 0) + 1)
    if len(name) > MAXIMUM_LENGTH:
        raise InvalidIdentifier("too_long", maximum=MAXIMUM_LENGTH, actual=len(name))
    return name


def newborn_name(text: str, permitted: Collection[str] | None = None) -> str:
    """Return a newborn's name: Han characters, or a name written in the script of a nationality.

    Letters, digits and symbols are refused, except the middle dot between two parts. `permitted` are the characters of the
    Table of General Standard Chinese Characters where the registering office holds to it (local rule); None asks for none.
    """
    name = person_name(text)
    if all(c in SEPARATORS or c in _SCRIPT_MARKS or _is_minority_script(c) for c in name):
        return name
    for position, character in enumerate(name, start=1):
        if character == MIDDLE_DOT or unicodedata.category(character) == "Mn":
            continue
        if not is_han(character):
            code = "letter" if unicodedata.category(character).startswith("L") else "symbol"
            raise InvalidIdentifier(code, character=character, position=position)
        if permitted is not None and character not in permitted:
            raise InvalidIdentifier("outside_table", character=character)
    return name


def is_han(character: str) -> bool:
    """Return whether this is a Han character; extensions newer than Python's own tables count as well."""
    return _IS_HAN.match(character) is not None


def _require_name_character(character: str, position: int) -> None:
    """Refuse a character that no name contains; what is only typed differently is tidied later."""
    if (
        is_han(character)
        or character.isspace()
        or character in f"{SEPARATORS}.{DOTS}{HYPHENS}{APOSTROPHES}{_SCRIPT_MARKS}"
    ):
        return
    category = unicodedata.category(character)
    if category == "Cf" or (category == "Cc" and character != "\x00"):
        return
    if category == "Co":
        raise InvalidIdentifier("private_character", character=character, position=position)
    plain = unicodedata.normalize("NFKC", character)
    if category[0] == "N" or plain.isdigit():
        raise InvalidIdentifier("digit", character=character, position=position)
    if category[0] not in "LM" and not is_han(plain[0]):
        shown = "\ufffd" if category in {"Cs", "Cc"} else character
        raise InvalidIdentifier("symbol", character=shown, position=position)


def _tidy(text: str) -> str:
    kept = (c for c in text if c.isspace() or c in _SCRIPT_MARKS or unicodedata.category(c) not in {"Cf", "Cc"})
    name = "".join(_composed("".join(kept).translate(_LOOK_ALIKES)))
    name = re.sub(f"(?<=[{_HAN}])\\.|\\.(?=[{_HAN}])", MIDDLE_DOT, name)  # a full stop typed for the middle dot
    name = re.sub(" +", " ", name)  # first: what follows would try every place of a long run anew
    name = re.sub(r" ?([·-]) ?(?:\1 ?)*", r"\1", name)
    name = re.sub(f"(?<=[{_HAN}]) (?=[{_HAN}])", "", name)
    return name.strip(" ")


def _composed(text: str) -> Iterator[str]:
    """Yield the text with letters composed and full-width or radical look-alikes replaced, Han characters untouched.

    NFC would replace the compatibility ideographs that some persons are registered with.
    """
    run = ""
    for position, character in enumerate(text):
        if character in _SCRIPT_MARKS and not (position and _is_minority_script(text[position - 1])):
            character = " " if character == "\u202f" else ""
        if character and (is_han(character) or character in _SCRIPT_MARKS):
            yield unicodedata.normalize("NFC", run)
            run = ""
            yield character
        elif character.isspace():
            run += " "
        elif character and ("\uff00" <= character <= "\uff5e" or "\u2e80" <= character <= "\u2fdf"):
            run += unicodedata.normalize("NFKC", character)
        else:
            run += character
    yield unicodedata.normalize("NFC", run)


def _is_minority_script(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_MINORITY_SCRIPTS)
