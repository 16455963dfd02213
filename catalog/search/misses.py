"""Remember what was looked for and not found, without remembering who looked or whose name was typed."""

from __future__ import annotations

import re
from collections.abc import Set
from itertools import pairwise
from typing import Final

from django.db.models import F
from django.utils import timezone

from catalog.models import SearchMiss
from catalog.search.core.text import is_han, normalise
from catalog.search.engine import known_pairs

LONGEST: Final = 20
MOST_DIGITS: Final = 4
MOST_ROWS: Final = 5000
COVERED: Final = "〇"
_ADDRESS: Final = re.compile(r"[路街巷弄村镇乡栋幢座楼单元室号]#|#[路街巷弄栋幢座楼单元室号]")


def without_person(query: str, known: Set[str]) -> str:
    """Return a query as it may be kept, or nothing. Of its Chinese characters only those stay that stand in a `known` pair: two
    neighbours that the search's own words contain. All others are covered with 〇, digits with #.

    No list of surnames tells a name: 阿依古丽, 扎西多吉 and 巴特尔 have none, and 给张伟办证 begins with none. What the search itself says
    of matters names nobody. A long query, an address, an e-mail address, and letters of any script are not kept at all.
    """
    if "@" in query or sum(char.isdigit() for char in query) > MOST_DIGITS:
        return ""
    text = normalise(query, longest=LONGEST + 1)
    # A name in the scripts of Uyghur, Tibetan or Mongolian is gone by now; what is left says no less without it.
    if not text or len(text) > LONGEST or any(char.isalpha() and not is_han(char) for char in text):
        return ""
    masked = re.sub(r"\d+", "#", text)
    if _ADDRESS.search(masked):
        return ""
    is_known = [False] * len(masked)
    for place, pair in enumerate(pairwise(masked)):
        if "".join(pair) in known:
            is_known[place] = is_known[place + 1] = True
    if not any(is_known):
        return ""
    kept = "".join(char if not is_han(char) or fits else COVERED for char, fits in zip(masked, is_known, strict=True))
    return re.sub(f"{COVERED}+", COVERED, kept)


def record_miss(query: str) -> None:
    """Count a query that found nothing; those of which no word may be kept are counted together.

    Cost: one statement, two for a new one; nothing once the list is full.
    """
    text = without_person(query, known_pairs()) or COVERED
    today = timezone.localdate()
    if SearchMiss.objects.filter(text=text).update(count=F("count") + 1, last_on=today):
        return
    if SearchMiss.objects.count() < MOST_ROWS:
        SearchMiss.objects.bulk_create([SearchMiss(text=text, last_on=today)], ignore_conflicts=True)
