"""What a page showed when it was opened, so that of what it sends back only what was changed in it is saved.

Two windows on one page send each other's old entries along with their own new ones. A page therefore carries a mark of every value it
showed, in a hidden input named ``shown``; ``Shown.merge`` compares what is sent with what was shown and with what is stored now. The one
rule of every page that saves:

- what this window did not change is no change, whatever another window made of it meanwhile;
- what only this window changed is saved;
- what both changed, differently, is a conflict: it stays as it is stored and is told beside its control, with what was typed still there.
  The page that tells of it shows what is stored (it carries a new mark), so that sending it again settles it.

A mark is a keyed digest: it says whether two values are the same and nothing else, so that it may stand in a page that hides the value.
A form's draft knows its revisions and does the same by them (``matters.core.draft_document``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Manager, Model, QuerySet
from django.utils.crypto import salted_hmac

# The name of the hidden input.
NAME = "shown"
_SALT = "portal.lib.shown"
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be made of a page that was sent.

    ``changes``: to be saved. ``conflicts``: key → what is stored, for what both windows changed. ``elsewhere``: key → what is stored, for
    what was not touched in this window and changed in another.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, Any] = field(default_factory=dict)


class Shown:
    """The marks that a page carried, by key. What is no mark of ours counts as none: then everything sent was changed here."""

    def __init__(self, token: str, about: str) -> None:
        """``about``: what the page is of, such as ``draft:<id>``; a mark of another page says nothing."""
        self._about = about
        self._marks = _marks(token)

    def has(self, key: str) -> bool:
        """Whether the page said what it showed there."""
        return key in self._marks

    def was(self, key: str, value: Any) -> bool:
        """Whether the page showed this value."""
        return self._marks.get(key) == _mark(self._about, key, value)

    def merge(self, sent: Mapping[str, Any], stored: Mapping[str, Any]) -> Merged:
        """Compare what is sent with what was shown and with what is stored now."""
        merged = Merged()
        for key, value in sent.items():
            now = stored.get(key)
            if _plain(value) == _plain(now):
                continue
            if not self.has(key) or self.was(key, now):
                merged.changes[key] = value
            elif self.was(key, value):
                merged.elsewhere[key] = now
            else:
                merged.conflicts[key] = now
        return merged


def shown(values: Mapping[str, Any], about: str) -> str:
    """Return the value of the hidden input for a page that shows these values."""
    marks = {key: _mark(about, key, value) for key, value in values.items()}
    return base64.urlsafe_b64encode(json.dumps(marks, separators=(",", ":")).encode()).decode()


def _marks(token: str) -> dict[str, str]:
    if len(token) > _LARGEST:
        return {}
    try:
        read = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(mark) for key, mark in read.items()} if isinstance(read, dict) else {}


def _mark(about: str, key: str, value: Any) -> str:
    text = json.dumps([about, key, _plain(value)], ensure_ascii=False, sort_keys=True)
    return salted_hmac(_SALT, text.encode("utf-8", "replace"), algorithm="sha256").hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Return a value as its entry: nothing, an empty text and an empty list are one; a number is the text that types it."""
    if isinstance(value, Manager):
        value = value.all()
    if isinstance(value, QuerySet | set | frozenset | tuple):
        # Rows and sets have no order of their own.
        value = list(value) if isinstance(value, tuple) else sorted(map(_plain, value), key=str)
    if value in (None, "", [], {}):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list):
        entries = [_plain(each) for each in value]
        return sorted(entries) if all(isinstance(each, Model) for each in value) else entries
    if isinstance(value, datetime):
        # A control shows no part of a second, and its reader's own time.
        return (value.astimezone(UTC) if value.tzinfo else value).replace(microsecond=0).isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return str(value).replace("\r\n", "\n")


# A page that does not say what it showed.
UNSEEN = Shown("", "")
