"""What is somebody's own is kept by no cache: neither on the way nor in a browser that others use after them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class NoStore:
    """Send ``Cache-Control: private, no-store`` with every answer to a visitor who has a session, with every answer that begins
    one, and with every page that is personal by its nature (`YIJIAN_PERSONAL_PAGES`). All other pages may be kept.

    It reads no session that the page itself did not read. Stands right below the session's middleware. (ASVS 14.3.2)
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _has_session(request) or _is_personal(request):
            response["Cache-Control"] = "private, no-store"
        return response


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or not request.session.is_empty()


def _is_personal(request: HttpRequest) -> bool:
    page = request.resolver_match
    if page is None:
        return False
    names = {page.view_name, *page.namespaces[:1]}
    return not names.isdisjoint(settings.YIJIAN_PERSONAL_PAGES)
