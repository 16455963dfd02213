"""The verdict on a certificate, from facts alone. Pure: the day is passed in.

Changes of status follow the words of the law: a certificate is revoked (吊销) for what its holder did later, rescinded
(撤销) because granting it was unlawful, recalled (撤回) because the law or the facts have changed, and deregistered (注销)
to close its life, also after the other three. None of these becomes valid again: a new certificate is issued instead. Suspension
(暂扣) alone is for a time: it ends by reinstatement (恢复) or by one of the four.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CHANGES: dict[str, frozenset[str]] = {
    "valid": frozenset({"suspended", "revoked", "rescinded", "recalled", "deregistered"}),
    "suspended": frozenset({"valid", "revoked", "rescinded", "recalled", "deregistered"}),
    "revoked": frozenset({"deregistered"}),
    "rescinded": frozenset({"deregistered"}),
    "recalled": frozenset({"deregistered"}),
    "deregistered": frozenset(),
}


class Verdict(StrEnum):
    """What the public is told about a certificate's status today."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    RESCINDED = "rescinded"
    RECALLED = "recalled"
    DEREGISTERED = "deregistered"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """Three answers about a file, never one for all: its seal, its status, its term. None: cannot know."""

    is_genuine: bool
    is_in_force: bool | None
    is_in_term: bool | None


def judge(status: str, expires_on: date | None, today: date) -> Verdict:
    """Return the verdict of `today`. A change of status outweighs expiry; the last day itself is still valid."""
    if status != "valid":
        return Verdict(status)
    if expires_on is not None and today > expires_on:
        return Verdict.EXPIRED
    return Verdict.VALID


def judge_file(
    *,
    is_strict: bool,
    is_sealed: bool,
    is_issued: bool,
    status: str = "",
    expires_on: date | None = None,
    today: date,
) -> FileVerdict:
    """Return what may be said about a file handed in.

    It is genuine only if it has our one shape, our seal holds over all of it, and it is the very file we issued. About
    status and term nothing is said unless it is: a forged file must not borrow the good name of the one it copies.
    """
    if not (is_strict and is_sealed and is_issued):
        return FileVerdict(False, None, None)
    return FileVerdict(True, status == "valid", expires_on is None or today <= expires_on)


def may_change(before: str, after: str) -> bool:
    """Return whether a certificate's status may go from `before` to `after`."""
    return after in CHANGES.get(before, frozenset())
