"""What a reviewer may choose from to say what is wrong: the kinds of deficiency, and the department's own phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import Promise

from catalog.definitions.naming import split_instance
from matters.models import OF_FIELDS, SAID_BY_KIND, CorrectionItem, DeficiencyKind, DeficiencyPhrase, SubItem

OWN = "phrase:"


@dataclass(frozen=True, slots=True)
class ReasonChoice:
    """One choice. ``code``: what a form sends; ``kind``: what is counted; ``text``: what the applicant reads if nothing else is written."""

    code: str
    kind: str
    label: str | Promise
    text: str

    def fits(self, target: str) -> bool:
        """Return whether it may be said of a field or a paper. A department's own words are its own affair."""
        return self.is_own or target != CorrectionItem.Target.FIELD or self.kind in OF_FIELDS

    @property
    def is_own(self) -> bool:
        return self.code.startswith(OWN)


def offered_phrases(department: Any, item: Any) -> QuerySet[Any]:
    """Return a department's phrases that may be chosen for an item: its own rows of ``pk``, ``kind`` and ``phrase`` as JSON."""
    own = DeficiencyPhrase.objects.filter(Q(item="") | Q(item=item), department=department, is_offered=True)
    return own.order_by("kind", "pk").values_list(JSONObject(pk="pk", kind="kind", phrase="phrase"), flat=True)


def phrased_item(sub_item: SubItem) -> str:
    """Return the item that a phrase is kept for, whichever of its instances the sub-item is."""
    return split_instance(sub_item.key)[0]


def reason_choices(sub_item: SubItem, own: Iterable[Mapping[str, Any]] | None = None) -> list[ReasonChoice]:
    """Return the kinds, then the department's own phrases for this item. ``own``: those, where they were read with the task; else one query."""
    general = [
        ReasonChoice(kind.value, kind.value, kind.label, str(SAID_BY_KIND.get(kind, ""))) for kind in DeficiencyKind
    ]
    rows = offered_phrases(sub_item.department_id, phrased_item(sub_item)) if own is None else own
    return general + [ReasonChoice(f"{OWN}{one['pk']}", one["kind"], one["phrase"], one["phrase"]) for one in rows]
