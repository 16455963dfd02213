"""What a query says it is not about, and what it wants instead. Pure.

不想注销只想改地址 denies 注销 and wants 改地址; 不开公司了 denies nothing but asks for the end of it. 不动产, 不见了 and 要不要 deny nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from catalog.search.core.lexicon import Lexicon

_WHO: Final = r"(?:我们|我|俺|咱|本人|现在|其实|目前|先|也|都|并|真的)*"
_DENIES: Final = (
    "不是|不想|不要|不用|不需要|不打算|不准备|不愿意|不愿|不必|没想|没打算|并非|无需|别|莫|"
    "唔想|唔系|唔要|唔使|冇想|do not want to|don t want to|don t want|do not|don t|not "
)
_INSTEAD: Final = "只想|只要|只是|只需要|只需|只有|就想|就要|而是|是想|是要|想要|但是|不过|just|only|but|只|是|但"
# 不 alone denies unless one of these follows: it is then part of a word, or says what cannot be done.
_NO_DENIAL: Final = "能会知行够到好同在服小懂清了见得起动满方便良足符对一论管过久错孕育"
# What has been begun and is given up, and the words to look for it by.
_GIVEN_UP: Final = re.compile(
    r"^(?P<before>.*?)(?:不想|不打算|不准备|不愿意|不|唔想|唔)(?:再|继续)?(?P<verb>开|做|干|办|搞|经营|营业|运营)"
    r"(?P<what>[^ ]*?)(?:了|啦|咯|哒|喽)(?P<after>.*)$"
)
_NO_LONGER: Final = re.compile(r"\b(?:no longer|stop|quit) (?:run|running|operate|operating)\b")
GIVEN_UP_WORDS: Final = "关门 注销"
_CLAUSE: Final = re.compile(rf"^(?P<before>.*?)(?P<denies>{_DENIES}|不)(?P<what>.*)$")
_CHANGES: Final = re.compile(f"^{_WHO}$|[改换变迁补查取转]")
_TURN: Final = re.compile(_INSTEAD)


@dataclass(frozen=True, slots=True)
class Denial:
    """How a query with a denial is read. ``wanted``: what to look for; ``denied``: what it is not, empty where something is given up."""

    wanted: str
    denied: str = ""


def read_denial(text: str, lexicon: Lexicon) -> Denial | None:
    """Return how a normalised text with a denial is to be read; nothing where it denies nothing, or says nothing else."""
    if ("不" not in text and "别" not in text and "莫" not in text) and not re.search(
        "唔|冇|没想|没打算|并非|无需|no|stop|quit", text
    ):
        return None
    if given_up := _given_up(text, lexicon):
        return given_up
    wanted: list[str] = []
    denied: list[str] = []
    clauses = text.split(" ") if not text.isascii() else [text]
    for clause in clauses:
        kept, left_out = _split(clause, lexicon)
        wanted += kept
        denied += left_out
    if not denied or not any(wanted):
        return None
    return Denial(" ".join(filter(None, wanted)), " ".join(denied))


def _given_up(text: str, lexicon: Lexicon) -> Denial | None:
    if _NO_LONGER.search(text):
        return Denial(f"{_NO_LONGER.sub('', text)} close")
    found = _GIVEN_UP.match(text)
    if found is None or _asks_whether(text, found.start("verb") - 1):
        return None
    if _TURN.search(found["after"]) or found["before"].endswith(("办", "做", "用", "说")):
        return None
    return Denial(" ".join(f"{found['before']} {found['what']} {GIVEN_UP_WORDS} {found['after']}".split()))


def _split(clause: str, lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """Return what a clause wants and what it denies."""
    start = 0
    while found := _CLAUSE.match(clause[start:]):
        place = start + found.start("denies")
        if _is_denial(clause, place, found["denies"], lexicon):
            what = found["what"]
            # 是 turns only after 不是; 只 and 但 always do.
            turn = next(
                (
                    each
                    for each in _TURN.finditer(what)
                    if each.start() and (each[0] != "是" or found["denies"] == "不是")
                ),
                None,
            )
            if found["denies"] == "不" and clause[:place] and turn is None and not _CHANGES.search(clause[:place]):
                return [clause], []  # 公司不交社保 is about what is not done, not about what is not wanted
            before = re.sub(rf"^{_WHO}$", "", clause[:place])
            after = what[turn.end() :] if turn else ""
            denied = what[: turn.start()] if turn else what
            return [before, after], [denied] if denied else []
        start = place + len(found["denies"])
    return [clause], []


def _is_denial(clause: str, place: int, denies: str, lexicon: Lexicon) -> bool:
    after = clause[place + 1 : place + 2]
    if _asks_whether(clause, place) or (place and clause[place - 1] in "差特分个识级区"):
        return False
    if any(start <= place < end for start, end, _group in lexicon.concepts(clause) if end - start > 1):
        return False
    if denies == "不":
        following = lexicon.concepts(clause[place + 1 :])
        begins_word = bool(following) and following[0][0] == 0 and following[0][1] > 1
        at_start = re.fullmatch(_WHO, clause[:place]) is not None
        return bool(after) and after not in _NO_DENIAL and (begins_word or at_start)
    return True


def _asks_whether(text: str, place: int) -> bool:
    """Whether 不 at a place stands between the same word twice, as in 要不要 and 报不报."""
    return 0 < place < len(text) - 1 and text[place] == "不" and text[place - 1] == text[place + 1]
