"""How the sources do: their last answers, how often in a row they failed, and telling their owners once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from catalog.staff.telling import tell_staff
from portal.sharing.desk import leads_of
from portal.sharing.models import DataSource, Fetch, FetchOutcome

# Outcomes that say that the source, or the way to it, does not work. A refusal is an answer.
BROKEN = (FetchOutcome.AWAY, FetchOutcome.UNREADABLE)
FAILING = 3  # so many in a row and its owner is told
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Health:
    """A source's last answer, when it was asked last and with what outcome, and how often in a row it has failed since."""

    answered_at: datetime | None
    asked_at: datetime | None
    outcome: str
    failures: int

    @property
    def is_failing(self) -> bool:
        return self.failures >= FAILING


def health_of(sources: Collection[int]) -> dict[int, Health]:
    """Return source → how it does, by the questions of the last 30 days. One query."""
    recent = Fetch.objects.filter(asked_at__gt=timezone.now() - LOOKED_BACK)
    of_this = recent.filter(source=OuterRef("pk"))
    answered = of_this.exclude(outcome__in=BROKEN).order_by().values("source").annotate(last=Max("asked_at"))
    last = of_this.order_by("-asked_at")
    found = (
        DataSource.objects.filter(pk__in=list(sources))
        .annotate(
            answered=Subquery(answered.values("last")),
            asked=Subquery(last.values("asked_at")[:1]),
            outcome=Subquery(last.values("outcome")[:1]),
        )
        .values_list("pk", "answered", "asked", "outcome")
    )
    rows = list(found)
    since = Q()
    for pk, answered_at, _asked, outcome in rows:
        if outcome in BROKEN:
            since |= Q(source=pk, asked_at__gt=answered_at) if answered_at else Q(source=pk)
    failures = {}
    if since:
        counted = recent.filter(since, outcome__in=BROKEN).order_by().values("source").annotate(times=Count("id"))
        failures = {each["source"]: each["times"] for each in counted}
    return {pk: Health(answered, asked, outcome or "", failures.get(pk, 0)) for pk, answered, asked, outcome in rows}


def tell_owners(fetches: Iterable[Fetch]) -> None:
    """Tell the leads of a source's department that it fails, once for each time that it began to. No query unless one has failed just now."""
    broken = {fetch.source_id: fetch.source for fetch in fetches if fetch.outcome in BROKEN}
    for pk, health in health_of(broken).items() if broken else ():
        if health.is_failing:
            source = broken[pk]
            began = f"{health.answered_at:%Y%m%d%H%M%S}" if health.answered_at else "never"
            data = {"source": source.name, "failures": health.failures}
            key, link = f"source_failing:{source.code}:{began}"[:120], reverse("sharing_desk:desk")
            able = leads_of(source.department_id)
            tell_staff("source_failing", data, key=key, link=link, accounts=able, now_may=able)
