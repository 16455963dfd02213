"""Saved views (我的视图) of a queue: a list and its order, columns, and which of its cases, under a name of the officer's own.

A view that leaves out cases looks through the first ``NARROWED_MOST`` of its list only, in the list's order, and says so: what is sealed has
no index, and neither has an item's name. Own-form contents are read for the cases on the page, and each reading is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Department
from catalog.staff.memberships import may
from catalog.wording.translating import translator_for
from matters.cases.department_view import plan_of
from matters.cases.sealed_form import open_bundle_form
from matters.models import Channel, SavedView, SubItem
from matters.models.querysets import keyset
from matters.reviewing.answers import field_in_words
from matters.reviewing.queueing.lists import LISTS, given, rows_of, sort_of
from matters.wording.refusals import Invalid
from portal.accounts.models import User
from portal.ledger.access import record_access_to_all

COLUMNS: dict[str, Any] = {
    "matter": gettext_lazy("一件事"),
    "item": gettext_lazy("事项"),
    "applicant": gettext_lazy("申请人"),
    "channel": gettext_lazy("渠道"),
    "state": gettext_lazy("状态"),
    "since": gettext_lazy("进入时间"),
    "due": gettext_lazy("应办结"),
    "left": gettext_lazy("剩余时间"),
    "holder": gettext_lazy("办理人"),
}
NARROWED_MOST = 1000
FORMS_MOST = 300  # forms that are opened to look for words in one of their fields
MOST_FIELDS = 3
MOST_VIEWS = 20
# Not for a list that many look at: what divides a country is named by another query for each.
_NOT_SHOWN = frozenset({"division"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The rows of a view in its order, by their keys; ``sentence`` says of how many of its list that is."""

    keys: list[Any] = field(default_factory=list)
    sentence: str = ""


def views_of(user: User, department: Department) -> list[SavedView]:
    """Return an officer's views of a department's queue, by name. One query."""
    return list(SavedView.objects.filter(user=user, department=department).order_by("name")[:MOST_VIEWS])


@transaction.atomic
def save_view(user: User, department: Department, typed: Mapping[str, Any], offered: Iterable[str]) -> SavedView:
    """Keep a view under its name, in place of the one that had it. ``offered``: the fields of own forms that may be in it.

    ``typed``: name, list_name, sort, columns, fields, channel, item, field, field_text, is_default. Raises `Invalid` by those names.
    """
    allowed = set(offered)
    name, problems = str(typed["name"]).strip(), {}
    if not name or len(name) > 30:
        problems["name"] = _("请给视图起个名字，最多 30 个字。")
    list_name = str(typed["list_name"])
    sort = ""
    if list_name not in LISTS:
        problems["list_name"] = _("请选择一个列表。")
    else:
        sort, refused = sort_of(list_name, str(typed["sort"]))
        if refused:
            problems["sort"] = refused
    fields = [key for key in typed["fields"] if key in allowed]
    if len(fields) > MOST_FIELDS:
        problems["fields"] = _("表单内容最多显示 %(most)s 项。") % {"most": MOST_FIELDS}
    wanted = str(typed["field"]) if typed["field"] in allowed else ""
    text = str(typed["field_text"]).strip()[:60]
    if bool(wanted) != bool(text):
        problems["field"] = _("按表单内容筛选，要选一项内容，并写出要找的字。")
    # Two of one officer's wait for each other: the second finds the name that the first took.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    own = list(SavedView.objects.filter(user=user, department=department))
    if len(own) >= MOST_VIEWS and name not in {each.name for each in own}:
        problems["name"] = _("最多保存 %(most)s 个视图，请先删掉不用的。") % {"most": MOST_VIEWS}
    if problems:
        raise Invalid(_("视图还没有保存，请改正下面的内容。"), problems)
    if typed["is_default"]:
        SavedView.objects.filter(user=user, department=department, is_default=True).update(is_default=False)
    row = next((each for each in own if each.name == name), None) or SavedView(
        user=user, department=department, name=name
    )
    row.list_name, row.sort = list_name, sort
    row.columns = [column for column in COLUMNS if column in typed["columns"]] or list(COLUMNS)
    row.fields = fields
    row.channel = typed["channel"] if typed["channel"] in Channel.values else ""
    row.item = str(typed["item"]).strip()[:60]
    row.field, row.field_text = wanted, text
    row.is_default = bool(typed["is_default"])
    row.save()
    return row


