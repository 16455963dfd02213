"""The schedule: which classes of rows there are, what becomes of each after which term, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.accounts.own_file.parts import FileSubject


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of rows. ``rows``: those that still hold something, each with ``since``, from when its term counts (None: not yet).

    ``keeps``: the models whose rows are of this class, or stay and go with its rows; every model that holds something of people is of one.
    ``held``: the condition that one is under a legal hold; ``of``: those of a person; ``destroy``: does away with locked rows in the caller's
    transaction. ``is_own``: the person may have them go at once. Classes that nobody destroys have neither.
    """

    key: str
    name: str | Promise
    rows: Callable[[], QuerySet[Any]]
    of: Callable[[FileSubject], QuerySet[Any]] | None = None
    destroy: Callable[[Sequence[Any]], None] | None = None
    held: Q | None = None
    is_own: bool = False
    keeps: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """``delete``, ``anonymise`` or ``keep``."""
        return str(settings.YIJIAN_RETENTION[self.key][0])

    @property
    def days(self) -> int | None:
        """After how many days; None: never."""
        days: int | None = settings.YIJIAN_RETENTION[self.key][1]
        return days

    @property
    def ground(self) -> str:
        """Why, in words."""
        return str(settings.YIJIAN_RETENTION[self.key][2])

    def ripe(self, now: datetime) -> QuerySet[Any]:
        """Return the rows whose term is over and that no hold keeps."""
        if self.action == "keep" or self.days is None or self.destroy is None:
            return self.rows().none()
        return self.free().filter(since__lt=now - timedelta(days=self.days))

    def free(self) -> QuerySet[Any]:
        """Return the rows that no hold keeps."""
        return self.rows() if self.held is None else self.rows().exclude(self.held)

    def until(self, since: datetime | None) -> date | None:
        """Return the day on which the term of a row that counts since then is over."""
        if since is None or self.days is None:
            return None
        return (since + timedelta(days=self.days)).date()


def classes() -> list[Kept]:
    """Return every class, in the order of the settings: each floor's own."""
    return [each for name in settings.YIJIAN_RETENTION_CLASSES for each in import_string(name)()]


def class_of(key: str) -> Kept:
    """Return one class. Raises `KeyError`."""
    return {each.key: each for each in classes()}[key]
