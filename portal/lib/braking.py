"""How often one person, and one address, may do what costs the site something: counted in the cache that all processes share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from portal.lib.lockout import client_address

log = structlog.get_logger(__name__)


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
    """Count so many times, and return whether it is more than allowed. Lets pass while the cache is away."""
    factor = settings.YIJIAN_LIMITS_FACTOR
    by_address = count(brake.what, f"address:{client_address(request)}", times, brake.window)
    by_person = count(brake.what, lane_of(request), times, brake.window) if request.user.is_authenticated else 0
    return by_person > brake.by_person * factor or by_address > brake.by_address * factor


def lane_of(request: HttpRequest) -> str:
    """Return whose a request is: the account's, or for somebody unknown the address's."""
    return f"person:{request.user.pk}" if request.user.is_authenticated else f"address:{client_address(request)}"


def count(what: str, who: str, amount: int, window: int) -> int:
    """Add an amount to what somebody did within a window, and return the sum; with 0 only look. 0 while the cache is away."""
    key = f"brake:{what}:{hashlib.sha256(who.encode()).hexdigest()[:24]}"
    try:
        if not amount:
            return int(cache.get(key, 0))
        return amount if cache.add(key, amount, window) else int(cache.incr(key, amount))
    except ValueError:  # ran out between both calls
        return amount
    except Exception as error:
        log.warning("brake_unavailable", error=type(error).__name__)
        return 0
