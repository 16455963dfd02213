"""Requests as a web server hands them on, whatever their headers say."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters


class AnyRequest(WSGIRequest):
    """A request whose ``Content-Type`` may be unreadable, or name an encoding that reads no text.

    Django raises at either before any middleware could answer, and reads the address in the encoding of the body. Here addresses
    and forms are UTF-8; forms that say otherwise are refused by `portal.lib.request_guard.RequestGuard`.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        said = meta.get("CONTENT_TYPE", "")
        try:
            self.content_type, self.content_params = parse_header_parameters(said)
        except (ValueError, LookupError):  # RFC 2231: boundary*=utf-99''x; whoever reads such a body refuses it
            self.content_type, self.content_params = said.partition(";")[0].strip().lower(), {}


def serving() -> WSGIHandler:
    """Return the site as a WSGI application."""
    application: WSGIHandler = get_wsgi_application()
    application.request_class = AnyRequest
    return application
