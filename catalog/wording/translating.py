"""Names and labels of the catalog in the reader's language, where they stand without their matter: in lists, messages and queues."""

from __future__ import annotations

import time
from functools import lru_cache

from django.db.models import Count, Max
from django.utils.translation import get_language

from catalog.combining.names import say_combination
from catalog.models import Matter, Translation
from catalog.versions.matters import compiled

# How long a process may go on with what it knows, in seconds: a page says dozens of names and should not ask each time.
_KEPT = 30.0
# What the translations come from: the current versions, and how many rows (up to which) belong to none.
_Known = tuple[tuple[int, ...], tuple[int, int]]
_known: tuple[float, _Known] = (-_KEPT, ((), (0, 0)))


def say(text: str) -> str:
    """Return a text of any listed matter or item in the reader's language; as it is where that is Chinese or no translation is known.

    Cost: none in Chinese; else two queries now and then.
    """
    language = (get_language() or "zh-hans").partition("-")[0]
    if language == "zh" or not text:
        return text
    known = _translations(language, _sources())
    return known.get(text) or say_combination(text, known)


def _sources() -> _Known:
    global _known
    asked_at, sources = _known
    if time.monotonic() - asked_at >= _KEPT:
        current = Matter.objects.filter(current_version__isnull=False, is_listed=True).order_by("-pk")
        loose = Translation.objects.filter(matter__current_version=None).aggregate(rows=Count("pk"), last=Max("pk"))
        sources = (tuple(current.values_list("current_version", flat=True)), (loose["rows"], loose["last"] or 0))
        _known = (time.monotonic(), sources)
    return sources


@lru_cache(maxsize=4)
def _translations(language: str, sources: _Known) -> dict[str, str]:
    # The dictionaries', and those of matters that are only coming and have no version.
    loose = Translation.objects.filter(matter__current_version=None, language=language)
    said: dict[str, str] = dict(loose.values_list("source", "text"))
    for version in sources[0]:
        said |= compiled(version).translations(language)
    return said
