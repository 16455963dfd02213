"""How often one person, and one address, may do what costs the site something: counted in the cache that all processes share."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from portal.lib.counting import count_for_each
from portal.lib.lockout import counted_address


@dataclass(frozen=True, slots=True)
class Brake:
    """So many times by one person, and by one address (behind which a whole hall may sit), within ``window`` seconds.

    ``YIJIAN_LIMITS_FACTOR`` multiplies both: a demo town has few people for many visitors.
    """

    what: str
    by_person: int
    by_address: int
    window: int = 60


def is_braked(request: HttpRequest, brake: Brake, times: int = 1) -> bool:
    """Count so many times, and return whether it is more than allowed."""
    factor = settings.YIJIAN_LIMITS_FACTOR
    whose = [f"address:{counted_address(request)}", *([lane_of(request)] if request.user.is_authenticated else [])]
    by_address, *by_person = count_for_each(brake.what, whose, brake.window, times)
    return by_address > brake.by_address * factor or any(times > brake.by_person * factor for times in by_person)


def lane_of(request: HttpRequest) -> str:
    """Return whose a request is: the account's, or for somebody unknown the address's."""
    return f"person:{request.user.pk}" if request.user.is_authenticated else f"address:{counted_address(request)}"
