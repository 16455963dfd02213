"""Where somebody goes on after proving who they are, and who is about to open an account: kept sealed in the session, for ten minutes."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from time import time
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.accounts.identity.word import PlatformWord
from portal.lib.vault import SealBroken, seal, unseal

KEEP_SECONDS = 10 * 60
SESSION_KEY = "coming_by_platform"
_CONTEXT = "accounts.identity.coming"


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody whom the platform vouches for and who has no account yet, and where they were heading."""

    word: PlatformWord
    target: str


def safe_target(request: HttpRequest, target: str) -> str:
    """Return a path of this site to go on to; "" for anything else, and for the pages about logging in."""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return ""
    about_login = {reverse(f"accounts:{name}") for name in ("login", "logout", "register", "platform")}
    return "" if urlsplit(target).path in about_login else target


def keep_coming(request: HttpRequest, coming: Coming) -> None:
    """Keep whom the platform vouches for until they have said whether to open an account."""
    sealed = seal({"at": int(time()), "word": asdict(coming.word), "target": coming.target}, _CONTEXT)
    request.session[SESSION_KEY] = base64.b64encode(sealed).decode()


def taken_coming(request: HttpRequest, *, keep: bool) -> Coming | None:
    """Return whom the platform vouched for in this session within ten minutes, or None; once, unless they are to be kept."""
    kept = request.session.get(SESSION_KEY) if keep else request.session.pop(SESSION_KEY, None)
    if not kept:
        return None
    try:
        told = unseal(base64.b64decode(kept), _CONTEXT)
    except (SealBroken, ValueError):
        return None
    if time() - told["at"] > KEEP_SECONDS:
        return None
    return Coming(PlatformWord(**told["word"]), told["target"])
