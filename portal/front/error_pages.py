"""The pages that say that something is wrong, whatever was sent.

Django's own read the form once more, for the token of forms that an error page might hold: where the form cannot be read, or the host is
none of ours, the page itself fails, and a mistake of the sender is answered with 500. Ours hold no form and ask the request for nothing,
but one: where something that pages need is away (database, disk), what was sent comes back in a form that sends the same once more.
"""

from __future__ import annotations

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string

from portal.embedded import EmbeddedServerError
from portal.outbox.faults import is_of_environment

# When to look again, in seconds.
RETRY_AFTER: Final = 5
# What a page must not hold, though somebody typed it.
_SECRET: Final = ("password", "code", "otp", "credential")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _page(403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer 500, or 503 with ``Retry-After`` where what pages need is away: that is nobody's mistake, and passes."""
    error = sys.exc_info()[1]
    if error is None or not (is_of_environment(error) or isinstance(error, EmbeddedServerError)):
        return _page(500)
    return _unavailable(request)


def _unavailable(request: HttpRequest) -> HttpResponseBase:
    response: HttpResponse
    if request.path.startswith("/api/"):
        sentence = "系统暂时连不上，请稍后用同样的内容再发一次。"
        response = JsonResponse({"code": "unavailable", "message": sentence, "details": {}}, status=503)
    else:
        sent = _sent(request)
        context = {
            "retry_after": RETRY_AFTER,
            "is_post": request.method == "POST",
            "path": request.get_full_path(),
            "sent": sent,
        }
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form sent, in its order; nothing of one with files or secrets, which its own page in the browser still holds."""
    try:
        if request.method != "POST" or request.FILES:
            return []
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:  # a body that cannot be read, or that was read as something else: nothing to keep
        return []
    return [] if any(secret in name for name, _value in fields for secret in _SECRET) else fields


def _page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
