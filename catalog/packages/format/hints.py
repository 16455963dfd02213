"""What someone who wrote an unknown word may have meant. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

_MEANT = {"=": "==", "===": "==", "<>": "!=", "not": "!", "&&": "and", "||": "or", "contains": "in"}


def hint(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return "，是不是“…”？" with the nearest known word, or nothing where none is near."""
    near = nearest(word, list(known), cutoff)
    return _("，是不是“%(near)s”？") % {"near": near} if near else ""


def nearest(word: str, known: list[str], cutoff: float = 0.6) -> str:
    """Return the known word most like a word; an abbreviation of it comes first. Empty where none is near."""
    word = word[:60]
    if _MEANT.get(word) in known:
        return _MEANT[word]
    starts = [each for each in known if len(each) > 2 and (word.startswith(each) or (each.startswith(word) and word))]
    found = starts if len(starts) == 1 else get_close_matches(word, known, 1, cutoff)
    return found[0] if found else ""
