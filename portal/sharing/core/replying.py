"""What a source's answer comes to: the values and documents that were asked for, each taken from where the source keeps it. Pure.

An answer is ``{"found": bool, "as_of": "YYYY-MM-DD", "subject": {"kind": …, "number": …}, "record": {…}}``; ``subject`` says again whose record
it is and may be left out. Values stay unchecked: whether a name is a name is asked where it is used. Here only their shape and size are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from portal.identifiers.characters import unusable
from portal.lib.whole_numbers import whole_number
from portal.sharing.core.inquiry import DataSubject, Reply, Wanted

# The values of `portal.sharing.models.FetchOutcome`.
FOUND: Final = "found"
NOT_FOUND: Final = "not_found"
REFUSED: Final = "refused"
AWAY: Final = "away"
UNREADABLE: Final = "unreadable"

MOST_CHARACTERS: Final = 500
MOST_ENTRIES: Final = 50
LARGEST_NUMBER: Final = 10**15
RECORD: Final = "record"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class UnreadableAnswer(Exception):
    """An answer that is not of the form agreed on. The text says which part, never what stands in it."""


def reply_to(subject: DataSubject, wanted: Sequence[Wanted], answer: Any) -> Reply:
    """Return what `answer` says about `subject`. Raises `UnreadableAnswer`; one bad value spoils the whole answer.

    What it holds under no path, or null under one, is absent; a document that is said not to exist (false) is absent too. An answer
    about somebody else is none.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("found"), bool):
        raise UnreadableAnswer("found")
    as_of = _day(answer.get("as_of"))
    _require_same(subject, answer.get("subject"))
    if not answer["found"]:
        return Reply(NOT_FOUND, as_of=as_of)
    if not isinstance(answer.get(RECORD), dict):
        raise UnreadableAnswer(RECORD)
    elements: dict[str, Any] = {}
    documents: dict[str, Mapping[str, Any]] = {}
    for each in wanted:
        kind, _colon, code = each.asked.partition(":")
        value = value_at(answer, each.path)
        if value is None:
            continue
        if kind == "element":
            elements[code] = _element(value, each.asked)
        elif kind == "material" and value is not False:
            documents[code] = _document(value, each.asked)
    own = {"person.id_number": subject.number, "company.credit_code": subject.number}
    if any(code in elements and elements[code] != number for code, number in own.items()):
        raise UnreadableAnswer("subject")
    return Reply(FOUND, elements, documents, as_of)


def value_at(answer: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path, None if nothing does: steps with dots from ``record`` on (numbers count entries), else a name in the record.

    ``record.children.0.name`` walks; ``person.name`` is what the record calls so. Nothing is evaluated.
    """
    if not path.startswith(f"{RECORD}."):
        record = answer.get(RECORD)
        return record.get(path) if isinstance(record, dict) else None
    value: Any = answer
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and (place := whole_number(step, 3)) is not None and place < len(value):
            value = value[place]
        else:
            return None
    return value


def _element(value: Any, asked: str) -> Any:
    if _is_plain(value) or (isinstance(value, list) and len(value) <= MOST_ENTRIES and all(map(_is_text, value))):
        return value
    raise UnreadableAnswer(asked)


def _document(value: Any, asked: str) -> Mapping[str, Any]:
    """Return what is said of a document: facts by name; its number where that is all; none where it is only said to exist."""
    if value is True:
        return {}
    if value != "" and _is_text(value):
        return {"number": value}
    if (
        isinstance(value, dict)
        and len(value) <= MOST_ENTRIES
        and all(_is_text(name) and (told is None or _is_plain(told)) for name, told in value.items())
    ):
        return {name: told for name, told in value.items() if told is not None}
    raise UnreadableAnswer(asked)


def _is_plain(value: Any) -> bool:
    if isinstance(value, int):  # a bool is one
        return abs(value) <= LARGEST_NUMBER
    return _is_text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MOST_CHARACTERS and not unusable(value)


def _day(told: Any) -> date | None:
    if told is None:
        return None
    if isinstance(told, str) and _DAY.fullmatch(told):
        try:
            return date.fromisoformat(told)
        except ValueError:
            pass
    raise UnreadableAnswer("as_of")


def _require_same(subject: DataSubject, told: Any) -> None:
    if told is not None and not (
        isinstance(told, dict) and told.get("kind") == subject.kind and told.get("number") == subject.number
    ):
        raise UnreadableAnswer("subject")
