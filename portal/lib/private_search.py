"""Searching the lists of the console without an identity number, a telephone number or a name in the address.

What is looked for is posted and kept, sealed, in the session under a token; the address, with every link of the page that goes on from
it, holds the token alone. So it stands in no history, no log of a proxy and no ``Referer``.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from portal.lib.private_numbers import mask_text
from portal.lib.vault import SealBroken, seal, unseal

POSTED: Final = "_search"
MARK: Final = "~"
MOST_KEPT: Final = 20
LONGEST: Final = 200
SESSION_KEY: Final = "searches"


def searching_privately(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a list of the console be searched by POST; other requests pass through. A number in an address is taken out of it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and POSTED in request.POST:
            return _go_to(request, request.POST.get(SEARCH_VAR, ""))
        typed = request.GET.get(SEARCH_VAR, "")
        if request.method != "GET" or not typed:
            return view(request, *args, **kwargs)
        if mask_text(typed) != typed:
            return _go_to(request, typed)
        if not typed.startswith(MARK):
            return view(request, *args, **kwargs)
        # The view reads the words; what it shows as links is written with the token again.
        words, with_words = _recall(request, typed), request.GET.copy()
        with_words[SEARCH_VAR] = words
        addressed, request.GET = request.GET, with_words  # type: ignore[assignment]
        response = view(request, *args, **kwargs)
        request.GET = addressed
        if isinstance(response, TemplateResponse) and response.context_data:
            _address_by_token(response.context_data, request, words, typed)
        return response

    return answer


def _go_to(request: HttpRequest, typed: str) -> HttpResponse:
    others = [
        (name, value)
        for name, values in (request.POST if request.method == "POST" else request.GET).lists()
        if name not in {SEARCH_VAR, POSTED, "csrfmiddlewaretoken", "p"}
        for value in values
    ]
    search = [(SEARCH_VAR, _keep(request, typed[:LONGEST]))] if typed.strip() else []
    address = urlencode([*others, *search])
    return HttpResponseRedirect(f"{request.path}?{address}" if address else request.path)


def _keep(request: HttpRequest, typed: str) -> str:
    token = MARK + secrets.token_urlsafe(9)
    kept = dict(list(request.session.get(SESSION_KEY, {}).items())[-MOST_KEPT + 1 :])
    sealed = base64.b64encode(seal(typed, f"search:{token}")).decode()
    request.session[SESSION_KEY] = {**kept, token: sealed}
    return token


def _recall(request: HttpRequest, token: str) -> str:
    """Return what was looked for under a token; the token itself, which finds nothing, where it is not this session's."""
    try:
        return str(unseal(base64.b64decode(request.session[SESSION_KEY][token]), f"search:{token}"))
    except (KeyError, TypeError, ValueError, SealBroken):
        return token


def _address_by_token(context: dict[str, Any], request: HttpRequest, words: str, token: str) -> None:
    shown = context.get("cl")
    if shown is None:
        return
    # What links are made from, and the links that were made before.
    shown.params[SEARCH_VAR], shown.filter_params[SEARCH_VAR] = token, [token]
    for made in ("remove_facet_link", "add_facet_link", "clear_all_filters_qs"):
        link = getattr(shown, made) or ""
        setattr(shown, made, link.replace(urlencode({SEARCH_VAR: words}), urlencode({SEARCH_VAR: token})))
    going_back = urlencode({"_changelist_filters": request.GET.urlencode()})
    shown.preserved_filters = going_back
    context["preserved_filters"] = going_back
