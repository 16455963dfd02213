"""What a reviewer may choose from to say what is wrong: the kinds of deficiency, and the department's own phrases."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from catalog.definitions.naming import split_instance
from matters.models import SAID_BY_KIND, DeficiencyKind, DeficiencyPhrase, SubItem

OWN = "phrase:"


@dataclass(frozen=True, slots=True)
class ReasonChoice:
    """One choice. ``code``: what a form sends; ``kind``: what is counted; ``text``: what the applicant reads if nothing else is written."""

    code: str
    kind: str
    label: str | Promise
    text: str

    @property
    def is_own(self) -> bool:
        return self.code.startswith(OWN)


def reason_choices(sub_item: SubItem) -> list[ReasonChoice]:
    """Return the kinds, then the department's own phrases for this item. One query."""
    general = [
        ReasonChoice(kind.value, kind.value, kind.label, str(SAID_BY_KIND.get(kind, ""))) for kind in DeficiencyKind
    ]
    own = DeficiencyPhrase.objects.filter(
        department=sub_item.department_id, is_offered=True, item__in=["", split_instance(sub_item.key)[0]]
    )
    rows = own.order_by("kind", "pk").values_list("pk", "kind", "phrase")
    return general + [ReasonChoice(f"{OWN}{pk}", kind, phrase, phrase) for pk, kind, phrase in rows]
