"""Security events: logins, failures, lock-outs and refused accesses, with account and address; a row and a log line each.

Call `record_security_event` for whatever else should be known afterwards; a new kind is a word of `SecurityEvent.Kind`.
(ASVS 16.3.1, 16.3.2)
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from portal.ledger.models import SecurityEvent
from portal.lib.lockout import client_address
from portal.lib.private_numbers import mask_text
from portal.lib.throttling import is_too_fast
from portal.lib.vault import blind_index

log = structlog.get_logger(__name__)

Kind = SecurityEvent.Kind
LONGEST_PAGE: Final = 200
MOST_A_MINUTE: Final = 120
MOST_MALFORMED: Final = 10
MOST_DENIED: Final = {False: 10, True: 60}  # by whether we know who asks: nobody removes these rows again


def record_security_event(
    kind: str, request: HttpRequest | None, *, user: Any = None, most: int = MOST_A_MINUTE, **data: Any
) -> None:
    """Write down what happened to whom from where. One statement; beyond ``most`` a minute from one address, the log line alone.

    `user` stands for the request's own where that is not logged in yet, or no longer. `data` holds codes, never what people
    wrote. Neither a query string nor a name that was typed in vain is kept.
    """
    if user is None and request is not None:
        user = getattr(request, "user", None)
    pk = getattr(user, "pk", None)
    address = client_address(request) if request is not None else None
    page = mask_text(request.path)[:LONGEST_PAGE].replace("\x00", "") if request is not None else ""
    log.warning("security_event", kind=str(kind), user=pk, address=address, page=page, **data)
    if request is None or not is_too_fast(request, f"security_event:{kind}", most):
        SecurityEvent.objects.create(kind=str(kind), user_id=pk, address=address, page=page, data=data)


class RecordMalformed:
    """Record every request answered with 400: what cannot be read, a host or a charset that is none, a lookup nobody offers.

    Stands before all others, because most of these are refused before anybody is known. The log line names whoever the session is of,
    and the address; rows beyond ten a minute from one address are left out, and a database that is away changes no answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 400:
            with contextlib.suppress(DatabaseError):
                record_security_event(Kind.MALFORMED, request, most=MOST_MALFORMED, method=str(request.method)[:10])
        return response


class RecordRefused:
    """Record every refused access to a page of `YIJIAN_PERSONAL_PAGES`: 403 to anybody; 404 to whoever is logged in.

    An access door answers 404 for what is not the asker's, as for what does not exist. An address that is none at all, and a
    typing error of a visitor, are no events. Stands below the authentication's middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in (403, 404) and self._is_refusal(request, response):
            most = MOST_DENIED[request.user.is_authenticated]
            record_security_event(Kind.DENIED, request, most=most, status=response.status_code, method=request.method)
        return response

    def _is_refusal(self, request: HttpRequest, response: HttpResponse) -> bool:
        page = request.resolver_match
        if page is None:
            return False
        if response.status_code == 403:
            return True
        is_personal = not {page.view_name, *page.namespaces[:1]}.isdisjoint(settings.YIJIAN_PERSONAL_PAGES)
        return is_personal and request.user.is_authenticated


def logged_in(sender: object, request: HttpRequest | None, user: Any, **_signal: Any) -> None:
    """Receive ``user_logged_in``."""
    record_security_event(Kind.LOGGED_IN, request, user=user)


def logged_out(sender: object, request: HttpRequest | None, user: Any, **_signal: Any) -> None:
    """Receive ``user_logged_out``."""
    if user is not None:
        record_security_event(Kind.LOGGED_OUT, request, user=user)


def login_failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any
) -> None:
    """Receive ``user_login_failed``."""
    record_security_event(Kind.LOGIN_FAILED, request, **_whom(str(credentials.get("username") or "")))


def locked_out(sender: object, request: HttpRequest | None, username: str = "", **_signal: Any) -> None:
    """Receive axes' ``user_locked_out``, whose `username` is the mark that failures are counted under."""
    typed = request.POST.get("username", "") if request is not None else ""
    record_security_event(Kind.LOCKED_OUT, request, **_whom(typed))


def _whom(name: str) -> dict[str, Any]:
    """Return the account of this name, or a mark that only tells whether two tries were for one name.

    People type identity numbers and passwords where an account name belongs: the name itself is not kept.
    """
    account = (
        get_user_model()._default_manager.filter(username__iexact=name).only("pk").first()
        if name.isprintable()
        else None
    )
    return {"user": account} if account is not None else {"name_mark": blind_index("account", name).hex()[:16]}
