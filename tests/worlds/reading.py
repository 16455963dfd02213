"""What the forms of a case's page say that their officer has read."""

from __future__ import annotations

from matters.cases.department_view import read_case
from matters.cases.reading import mark_of
from matters.models import SubItem


def reading(part: SubItem) -> dict[str, str]:
    """Return the hidden input of a page of the case that is opened at this moment."""
    now = SubItem.objects.for_case().get(pk=part.pk)
    return {"read": mark_of(now, read_case(now))}
