"""Printing a page of our own as PDF: local fonts, nothing fetched, one font configuration for the whole process."""

from __future__ import annotations

from functools import cache
from typing import Any


class PrintingRefused(Exception):
    """The page asked for something outside itself. ``code``: ``fetch_refused``."""

    code = "fetch_refused"


def print_page(html: str, **options: Any) -> bytes:
    """Return the PDF of `html`, with local fonts and without fetching anything. ``options``: WeasyPrint's own.

    Raises `PrintingRefused` if the page tries to fetch. About 0.1 s for each page.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    refused: list[str] = []

    class DenyAll(URLFetcher):
        """Answers no address at all: not http, not file, not data."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            refused.append(url[:60])
            raise FatalURLFetchingError("a printed page fetches nothing")

    try:
        page = HTML(string=html, url_fetcher=DenyAll())
        printed = page.write_pdf(font_config=_font_configuration(), **options) or b""
    except FatalURLFetchingError:
        raise PrintingRefused(refused[0]) from None
    if refused:  # inside a drawing even a fatal error is only logged
        raise PrintingRefused(refused[0])
    return printed


@cache
def _font_configuration() -> Any:
    """Return the one font configuration of this process; a new one per document grows by megabytes each time."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()
