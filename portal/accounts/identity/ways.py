"""The ways of proving who one is that this site offers: classes named in ``YIJIAN_IDENTITY_WAYS``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.accounts.models import IdentityCheck


class Way(ABC):
    """One way to level 1. A further one (a bank card, a business licence) is a class of this kind, named in the settings.

    `method` is what `IdentityCheck` rows of it are kept under: at most ten letters, its own.
    """

    method: str
    name: str | Promise
    hint: str | Promise
    action: str | Promise

    @abstractmethod
    def is_open(self) -> bool:
        """Say whether it can be taken now."""

    @abstractmethod
    def address(self, target: str) -> str:
        """Return where it begins; from there it leads to `target`, a path of this site, with what was typed there still kept."""


def open_ways() -> Sequence[Way]:
    """Return the ways that can be taken now, in the settings' order."""
    return [way for way in _all_ways() if way.is_open()]


def method_words(check: IdentityCheck) -> str:
    """Say in the reader's language how somebody was proved."""
    named = {way.method: way.name for way in _all_ways()}
    return str(named.get(check.method) or check.get_method_display())


def _all_ways() -> list[Way]:
    return [import_string(dotted)() for dotted in settings.YIJIAN_IDENTITY_WAYS]
