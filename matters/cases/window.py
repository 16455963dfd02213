"""The window (综合窗口): what a clerk reaches because it was entered where she serves, and what because of her departments.

A clerk serves at departments (right ``serve``), and one of them is the *site* of what she enters: her hall. Whoever entered a case,
and everybody who serves at its site, sees all of it, also where no department of theirs takes part. Of any other case a window sees
the parts of its own departments and nothing else. Reviewers do not serve; what they read is their department's projection
(``matters.cases.access``). Only rights held now count: who entered a case and serves nowhere any more reaches it no longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from catalog.models import Department
from catalog.staff.memberships import departments_for
from matters.models import Bundle, Channel, Draft, SubItem
from matters.models.querysets import own_bundles
from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Window:
    """A clerk at the departments where they serve now; closed where there are none."""

    user_id: int | None
    departments: tuple[Department, ...] = ()
    ids: frozenset[int] = field(default=frozenset())

    @property
    def is_open(self) -> bool:
        """Whether this is a window clerk at all."""
        return bool(self.ids)

    def entered(self, case: Bundle | Draft) -> bool:
        """Return whether the case was entered at this window: by this clerk, or at a site where they serve."""
        if not self.is_open or case.channel != Channel.COUNTER:
            return False
        return case.entered_by_id == self.user_id or case.site_id in self.ids

    def holds(self, draft: Draft) -> bool:
        """Return whether an unfinished application is in this window's hands: it stays where it was entered when its clerk moves on."""
        if not self.is_open or draft.channel != Channel.COUNTER:
            return False
        return draft.site_id in self.ids or (draft.site_id is None and draft.entered_by_id == self.user_id)

    def held_here(self) -> Q:
        """Return the condition of ``holds``."""
        if not self.is_open:
            return Q(pk__in=[])
        return Q(channel=Channel.COUNTER) & (Q(site__in=self.ids) | Q(site=None, entered_by=self.user_id))

    def parts_of(self, bundle: Bundle) -> list[SubItem]:
        """Return the sub-items that this window sees: all of what was entered here, else those of its departments."""
        parts = list(bundle.sub_items.all())
        return parts if self.entered(bundle) else [one for one in parts if one.department_id in self.ids]

    def entered_here(self) -> Q:
        """Return the condition of ``entered``, for bundles and for drafts."""
        if not self.is_open:
            return Q(pk__in=[])
        return Q(channel=Channel.COUNTER) & (Q(entered_by=self.user_id) | Q(site__in=self.ids))

    def reached(self) -> Q:
        """Return the condition of the bundles of which this window sees anything; the clerk's own are read as their applicant reads them."""
        taking_part = SubItem.objects.filter(bundle=OuterRef("pk"), department__in=self.ids)
        return (self.entered_here() | Q(Exists(taking_part))) & ~Q(pk__in=own_bundles(self.user_id))


def window_of(user: User | AnonymousUser) -> Window:
    """Return the window at which this user serves. Cost: one query."""
    departments = tuple(departments_for(user, "serve"))
    return Window(user.pk, departments, frozenset(one.pk for one in departments))
