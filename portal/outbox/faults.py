"""Whose fault it is that work failed: its own, or that of what it needs.

A full disk, a cut line, a database that restarts say nothing about the work. It waits until they are back, and no start is counted:
three starts within ten seconds of a full disk would set aside for a person what nobody but the disk has done wrong.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Final

from django.db import OperationalError

# Errors of the system that pass when somebody makes room, mounts, connects or waits. A file that is missing is not among them,
# nor a name that is too long: those stay what they are.
_PASSING: Final = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EIO,
        errno.ENODEV,
        errno.ENXIO,
        errno.ESTALE,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EAGAIN,
        errno.EBUSY,
        errno.EACCES,
        errno.EPERM,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ENOTCONN,
        errno.ETIMEDOUT,
    }
)
# Classes of SQLSTATE: connection, transaction rollback (deadlock), resources, lock not available, intervention, the server's system.
_PASSING_STATES: Final = ("08", "40", "53", "55P03", "57", "58")
# What one piece of work alone may bring about: more memory than there is, a statement that takes too long.
_STATEMENT_TOO_LONG: Final = "57014"


def is_of_environment(error: BaseException) -> bool:
    """Tell whether it failed because something that work needs is away: disk, network, database, memory."""
    return any(_is_passing(each) for each in _with_causes(error))


def may_be_of_one(error: BaseException) -> bool:
    """Tell whether one piece of a batch may have brought this upon all: then each is tried alone before all wait for it."""
    return any(isinstance(each, MemoryError) or _state_of(each) == _STATEMENT_TOO_LONG for each in _with_causes(error))


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, MemoryError | ConnectionError | TimeoutError):
        return True
    if isinstance(error, OperationalError):
        state = _state_of(error)
        # Without a state there was no server that could have said one.
        return not state or state.startswith(_PASSING_STATES)
    return isinstance(error, OSError) and error.errno in _PASSING


def _state_of(error: BaseException) -> str:
    """Return the SQLSTATE that the driver's error carries, which Django's error is raised from."""
    return getattr(error.__cause__ if isinstance(error, OperationalError) else error, "pgcode", None) or ""


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was raised from, as far as was said."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__
