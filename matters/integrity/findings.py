"""What a check finds, and the form in which a check by query is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.functional import Promise as LazyText

# A fault that touches everything is named so often; the count says the rest.
NAMED_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that may not be. ``invariant``: its number; ``code``: the kind; ``subject``: where; then a sentence."""

    invariant: str
    code: str
    subject: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        return {
            "invariant": self.invariant,
            "code": self.code,
            "subject": self.subject,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the database. ``sql`` returns a row per breach: the subject, then a detail for the sentence.

    The sentence may use ``%(subject)s`` and ``%(detail)s``.
    """

    invariant: str
    code: str
    sentence: str | LazyText
    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def run(self) -> Iterator[Breach]:
        """Ask, and yield a breach per row."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, dict(self.parameters))
            for subject, detail in cursor.fetchmany(NAMED_AT_MOST):
                yield self.breach(str(subject), detail)

    def breach(self, subject: str, detail: Any = "") -> Breach:
        return Breach(self.invariant, self.code, subject, str(self.sentence) % {"subject": subject, "detail": detail})
