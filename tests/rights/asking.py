"""Ask one cell of the matrix: one request through every middleware that lets in or sends away, and what came of it in one word."""

from __future__ import annotations

import copy
import functools
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import constants, get_messages
from django.contrib.sessions.backends.signed_cookies import SessionStore as SignedCookies
from django.core.signals import got_request_exception, request_finished
from django.db import close_old_connections, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import _get_new_csrf_string
from django.template import Origin, TemplateDoesNotExist
from django.template.loaders.base import Loader
from django.test import RequestFactory
from django.test.client import ClientHandler
from pytest_django import Settings

from portal.accounts.models import User

IN, OUT, NO_METHOD, BROKEN = "in", "out", "no method", "broken"
# Whatever is not known to read alone is taken for writing; a variable of the transaction counts as written.
_READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE SAVEPOINT)\b")
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|set_config|nextval|setval)\b", re.IGNORECASE)
_REFUSING = frozenset({401, 403, 404, 429})


class BlankLoader(Loader):
    """Find every template, empty: rights are decided before a page is drawn, and drawing is nine tenths of the time."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        yield Origin(template_name, template_name, self)

    def get_contents(self, origin: Origin) -> str:
        if not str(origin.template_name).endswith((".html", ".txt")):
            raise TemplateDoesNotExist(str(origin.template_name))
        return ""


class SessionStore(SignedCookies):
    """Sessions that lie in their cookies, read once, and never written: every request begins with the same ones."""

    def load(self) -> dict[str, Any]:
        return copy.deepcopy(_read_session(self.session_key))

    def save(self, must_create: bool = False) -> None:
        if not self.session_key:
            super().save(must_create)  # whoever logs in gets one


@functools.lru_cache
def _read_session(key: str | None) -> dict[str, Any]:
    return SignedCookies(key).load()


# The templates of a site that draws nothing.
BLANK = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": ["tests.rights.asking.BlankLoader"]},
    }
]


@pytest.fixture
def undrawn(settings: Settings) -> Iterator[None]:
    """Draw no page and write no line about a refused request, for thousands of requests of which the status and the address matter."""
    settings.TEMPLATES = BLANK
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@dataclass(slots=True)
class Asker:
    """Sends requests as Django's client does, without what the client keeps for tests to look at."""

    factory: RequestFactory = field(default_factory=RequestFactory)
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=True))
    secret: str = field(default_factory=_get_new_csrf_string)
    # One savepoint for all requests, to which each that wrote goes back: one inside the other they slow the server down.
    before: str = field(default_factory=lambda: str(connection.savepoint()))
    has_written: bool = False
    # Whose session it is is read once, by the site itself, and the rights that Django keeps with an account as well: each request begins
    # with the same rows. What it learns about the account it writes on a copy.
    users: dict[str, User] = field(default_factory=dict)

    def ask(self, method: str, address: str, cookies: SimpleCookie, data: Mapping[str, Any]) -> str:
        """Return the verdict of one request; what it wrote is rolled back. A POST brings a valid token."""
        if self.handler._middleware_chain is None:  # type: ignore[attr-defined]
            self.handler.load_middleware()
        sent = {"data": dict(data)} if method == "POST" else {}
        request = getattr(self.factory, method.lower())(address, **sent)
        request.COOKIES = {name: morsel.value for name, morsel in cookies.items()} | {"csrftoken": self.secret}
        request.META["HTTP_X_CSRFTOKEN"] = self.secret
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if session in self.users:
            request._cached_user = user = User.__new__(User)  # where `request.user` looks first
            user.__dict__.update(self.users[session].__getstate__())
        self.has_written = False
        broken: list[str] = []

        def note(**_sent: Any) -> None:
            broken.append(repr(sys.exc_info()[1]))

        got_request_exception.connect(note)
        request_finished.disconnect(close_old_connections)  # the connection holds the town
        try:
            with connection.execute_wrapper(self._look_for_writing):
                response = self.handler.get_response(request)
                verdict = verdict_of(request, response)
                response.close()
        finally:
            got_request_exception.disconnect(note)
            request_finished.connect(close_old_connections)
        if self.has_written or connection.needs_rollback:
            connection.savepoint_rollback(self.before)
            connection.run_on_commit.clear()
        if session and session not in self.users and (user := getattr(request, "_cached_user", None)) and user.pk:
            self.users[session] = User.objects.get(pk=user.pk)
            self.users[session].get_all_permissions()
        return f"{verdict}: {broken[0]}" if broken else verdict

    def _look_for_writing(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.has_written = self.has_written or not _READS.match(str(sql)) or _WRITES.search(str(sql)) is not None
        return execute(sql, params, many, context)


def verdict_of(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return what an answer means: was the one who asked let in, sent away, or is there no such method."""
    status = response.status_code
    if status == 405:
        return NO_METHOD
    if status >= 500:
        return BROKEN
    if status in _REFUSING or (300 <= status < 400 and _sends_away(request, str(response.headers["Location"]))):
        return OUT
    return IN


def _sends_away(request: HttpRequest, place: str) -> bool:
    """Whether a redirect is a refusal: to a login, to the console's first page from a row's page, or with a sentence that says no."""
    to_login = place.split("?")[0] in ("/accounts/login/", "/admin/login/") and not request.path.endswith("/login/")
    off_a_row = place == "/admin/" and request.path.startswith("/admin/") and request.path.count("/") > 4
    return to_login or off_a_row or any(one.level >= constants.ERROR for one in get_messages(request))
