"""The history of one definition with all its parts, latest first: what was changed together is one entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Max, Model, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from catalog.models import DefinitionEvent, parts_of
from catalog.wording.history import HistoryEntry, Reader
from portal.accounts.models import User

People = tuple[tuple[int, str], ...]  # primary key, name
PAGE = 20  # entries a page
SHOWN = 200  # changes of one entry that are shown; an import may hold thousands


@dataclass(frozen=True, slots=True)
class Entry:
    """What was changed together. ``count``: how many rows, of which the first `SHOWN` are in ``changes``."""

    at: datetime
    who: str
    place: str
    reason: str
    proposal: int | None
    count: int
    changes: tuple[HistoryEntry, ...] = field(default=())

    @property
    def unlisted(self) -> int:
        return self.count - len(self.changes)


@dataclass(frozen=True, slots=True)
class Filter:
    """Whose changes (primary key), from which day to which day."""

    user: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of entries. ``has_more``: there are earlier ones."""

    entries: tuple[Entry, ...]
    has_more: bool


def timeline_of(
    definition: Model, chosen: Filter | None = None, page: int = 1, people: People | None = None
) -> Timeline:
    """Return the history of a definition. Cost: one query for each entry shown and each kind of thing that it names, and three more."""
    events = events_of(definition)
    people = people_of(definition) if people is None else people
    chosen = chosen or Filter()
    if chosen.user is not None:
        events = events.filter(context__metadata__user=chosen.user)
    if chosen.since is not None:
        events = events.filter(at__date__gte=chosen.since)
    if chosen.until is not None:
        events = events.filter(at__date__lte=chosen.until)
    together = Coalesce(Cast("context", CharField()), Cast("at", CharField()))
    groups = events.annotate(together=together).order_by().values("together")
    start = (page - 1) * PAGE
    found = list(
        groups.annotate(last=Max("pk"), moment=Max("at"), count=Count("pk")).order_by("-last")[start : start + PAGE + 1]
    )
    listed = {group["together"]: list[DefinitionEvent]() for group in found[:PAGE]}
    for key, rows in listed.items():
        rows += events.annotate(together=together).filter(together=key).select_related("context").order_by("pk")[:SHOWN]
    reader = Reader([event for rows in listed.values() for event in rows])
    names = dict(people)
    entries = tuple(
        _entry(group["moment"], group["count"], listed[group["together"]], reader, names) for group in found[:PAGE]
    )
    return Timeline(entries, len(found) > PAGE)


def events_of(definition: Model) -> QuerySet[DefinitionEvent]:
    """Return every change of a definition and of what is or ever was a part of it."""
    model, pk = str(definition._meta.model_name), str(definition.pk)
    own = Q(model=model, object_id=pk) | Q(parent_model=model, parent_id=pk)
    nested = Q()
    for part in parts_of(type(definition)):
        if parts_of(part.model):
            middle = str(part.model._meta.model_name)
            parts = DefinitionEvent.objects.filter(parent_model=model, parent_id=pk, model=middle)
            nested |= Q(parent_model=middle, parent_id__in=parts.order_by().values("object_id").distinct())
    return DefinitionEvent.objects.filter(own | nested)


def people_of(definition: Model) -> People:
    """Return everybody who ever changed something of a definition, by name. Cost: two queries."""
    ids = (
        events_of(definition)
        .filter(context__isnull=False)
        .order_by()
        .values_list("context__metadata__user", flat=True)
        .distinct()
    )
    users = User.objects.filter(pk__in=[pk for pk in ids if pk is not None])
    return tuple(sorted(((user.pk, str(user)) for user in users), key=lambda one: (one[1], one[0])))


def _entry(at: datetime, count: int, events: list[DefinitionEvent], reader: Reader, names: dict[int, str]) -> Entry:
    context: dict[str, Any] = dict(events[0].context.metadata) if events and events[0].context else {}
    return Entry(
        at=at,
        who=names.get(context.get("user", 0), _("系统")),
        place=_place(context),
        reason=str(context.get("reason", "")),
        proposal=context.get("proposal"),
        count=count,
        changes=tuple(reader.read(event) for event in events),
    )


def _place(context: dict[str, Any]) -> str:
    """Return from where a change was made."""
    if not context:
        return _("没有记录")
    if context.get("package"):
        return _("导入事项包 %(package)s") % {"package": context["package"]}
    if context.get("proposal"):
        return _("审核发布")
    place = str(context.get("place", ""))
    return _("工作台") if place.startswith("/") else place or _("没有记录")
