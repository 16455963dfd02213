"""What an application is called: never more than what is filed with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from catalog.combining.fulfilling import title_of
from catalog.models import MatterVersion
from catalog.versions.matters import compiled
from catalog.wording.translating import translator_for


class Filed(Protocol):
    """A draft or a bundle: the version it is pinned to, and its answers."""

    @property
    def matter_version_id(self) -> int: ...
    @property
    def matter_version(self) -> MatterVersion: ...
    @property
    def answers(self) -> Mapping[str, Any]: ...


def plain_title(filed: Filed) -> str:
    """Return an application's name in Chinese; of things put together, only those that its answers lead to."""
    version = filed.matter_version
    if version.is_listed:
        return version.name
    matter = compiled(filed.matter_version_id)
    return title_of(matter, matter.plan_for(filed.answers))


def title(filed: Filed, language: str | None = None) -> str:
    """Return an application's name in the reader's language, or the one told."""
    return translator_for(filed.matter_version_id, language)(plain_title(filed))
