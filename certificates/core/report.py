"""What a check found: the seal, the status and the term each by itself, with reasons, and one word for all three (pure)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final

from certificates.core.status_list import StatusesRead

CANNOT_KNOW: Final = "cannot_know"


@dataclass(frozen=True, slots=True)
class VerificationAnswer:
    """One of the three: a word, and the codes of why."""

    verdict: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The three answers. `list_age_seconds`: how old the status list is on which the status rests; None where it rests on none."""

    signature: VerificationAnswer
    status: VerificationAnswer = field(default_factory=lambda: VerificationAnswer(CANNOT_KNOW, ("not_genuine",)))
    validity: VerificationAnswer = field(default_factory=lambda: VerificationAnswer(CANNOT_KNOW, ("not_genuine",)))
    identifier: str = ""
    list_age_seconds: int | None = None

    @property
    def verdict(self) -> str:
        """Return the one word: what is wrong for certain comes before what cannot be known; valid only if all three are."""
        if self.signature.verdict != "genuine":
            return self.signature.verdict
        if self.status.verdict not in {"valid", CANNOT_KNOW}:
            return self.status.verdict
        if self.validity.verdict == "expired":
            return "expired"
        if CANNOT_KNOW in {self.status.verdict, self.validity.verdict}:
            return CANNOT_KNOW
        return "valid"

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON values, the one word first."""
        return {"verdict": self.verdict, **asdict(self)}


def term_answer(expires_on: date | None, today: date) -> VerificationAnswer:
    """Return what may be said of the term on a day in Asia/Shanghai; the last day itself is still within it."""
    if expires_on is None:
        return VerificationAnswer("in_term", ("no_term",))
    return VerificationAnswer(
        "in_term" if today <= expires_on else "expired", (f"expires_on {expires_on.isoformat()}",)
    )


def listed_status(statuses: StatusesRead, address: str, place: int, now: datetime) -> VerificationAnswer:
    """Return what a list that was read says of a place; a list of elsewhere, or one that counts no more, says nothing."""
    if statuses.address != address:
        return VerificationAnswer(CANNOT_KNOW, ("list_is_another",))
    if now > statuses.expires_at:
        return VerificationAnswer(CANNOT_KNOW, ("list_too_old",))
    try:
        said = statuses.status_at(place)
    except IndexError:
        return VerificationAnswer(CANNOT_KNOW, ("place_outside_list",))
    return (
        VerificationAnswer(CANNOT_KNOW, ("word_unknown",))
        if said == "unknown"
        else VerificationAnswer(said, ("listed",))
    )
