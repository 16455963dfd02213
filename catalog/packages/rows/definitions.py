"""The rows of a folder's service items and of its matter with all their parts, as the package writes them."""

from __future__ import annotations

from catalog.models import Matter, ServiceItem
from catalog.packages.package import Folder
from catalog.packages.rows.columns import References, columns, sync_parts
from catalog.packages.rows.syncing import Tally, sync
from catalog.packages.schema import ITEM, MATTER


def sync_items(folder: Folder, tally: Tally) -> None:
    """Write the folder's items with all their parts. Cost: about twenty queries, however many items."""
    if not folder.items:
        return
    references = References()
    wanted = [{"package": folder.slug, **columns(ServiceItem, ITEM, record, references)} for record in folder.items]
    rows = ServiceItem.objects.filter(slug__in=[record["slug"] for record in folder.items])
    kept = sync(rows, wanted, ("slug",), tally)
    sync_parts(ServiceItem, [(kept[record["slug"],].pk, record) for record in folder.items], ITEM, references, tally)


def sync_matter(folder: Folder, tally: Tally) -> Matter:
    """Write the folder's matter with all its parts and return it. Cost: about twenty queries."""
    record = folder.matter
    if record is None:
        raise ValueError("the folder has no matter")
    slug = record["slug"]
    wanted = [columns(Matter, MATTER, record, References())]
    matter: Matter = sync(Matter.objects.filter(slug=slug), wanted, ("slug",), tally)[slug,]
    sync_parts(Matter, [(matter.pk, record)], MATTER, References(matter), tally)
    return matter
