"""The pages that say that something is wrong, whatever was sent.

Django's own read the form once more, for the token of forms that an error page might hold: where the form cannot be read, or the host is
none of ours, the page itself fails, and a mistake of the sender is answered with 500. Ours hold no form and ask the request for nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _page(403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _page(500)


def _page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