def narrowed(user: User, department: Department, view: SavedView) -> Narrowed:
    """Return which rows of its list a view shows. Cost: one query, two more where it looks into forms."""
    most = FORMS_MOST if view.field else NARROWED_MOST
    rows, key = rows_of(view.list_name, view.sort, **given(department.pk, user.pk))
    ordered = keyset(rows, key, newest_first=LISTS[view.list_name].newest_first)
    of_tasks = LISTS[view.list_name].of_tasks
    prefix = "sub_item__" if of_tasks else ""
    columns = ("pk", f"{prefix}pk" if of_tasks else "pk", f"{prefix}name", f"{prefix}bundle__channel")
    among = list(ordered.select_related(None).only("pk").values_list(*columns)[: most + 1])
    found = [
        (row, part)
        for row, part, name, channel in among[:most]
        if (not view.channel or channel == view.channel) and view.item in name
    ]
    if view.field:
        parts = SubItem.objects.filter(pk__in=[part for _row, part in found])
        told = read_fields(user, department, parts, [view.field])
        found = [(row, part) for row, part in found if view.field_text in told.get(part, {}).get(view.field, "")]
    sentence = _("只看了这个列表的前 %(most)s 件。") % {"most": f"{most:,}"} if len(among) > most else ""
    return Narrowed([row for row, _part in found], sentence)


def read_fields(user: User, department: Department, parts: Any, keys: Iterable[str]) -> dict[Any, dict[str, str]]:
    """Return what cases say in fields of the department's own form, in words, by sub-item; each reading is recorded.

    Only to who reviews there. Cost: two queries, whatever the number.
    """
    wanted = list(keys)
    if not wanted or not may(user, "review", department):
        return {}
    cases = parts.filter(department=department).select_related(
        "bundle__mandate__agent", "bundle__mandate__agent_organisation", "bundle__mandate__principal"
    )
    told: dict[Any, dict[str, str]] = {}
    read: dict[tuple[str, ...], set[Any]] = {}
    for part in cases.only(
        "id", "key", "bundle__form_sealed", "bundle__answers", "bundle__matter_version", "bundle__mandate"
    ):
        plan = plan_of(part.bundle)
        own = [key for key in shown_lines(plan, part.key) if key in wanted]
        values = open_bundle_form(part.bundle).values if own else {}
        told[part.pk] = {
            key: field_in_words(plan, key, values[key]) for key in own if values.get(key) not in (None, "", [])
        }
        if told[part.pk]:
            read.setdefault(tuple(sorted(told[part.pk])), set()).add(part.bundle_id)
    for names, bundles in read.items():
        record_access_to_all(user, sorted(bundles), "review", names)
    return told


def offered_fields(parts: Iterable[SubItem]) -> dict[str, str]:
    """Return the fields of own forms that these cases have: key → label. What identifies somebody is not offered for a list."""
    found: dict[str, str] = {}
    for part in parts:
        plan = plan_of(part.bundle)
        for key, label in shown_lines(plan, part.key).items():
            found.setdefault(key, label)
    return found


def shown_lines(plan: Any, item_key: str) -> dict[str, str]:
    """Return the lines of a department's own form that may stand in a list: key → label. What another decision supplies is not in the form."""
    translate = translator_for(plan.matter)
    return {
        line.field: translate(line.label)
        for line in plan.own_form(item_key)
        if not line.sensitive and line.supplied_by is None and line.type not in _NOT_SHOWN
    }


def bundles_for_fields(parts: Iterable[Any]) -> Any:
    """Return the cases of a page with what tells which fields their forms have. One query."""
    related = ("bundle__mandate__agent", "bundle__mandate__agent_organisation", "bundle__mandate__principal")
    columns = ("id", "key", "bundle__answers", "bundle__matter_version", "bundle__mandate")
    return SubItem.objects.filter(pk__in=list(parts)).select_related(*related).only(*columns)
