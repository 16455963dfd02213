"""Who changes definitions, from where and why: what the database notes beside every change (django-pghistory's context).

Keys of a context: ``user`` (primary key), ``place`` (address in the console, or the command), ``reason``, ``package``, ``proposal``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def recording(place: str, *, user_id: int | None = None, **more: Any) -> AbstractContextManager[Any]:
    """Return a context for a piece of work: all its changes are one entry of the history. Inside another one it adds to that."""
    return pghistory.context(place=place, **({"user": user_id} if user_id else {}), **more)  # type: ignore[no-any-return]


def because(reason: str, **more: Any) -> AbstractContextManager[Any]:
    """Return a context that adds why something is changed."""
    return pghistory.context(reason=reason, **more)  # type: ignore[no-any-return]


class RecordWhoChanges:
    """Middleware: what is written from the console bears the name of who wrote it. Elsewhere no definition is written, and nothing is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _WRITING or not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        with recording(request.path, user_id=request.user.pk):
            return self.get_response(request)
