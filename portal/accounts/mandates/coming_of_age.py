"""Telling a child and its parents on the days on which their mandate changes by law: at 14 the child agrees itself, at 18 it is of age."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from portal.accounts.mandates.activities import birthday, tell_both
from portal.accounts.models import CONSENT_AGE, MAJORITY, Mandate, is_alive
from portal.accounts.people import birth_date

# A day on which nothing ran is made up for; nobody is told of what is longer ago.
LATE_BY = timedelta(days=7)


def tell_of_age() -> int:
    """Tell whoever became 14 (Personal Information Protection Law art. 31) or 18 (Civil Code art. 17) lately, and their parents, once;
    return how many mandates were looked at for it. For the reconciler; once a day, two queries where nobody did.
    """
    today = timezone.localdate()
    if not cache.add(f"of_age:{today}", True, 24 * 3600):
        return 0
    has_account = Q(principal__user__isnull=False) | Q(agent__user__isnull=False)
    parents = Mandate.objects.filter(has_account, is_alive("principal"), kind=Mandate.Kind.PARENT, ended_at=None)
    parents = parents.select_related("principal", "agent")
    # A parent's mandate is over on the day on which the child is 18; by four years more or less the day is found on which it is 14.
    of_age = list(parents.filter(until__gte=today - LATE_BY, until__lt=today))
    later = birthday(today, MAJORITY - CONSENT_AGE)
    near = parents.filter(consents=True, until__gte=later - LATE_BY - timedelta(days=2), until__lte=later)
    consenting = [mandate for mandate in near if _became_fourteen(mandate, today)]
    for kind, mandates in (("of_age", of_age), ("consents_itself", consenting)):
        for mandate in mandates:
            tell_both(
                mandate, f"mandate_{kind}_child", f"mandate_{kind}_parent"
            )  # each once, by the key of the message
    return len(of_age) + len(consenting)


def _became_fourteen(mandate: Mandate, today: date) -> bool:
    """Whether the child became 14 today or in the days before, by its number or else by the end of the mandate."""
    born = birth_date(mandate.principal)
    if born is None and mandate.until is not None:
        born = birthday(mandate.until + timedelta(days=1), -MAJORITY)
    return born is not None and today - LATE_BY <= birthday(born, CONSENT_AGE) <= today
