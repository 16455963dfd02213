"""The rows of one bundle that every look at a case reads: its parts, its returns for correction, its papers."""

from __future__ import annotations

from django.db.models import UUIDField, prefetch_related_objects

from matters.models import Bundle, CorrectionRequest, SubItem, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from portal.lib.prepared import BuiltOnce, Slot

_OF_BUNDLE = Slot("bundle", UUIDField())
_PARTS = BuiltOnce(
    lambda: (
        SubItem.objects.filter(bundle=_OF_BUNDLE)
        .select_related("department", "decision__decided_by")
        .order_by("number")
    )
)
_REQUESTS = BuiltOnce(
    lambda: (
        CorrectionRequest.objects.filter(sub_item__bundle=_OF_BUNDLE)
        .select_related("sub_item__department", "requested_by", "notice")
        .order_by("pk")
    )
)
_PAPERS = BuiltOnce(lambda: SubmittedMaterial.objects.filter(bundle=_OF_BUNDLE).order_by(*PAGE_ORDER))


def parts_of(bundle: Bundle) -> list[SubItem]:
    """Return the bundle's sub-items by number, each with its department and, where there is one, its decision and who made it. One query."""
    parts = _PARTS(bundle=bundle.pk)
    for part in parts:
        part.bundle = bundle
    return parts


def requests_of(bundle: Bundle) -> list[CorrectionRequest]:
    """Return the bundle's returns for correction, oldest first, with what they name. One query, two where there are any."""
    requests = _REQUESTS(bundle=bundle.pk)
    if requests:
        prefetch_related_objects(requests, "items")
    return requests


def papers_of(bundle: Bundle) -> list[SubmittedMaterial]:
    """Return the bundle's papers, also those that were replaced, in the order of their pages. One query."""
    return _PAPERS(bundle=bundle.pk)
