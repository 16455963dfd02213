"""Showing a document that people agree to: as a page, as PDF, and as the plain text that its digest is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.lib.braking import Brake, is_braked
from portal.lib.documents import Document, digest_of
from portal.lib.printing import print_page

PRINTS = Brake("document", by_person=30, by_address=300)


def document_response(
    request: HttpRequest,
    document: Document,
    *,
    text: str = "",
    digest: str = "",
    facts: tuple[tuple[str, str], ...] = (),
    state: str = "",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return a document as ``?as=`` asks: ``pdf``, ``txt``, or else the page.

    ``text`` and ``digest``: as they are kept, where they are; else the document's own. ``facts``: what is known of it beside its words
    (who agreed, when). ``state``: a sentence that says what this document is now. ``context``: where the page leads back to
    (``back``, ``back_label``).
    """
    text = text or document.text
    digest = digest or digest_of(text)
    if digest_of(text) != digest:
        state = _("原文与保存的摘要不符，请告诉系统管理员。")
    wanted = request.GET.get("as", "")
    shown = {"document": document, "digest": digest, "facts": facts, "state": state}
    response: HttpResponse
    if wanted == "txt":
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{digest[:12]}.txt"'
    elif wanted == "pdf":
        if is_braked(request, PRINTS):
            return HttpResponse(
                _("打开得太快了，请过一分钟再试。"), content_type="text/plain; charset=utf-8", status=429
            )
        response = HttpResponse(printed(document, shown), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{digest[:12]}.pdf"'
    else:
        response = render(request, "documents/page.html", {**shown, **(context or {})})
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def printed(document: Document, shown: Mapping[str, Any]) -> bytes:
    """Return a document as PDF (tagged, A4), with its digest on every page. About 0.1 s a page; nothing is fetched."""
    language = get_language() or "zh-hans"
    html = render_to_string(
        "print/document.html",
        {**shown, "document": document, "language": language, "is_demonstration": settings.YIJIAN_DEMO},
    )
    return print_page(html, pdf_variant="pdf/ua-1", pdf_tags=True)
