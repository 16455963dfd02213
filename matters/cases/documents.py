"""The documents that were filed with an application, as they were agreed to: for the applicant all, for a department its own."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import UUIDField

from matters.models import Bundle, FiledDocument, SubItem
from portal.lib.prepared import BuiltOnce, Slot

_OF_ITEM = {FiledDocument.Kind.GENERATED, FiledDocument.Kind.CONSENT, FiledDocument.Kind.DEFERRAL}
# By no index of time: they were written together, in the order in which they are read.
_OF_BUNDLE = BuiltOnce(lambda: FiledDocument.objects.filter(bundle=Slot("bundle", UUIDField())).order_by("id"))


def documents_of(bundle: Bundle) -> list[FiledDocument]:
    """Return all documents of a bundle, in the order in which they are read; none of one filed before they were kept. One query."""
    return _OF_BUNDLE(bundle=bundle.pk)


def documents_for(sub_item: SubItem, materials: Collection[str]) -> list[FiledDocument]:
    """Return what one department may read: what was made for its item or agreed to for it, and commitments for papers that it asks for.

    ``materials``: the keys of these papers. Never the form as a whole: it holds what other departments ask. One query.
    """
    return [
        row
        for row in documents_of(sub_item.bundle)
        if (row.kind in _OF_ITEM and row.sub_item == sub_item.key)
        or (row.kind == FiledDocument.Kind.COMMITMENT and row.key in materials)
    ]
