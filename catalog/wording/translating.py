"""Texts of the catalog in the reader's language.

``translator_for`` serves every page about one matter, by that matter's own version; ``translate`` serves names and labels that stand
without their matter, in lists and messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache

from django.db.models import Count, Max
from django.utils.translation import get_language

from catalog.combining.names import say_combination
from catalog.merging.content import MatterContent
from catalog.models import Matter, Translation
from catalog.versions.matters import compiled

# How long a process may go on with what it knows, in seconds: a page says dozens of names and should not ask each time.
_KEPT = 30.0
# What the translations come from: the current versions, and how many rows (up to which) belong to none.
_Known = tuple[tuple[int, ...], tuple[int, int]]
_NOTHING: tuple[float, _Known] = (-_KEPT, ((), (0, 0)))
_known = _NOTHING


def translator_for(matter: MatterContent | int, language: str | None = None) -> Callable[[str], str]:
    """Return what puts a text of a matter into a language, the reader's unless told; a text without translation stays as it is.

    ``matter``: a compiled one, or the primary key of its version, which is read only where it is needed: not for Chinese.
    """
    language = language or get_language() or "zh-hans"
    if language.partition("-")[0] == "zh":
        return str
    known = (matter if isinstance(matter, MatterContent) else compiled(matter)).translations(language)
    return lambda text: known.get(text) or say_combination(text, known)


def translate(text: str) -> str:
    """Return a text of any listed matter or item in the reader's language; as it is where that is Chinese or no translation is known.

    Cost: none in Chinese; else two queries now and then.
    """
    language = (get_language() or "zh-hans").partition("-")[0]
    if language == "zh" or not text:
        return text
    known = _translations(language, _sources())
    return known.get(text) or say_combination(text, known)


def cited(basis: Mapping[str, str]) -> str:
    """Return a legal basis as it is cited in Chinese, which is also what its translation is found by: 《…》第…条."""
    return f"《{basis['law']}》{basis.get('article', '')}"


def forget_sources() -> None:
    """Look anew, the next time, for what the translations come from: the rows of before are gone."""
    global _known
    _known = _NOTHING


def _sources() -> _Known:
    global _known
    asked_at, sources = _known
    if time.monotonic() - asked_at >= _KEPT:
        current = Matter.objects.filter(current_version__is_listed=True).order_by("-pk")
        loose = Translation.objects.filter(matter__current_version=None).aggregate(rows=Count("pk"), last=Max("pk"))
        sources = (tuple(current.values_list("current_version", flat=True)), (loose["rows"], loose["last"] or 0))
        _known = (time.monotonic(), sources)
    return sources


@lru_cache(maxsize=4)
def _translations(language: str, sources: _Known) -> dict[str, str]:
    # The dictionaries', and those of matters that are only coming and have no version.
    loose = Translation.objects.filter(matter__current_version=None, language=language)
    translated: dict[str, str] = dict(loose.values_list("source", "text"))
    for version in sources[0]:
        translated |= compiled(version).translations(language)
    return translated
