"""Published versions: the one to apply by now, and their plans ready for use."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import F
from django.utils.translation import gettext as _

from catalog.models import Matter, MatterVersion
from catalog.plans import CompiledMatter


class NotPublished(Exception):
    """There is no matter of this name, or it has no published version."""

    code = "matter_not_published"

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(_("没有找到这件事，或者它还没有开放办理。"))


def current_version(slug: str) -> MatterVersion:
    """Return the version new applications are made by, with its matter. Raises `NotPublished`. Cost: one query.

    The plan itself is not fetched: ask `compiled`.
    """
    version = (
        MatterVersion.objects.select_related("matter")
        .defer("plan")
        .filter(matter__slug=slug, matter__current_version=F("pk"))
        .first()
    )
    if version is None:
        raise NotPublished(slug)
    return version


def open_version(slug: str) -> MatterVersion:
    """Return the current version of a matter that can be applied for online. Raises `NotPublished`. Cost: one query."""
    version = current_version(slug)
    if version.matter.standing != Matter.Standing.OPEN:
        raise NotPublished(slug)
    return version


@lru_cache(maxsize=256)
def compiled(version_id: int) -> CompiledMatter:
    """Return a version's compiled matter. Versions never change, so each process reads each of them once."""
    return CompiledMatter(MatterVersion.objects.values_list("plan", flat=True).get(pk=version_id))
