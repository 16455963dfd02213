"""Every Chinese text of a compiled plan that applicants may read: what a translation of a matter must cover."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_CHINESE = re.compile("[\u3400-\u9fff]")
# What only departments read, and what is not shown at all.
_OF_DEPARTMENTS = frozenset({"review_points", "declared", "authority", "reason_for_managers"})
# Keys of objects whose text is shown as it stands.
_CODES = frozenset({"slug", "code", "key", "stage", "lead_department", "department", "known_from", "face"})


def citizen_texts(plan: Mapping[str, Any]) -> list[str]:
    """Return the texts in the plan's order, each once."""
    return list(dict.fromkeys(text for text in _texts({**plan, "translations": {}}) if _CHINESE.search(text)))


def untranslated(plan: Mapping[str, Any], language: str = "en") -> list[str]:
    """Return the texts that have no translation in the plan."""
    known = plan["translations"].get(language, {})
    return [text for text in citizen_texts(plan) if not known.get(text)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key in _OF_DEPARTMENTS or key in _CODES:
                continue
            if key == "outputs" and isinstance(each, Mapping):
                continue  # where a rule takes what it decides from: names alone
            if key == "outputs":
                yield from (
                    text for output in each for text in _texts({"label": output["label"], "options": output["options"]})
                )
            else:
                yield from _texts(each)
