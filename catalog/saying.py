"""Names and labels of the catalog in the reader's language, where they stand without their matter: in lists, messages and queues."""

from __future__ import annotations

import time
from functools import lru_cache

from django.utils.translation import get_language

from catalog.models import Matter
from catalog.versions import compiled

# How long a process may go on with the versions it knows, in seconds: a page says dozens of names and should not ask each time.
_KEPT = 30.0
_known: tuple[float, tuple[int, ...]] = (-_KEPT, ())


def say(text: str) -> str:
    """Return a text of any published matter in the reader's language; as it is where that is Chinese or no translation is known.

    Cost: none in Chinese; else one query now and then.
    """
    language = (get_language() or "zh-hans").partition("-")[0]
    if language == "zh" or not text:
        return text
    return _translations(language, _versions()).get(text, text)


def _versions() -> tuple[int, ...]:
    global _known
    asked_at, versions = _known
    if time.monotonic() - asked_at >= _KEPT:
        current = Matter.objects.filter(current_version__isnull=False).order_by("-pk")
        versions = tuple(current.values_list("current_version", flat=True))
        _known = (time.monotonic(), versions)
    return versions


@lru_cache(maxsize=4)
def _translations(language: str, versions: tuple[int, ...]) -> dict[str, str]:
    said: dict[str, str] = {}
    for version in versions:
        said |= compiled(version).translations(language)
    return said
