"""The basket: what a visitor has put together so far. It lives in the session, so nobody needs to log in to look.

It goes along to the account that logs in soon after; what somebody left behind in a browser is not for the next one who logs in there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import time

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from catalog.basket.combinations import MOST_MATTERS, Combination
from portal.accounts.organisations.principals import principal_of

SESSION_KEY = "basket"
# How long what was chosen before a login waits for it.
WAITS_SECONDS = 30 * 60
MOST_ITEMS = 60
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_PAIR = re.compile(r"([a-z0-9_-]+)\.([a-z0-9_]+)=([a-z0-9_-]+)\.([a-z0-9_]+)")


def read_basket(request: HttpRequest) -> Combination:
    """Return what the visitor has chosen; whatever is not a choice is left out."""
    kept = request.session.get(_key(request)) or {}
    return make_combination(kept.get("chosen", []), kept.get("same", []))


def keep_basket(request: HttpRequest, chosen: Iterable[str], same: Iterable[str] = ()) -> Combination:
    """Put choices in the place of what was there. ``chosen``: ``matter`` or ``matter/item``; ``same``: ``matter.role=matter.role``."""
    combination = make_combination(chosen, same)
    request.session[_key(request)] = {**_written(combination), "at": int(time())}
    return combination


def _key(request: HttpRequest) -> str:
    """Return where the choice is kept: whoever acts for another puts together for them, and for themselves another time."""
    principal = principal_of(getattr(request, "user", None))
    return SESSION_KEY if principal.is_oneself else f"{SESSION_KEY}:{principal.key}"


def add_to(request: HttpRequest, chosen: Iterable[str]) -> Combination:
    """Put choices beside what is there."""
    held = _written(read_basket(request))
    return keep_basket(request, [*held["chosen"], *chosen], held["same"])


def _forget_what_was_left_behind(sender: object, request: HttpRequest | None, **more: object) -> None:
    """At a login drop what somebody put together in this browser some time ago."""
    kept = getattr(request, "session", {}).get(SESSION_KEY)
    if request is not None and kept is not None and time() - kept.get("at", 0) > WAITS_SECONDS:
        del request.session[SESSION_KEY]


def listen() -> None:
    """Hear of every login, for as long as the process lives."""
    user_logged_in.connect(_forget_what_was_left_behind, dispatch_uid="catalog.basket.session")


def _written(combination: Combination) -> dict[str, list[str]]:
    """Return a combination as forms and sessions write it: what `make_combination` reads."""
    return {
        "chosen": [
            f"{matter}/{item}" if item else matter
            for matter, items in combination.choices.items()
            for item in (items or ("",))
        ],
        "same": [f"{a}.{b}={c}.{d}" for (a, b), (c, d) in sorted(combination.same)],
    }


def make_combination(chosen: Iterable[str], same: Iterable[str] = ()) -> Combination:
    """Return a combination of choices as forms and sessions write them. A whole matter outweighs its single items."""
    choices: dict[str, tuple[str, ...]] = {}
    whole: set[str] = set()
    for text in list(chosen)[: MOST_ITEMS + MOST_MATTERS]:
        matter, slash, item = str(text).partition("/")
        if not _SLUG.fullmatch(matter) or (slash and not _SLUG.fullmatch(item)):
            continue
        if not slash:
            whole.add(matter)
        choices[matter] = () if matter in whole else (*choices.get(matter, ()), item)
    pairs = {
        ((found[1], found[2]), (found[3], found[4]))
        for text in list(same)[:100]
        if (found := _PAIR.fullmatch(str(text)))
    }
    return Combination({matter: tuple(dict.fromkeys(items)) for matter, items in choices.items()}, frozenset(pairs))
