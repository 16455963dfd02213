"""What became of facts that a correction changed after they were decided on, in words: for the applicant, the window and reviewers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.wording.translating import translator_for
from matters.cases.department_view import plan_of
from matters.models import Amendment, Bundle
from matters.wording.states import day
from matters.wording.sub_items import sub_item_name

Outcome = Amendment.Outcome


@dataclass(frozen=True, slots=True)
class AmendedPart:
    """``names``: what the changed fields are called; ``outcome``: empty while the department has not said anything."""

    key: str  # the sub-item that was decided
    item: str
    department: str
    names: str
    since: datetime
    outcome: str
    reason: str
    settled_at: datetime | None
    has_agreed: bool

    @property
    def is_being_checked(self) -> bool:
        """Whether the department has yet to say whether it agrees."""
        return not self.outcome and not self.has_agreed

    @property
    def sentence(self) -> str:
        """Say who has it, and what that means; what a department said goes before what it waits for."""
        words = {
            "names": self.names,
            "department": self.department,
            "item": self.item,
            "since": day(self.since),
            "on": day(self.settled_at or self.since),
            "reason": self.reason,
        }
        if self.outcome == Outcome.AGREED:
            return (
                _("“%(names)s”已更正：%(department)s%(on)s同意改动“%(item)s”，发过证照的，原来的已注销、换发了新的。")
                % words
            )
        if self.outcome == Outcome.REFUSED:
            return _("%(department)s%(on)s没有同意改动“%(names)s”，内容已恢复成原来的。理由：%(reason)s") % words
        if self.has_agreed:
            return _("“%(names)s”改动后，%(department)s已同意更正“%(item)s”，还在等其他部门。") % words
        return (
            _(
                "“%(names)s”已经用在办好的“%(item)s”里，改动后%(since)s转给%(department)s核对。"
                "核对好以前，已发的证照仍是原来的内容，用到这些内容的其他事项不能准予。"
            )
            % words
        )


def amended_parts(bundle: Bundle, fields: Collection[str] | None = None) -> list[AmendedPart]:
    """Return what departments were asked about changed facts of a bundle, oldest first; ``fields``: only of what touches one of these.

    Cost: one query, none where no correction has changed anything.
    """
    if bundle.form_revision == 1:
        return []
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    asked = list(Amendment.objects.of_bundle(bundle.pk).exclude(outcome=Outcome.DROPPED).order_by("pk"))
    for one in asked:
        one.sub_item.bundle = bundle
    return [
        AmendedPart(
            key=one.sub_item.key,
            item=sub_item_name(one.sub_item, translate),
            department=translate(one.sub_item.office.name),
            names=pgettext("between names", "、").join(
                translate(plan.fields[key].label) for key in one.fields if key in plan.fields
            ),
            since=one.opened_at,
            outcome=one.outcome,
            reason=one.reason,
            settled_at=one.settled_at,
            has_agreed=one.agreed_at is not None,
        )
        for one in asked
        if fields is None or not set(fields).isdisjoint(one.fields)
    ]
