"""Which characters may stand in a text at all: one answer for forms, decisions and what is printed from them. Pure."""

from __future__ import annotations

import re
import unicodedata

# Characters that reorder what is read: never part of an answer.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
# Runs of codes in Unicode's private use area, and what stands there since: rows A6, A8, A9 and FE of GBK and GB 18030-2000.
_FORMER: dict[int, str] = {
    0xE78D: "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19",  # vertical forms of stops
    0xE7C7: "\u1e3f\u01f9",  # letters of pinyin
    0xE7E7: "\u303e\u2ff0\u2ff1\u2ff2\u2ff3\u2ff4\u2ff5\u2ff6\u2ff7\u2ff8\u2ff9\u2ffa\u2ffb",  # descriptions of characters
    0xE815: "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻",
}
FORMER_CODES: dict[int, str] = {
    start + place: character for start, characters in _FORMER.items() for place, character in enumerate(characters)
}


def unusable(text: str) -> str:
    """Return the first character that no text may hold, empty if there is none.

    Controls but for tabs and ends of lines, halves of characters, what is no character, marks of direction. Joiners that some scripts
    need are text like any other; whether a font can draw them is asked when they are drawn.
    """
    return next((character for character in text if _is_unusable(character)), "")


def with_standard_characters(text: str) -> str:
    """Return `text` with the private-use codes of older systems replaced by the characters that have codes of their own since.

    GBK 1995 and GB 18030-2000 had characters that Unicode did not, and put them in its private use area: keyboards and fonts of that time
    still give U+E863 for U+4DAE, which other fonts draw as nothing. The standard codes are those that glibc (iconv, GB18030) reads from the same
    bytes (A6D9–A6DF, A6EC, A6ED, A6F3; A8BC, A8BF; A989–A995; FE50–FEA0). One character stays one.
    """
    return text.translate(FORMER_CODES)


def with_plain_breaks(text: str) -> str:
    """Return `text` with every way to end a line written as one, without spaces at the ends of lines or of the whole."""
    lines = _BREAKS.sub("\n", text).replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _is_unusable(character: str) -> bool:
    if character in "\n\r\t":
        return False
    category = unicodedata.category(character)
    return category in ("Cc", "Cs") or character in _DIRECTION or ord(character) & 0xFFFE == 0xFFFE
