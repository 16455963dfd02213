"""Names of departments as they were published, for pages that stand apart from any one version."""

from __future__ import annotations

from catalog.models import Department
from catalog.versions.items import published_items


def department_names() -> dict[str, str]:
    """Return code → name of every department: as the current versions of its items say it, else as its row does.

    A department without a published item (a window that serves for others) has no published name. Cost: two queries.
    """
    names = dict(Department.objects.values_list("code", "name"))
    return names | {each.row.department.code: each.row.department.name for each in published_items().values()}
