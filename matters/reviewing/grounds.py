"""Words for decisions that an officer may choose from: the department's, with their reason codes, and the officer's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from catalog.definitions.naming import split_instance
from catalog.models import Department
from matters.models import DecisionPhrase, SubItem
from matters.reviewing.transitions import require_right
from matters.wording.refusals import Invalid
from portal.accounts.models import User
from portal.lib.whole_numbers import whole_number

Use = DecisionPhrase.Use


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase that is offered. ``is_own``: whether it is the officer's."""

    pk: int
    use: str
    code: str
    text: str
    is_own: bool

    @property
    def label(self) -> str:
        return str(DecisionPhrase(code=self.code, phrase=self.text).label)


def offered_templates(department: Any, item: Any, user: Any) -> QuerySet[Any]:
    """Return the phrases that somebody may choose from for an item, as JSON rows of `Template`'s values; part of another statement."""
    mine = DecisionPhrase.objects.filter(Q(owner=None) | Q(owner=user), Q(item="") | Q(item=item), is_offered=True)
    shown = JSONObject(pk="pk", use="use", code="code", text="phrase", owner="owner_id")
    return mine.filter(department=department).order_by("owner_id", "code", "pk").values_list(shown, flat=True)


def templates_by_use(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Template]]:
    """Return what is offered, by what it is for."""
    found: dict[str, list[Template]] = {use: [] for use in Use.values}
    for row in rows:
        found[row["use"]].append(Template(row["pk"], row["use"], row["code"], row["text"], row["owner"] is not None))
    return found


def chosen_code(user: User, sub_item: SubItem, use: str, chosen: str) -> tuple[str, str]:
    """Return the reason code of a chosen phrase and its words; nothing where none was chosen, or it is not offered any more. One query at most."""
    number = whole_number(chosen)
    if number is None:
        return "", ""
    rows = DecisionPhrase.objects.filter(Q(owner=None) | Q(owner=user), Q(item="") | Q(item=_item(sub_item)))
    found = rows.filter(department=sub_item.department_id, pk=number, use=use, is_offered=True).first()
    return (found.code, found.phrase) if found is not None else ("", "")


@transaction.atomic
def keep_own_phrase(user: User, sub_item: SubItem, use: str, text: str) -> None:
    """Keep words as the officer's own phrase for this item; once, and up to ``MOST_OWN``: beyond that nothing is kept."""
    said = text.strip()
    own = DecisionPhrase.objects.filter(owner=user, department=sub_item.department_id)
    if not said or len(said) > DecisionPhrase.PHRASE_LENGTH or own.count() >= DecisionPhrase.MOST_OWN:
        return
    DecisionPhrase.objects.bulk_create(
        [DecisionPhrase(owner=user, department_id=sub_item.department_id, item=_item(sub_item), use=use, phrase=said)],
        ignore_conflicts=True,
    )


def own_phrases(user: User, department: Department) -> list[DecisionPhrase]:
    """Return an officer's own phrases in a department. One query."""
    return list(DecisionPhrase.objects.filter(owner=user, department=department))


def forget_phrase(user: User, department: Department, number: str) -> None:
    """Forget a phrase of one's own. Raises ``Invalid`` where it is not, or is gone; ``NotAllowed``."""
    require_right(user, department, "review")
    own = DecisionPhrase.objects.filter(owner=user, department=department, pk=whole_number(number) or 0)
    if not own.delete()[0]:
        raise Invalid(_("这句用语已经删掉了。"), {})


def _item(sub_item: SubItem) -> str:
    return split_instance(sub_item.key)[0]
