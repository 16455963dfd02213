"""Applications begun at a window by somebody who serves there no longer: they stay with the site, and the ledger says so."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef

from matters.cases.window import window_of
from matters.models import Channel, Draft
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events_to_many, open_chains
from portal.ledger.models import Event

RELEASED = "draft_released"


@transaction.atomic
def release_drafts_of(user: User, by: AbstractBaseUser | None = None) -> int:
    """Note, once each, that somebody gave up the unfinished applications they entered where they serve no longer; return how many.

    Nothing moves: whoever serves at the site goes on with them (``matters.cases.window``). The event stands in a chain of the draft.
    """
    told = Event.objects.filter(chain_id=OuterRef("pk"), kind=RELEASED, data__holder=user.pk)
    held = Draft.objects.filter(~Exists(told), channel=Channel.COUNTER, submitted_at=None, entered_by=user)
    window = window_of(user)
    released = [
        draft
        for draft in held.select_related("site").only("id", "channel", "entered_by", "site__code")
        if not window.holds(draft)
    ]
    open_chains([draft.pk for draft in released])
    actor = by.pk if by is not None else None
    append_events_to_many(
        {
            draft.pk: [
                NewEvent(
                    RELEASED,
                    actor_id=actor,
                    department=draft.site.code if draft.site is not None else "",
                    data={"holder": user.pk},
                )
            ]
            for draft in released
        }
    )
    return len(released)
