"""删除我的信息: what goes at once, what stays until when and why (PIPL art. 47), as it is told to the person and kept as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.own_file.parts import FileSubject
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.retention.holds import wait_for_holds
from portal.retention.models import DeletionRequest
from portal.retention.pruning import BATCH
from portal.retention.schedule import Kept, class_of, classes

OUTCOMES = {"deleted": _("已删除"), "stays": _("继续保存"), "held": _("依法需要保存，现在不能删除")}


@dataclass(frozen=True, slots=True)
class DeletionLine:
    """What becomes of the rows of one class: ``deleted`` at once, or it ``stays`` until a day (None: for good), or is ``held``."""

    key: str
    name: str
    count: int
    outcome: str
    until: date | None
    ground: str

    @property
    def words(self) -> str:
        """What became of them, in words."""
        return str(OUTCOMES[self.outcome])

    @property
    def days(self) -> int | None:
        """How long such rows stay once their term counts, where it does not count for all of them yet; None: for good."""
        return class_of(self.key).days


def lines_of(subject: FileSubject) -> list[DeletionLine]:
    """Return what would become of a person's rows now, class by class. One query a class, one more for those that can go."""
    found = []
    for kept in classes():
        if kept.of is None:
            continue
        rows = kept.of(subject)
        told = rows.aggregate(count=Count("pk"), counting=Count("since"), last=Max("since"))
        free = _free(kept, rows).count() if kept.is_own and told["count"] else 0
        if free:
            found.append(DeletionLine(kept.key, str(kept.name), free, "deleted", None, kept.ground))
        if left := told["count"] - free:
            outcome = "held" if kept.is_own else "stays"
            is_counted = not kept.is_own and told["counting"] == told["count"]
            until = kept.until(told["last"]) if is_counted else None
            found.append(DeletionLine(kept.key, str(kept.name), left, outcome, until, kept.ground))
    return found


@transaction.atomic
def delete_own(subject: FileSubject, by: User) -> DeletionRequest:
    """Delete of a person's rows what they may have deleted, and keep what was told of all of them."""
    wait_for_holds()
    now = timezone.now()
    lines = lines_of(subject)
    erase(subject)
    request = DeletionRequest.objects.create(
        person=subject.person,
        asked_by=by,
        asked_at=now,
        lines=[
            {
                "key": line.key,
                "count": line.count,
                "outcome": line.outcome,
                "until": line.until.isoformat() if line.until is not None else None,
                "ground": line.ground,
            }
            for line in lines
        ],
    )
    open_chain(request.pk)
    append_events(request.pk, [NewEvent("deletion_asked", actor_id=by.pk)])
    return request


def erase(subject: FileSubject) -> None:
    """Do away with a person's rows that are theirs to delete; in the caller's transaction, which has waited for holds."""
    for kept in classes():
        if kept.of is None or kept.destroy is None or not kept.is_own:
            continue
        rows = _free(kept, kept.of(subject)).select_for_update(of=("self",)).order_by("pk")
        while batch := list(rows[:BATCH]):
            kept.destroy(batch)


def told_lines(request: DeletionRequest) -> list[DeletionLine]:
    """Return what was told when somebody asked."""
    return [
        DeletionLine(
            line["key"],
            str(class_of(line["key"]).name),
            line["count"],
            line["outcome"],
            date.fromisoformat(line["until"]) if line["until"] else None,
            line["ground"],
        )
        for line in request.lines
    ]


def _free(kept: Kept, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if kept.held is None else rows.exclude(kept.held)
