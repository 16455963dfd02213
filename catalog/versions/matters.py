"""Published versions: the one to apply by now, and their plans ready for use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from catalog.definitions.overrides import parents
from catalog.merging.compiled import CompiledMatter
from catalog.models import Matter, MatterVersion, RegionalVersion


class NotPublished(Exception):
    """There is no matter of this name, or it has no published version."""

    code = "matter_not_published"

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(_("没有找到这件事，或者它还没有开放办理。"))


def current_version(slug: str, division_code: str = "") -> MatterVersion:
    """Return the version new applications are made by, with its matter. Raises `NotPublished`. Cost: one query, two with a division.

    ``division_code``: where it is applied for; the version of that division, else of the nearest one around it, else the standard's.
    The plan itself is not fetched: ask `compiled`.
    """
    if around := parents(division_code):
        regional = RegionalVersion.objects.filter(
            matter__slug=slug, matter__current_version__isnull=False, division_id__in=around
        )
        # The code of a division is greater than that of the divisions around it.
        row = regional.select_related("version__matter").defer("version__content").order_by("-division_id").first()
        if row is not None:
            return row.version
    version = (
        MatterVersion.objects.select_related("matter")
        .defer("content")
        .filter(matter__slug=slug, matter__current_version=F("pk"))
        .annotate(has_places=Exists(RegionalVersion.objects.filter(matter=OuterRef("matter"))))
        .first()
    )
    if version is None:
        raise NotPublished(slug)
    return version


def guide_version(slug: str, division_code: str = "") -> MatterVersion:
    """Return the current version of a matter that is described or open. Raises `NotPublished`. Cost: as `current_version`."""
    version = current_version(slug, division_code)
    if version.status == Matter.Status.COMING:
        raise NotPublished(slug)
    return version


def open_version(slug: str, division_code: str = "") -> MatterVersion:
    """Return the current version of a matter that can be applied for online. Raises `NotPublished`. Cost: as `current_version`."""
    version = current_version(slug, division_code)
    if version.status != Matter.Status.OPEN:
        raise NotPublished(slug)
    return version


def open_versions(slugs: Iterable[str]) -> dict[str, int]:
    """Return slug → primary key of the standard's current version, of those matters that can be applied for online. Cost: one query."""
    found = Matter.objects.filter(slug__in=list(slugs), current_version__status=Matter.Status.OPEN)
    return dict(found.values_list("slug", "current_version_id"))


def listed_versions() -> QuerySet[MatterVersion]:
    """Return the standard's current versions that the zone lists, in its order, without their content."""
    current = MatterVersion.objects.filter(matter__current_version=F("pk"), is_listed=True)
    return current.select_related("matter").defer("content").order_by("position", "matter_id")


@lru_cache(maxsize=256)
def compiled(version_id: int) -> CompiledMatter:
    """Return a version's compiled matter. Versions never change, so each process reads each of them once."""
    return CompiledMatter(MatterVersion.objects.values_list("content", flat=True).get(pk=version_id))
