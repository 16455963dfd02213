"""Advice as its two sides see it: the case shows all of it, who is asked sees the question and what was chosen for them, no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from catalog.staff.memberships import department_ids_for
from matters.cases.access import is_applicant
from matters.cases.department_view import plan_of, read_case
from matters.core.states import OPEN
from matters.models import Advice, SubItem
from matters.models.querysets import own_bundles
from portal.accounts.models import User
from portal.ledger.access import record_access


@dataclass(frozen=True, slots=True)
class AskedView:
    """What somebody who is asked sees. ``rows``: label and text of the chosen fields; ``others``: answers that are not confidential."""

    advice: Advice
    rows: list[tuple[str, str]]
    others: list[Advice]


def fields_to_show(sub_item: SubItem) -> list[str]:
    """Return the keys that its department may show: those of its own form. No query."""
    return [line.field for line in plan_of(sub_item.bundle).own_form(sub_item.key)]


def advice_on(sub_item: SubItem) -> list[Advice]:
    """Return what was asked about a case, oldest first. One query."""
    rows = Advice.objects.filter(sub_item=sub_item)
    return list(rows.select_related("department", "asked_by", "answered_by").order_by("pk"))


def to_answer(user: User) -> QuerySet[Advice]:
    """Return what waits for an answer of the departments where the user reviews, soonest due first. Served by ``advice_to_answer``."""
    rows = Advice.objects.filter(
        department__in=department_ids_for(user, "review"),
        answered_at=None,
        revoked_at=None,
        sub_item__state__in=sorted(OPEN),
    ).exclude(sub_item__bundle__in=own_bundles(user))
    return rows.select_related("sub_item__department", "sub_item__bundle", "department").order_by("due_on", "pk")


def get_asked_for(user: User | AnonymousUser, number: int) -> Advice:
    """Return a question to a department in which the user reviews; Http404 for everybody else, for whom it is
    about, and once it was taken back.

    Once the case is concluded nothing waits for an answer: Http404 too, but for what was answered.
    """
    rows = Advice.objects.filter(pk=number, revoked_at=None, department__in=department_ids_for(user, "review"))
    found = rows.select_related("department", "asked_by", "answered_by").first()
    if found is None:
        raise Http404
    found.sub_item = SubItem.objects.for_case().get(pk=found.sub_item_id)
    if isinstance(user, User) and is_applicant(user, found.sub_item.bundle):
        raise Http404
    if found.is_open and found.sub_item.state not in OPEN:
        raise Http404
    return found


def read_asked(user: User, advice: Advice) -> AskedView:
    """Return what who is asked sees, and record the reading. An answered question shows the form no more: it has served its purpose."""
    chosen = _chosen(advice.sub_item, advice.fields) if advice.is_open else []
    if chosen:
        keys = [key for key, _label, _text in chosen]
        record_access(user, advice.sub_item.bundle_id, "advice", keys, advice.department.code)
    others = Advice.objects.filter(
        sub_item=advice.sub_item_id, is_confidential=False, answered_at__isnull=False
    ).exclude(pk=advice.pk)
    return AskedView(
        advice,
        [(label, text) for _key, label, text in chosen],
        list(others.select_related("department").order_by("pk")),
    )


def _chosen(sub_item: SubItem, keys: Iterable[str]) -> list[tuple[str, str, str]]:
    wanted = set(keys)
    if not wanted:
        return []
    sections = read_case(sub_item).sections
    return [(row.key, row.label, row.text) for section in sections for row in section.rows if row.key in wanted]
