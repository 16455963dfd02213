"""Look at a matter as the applicant will see it, before it is published: of the draft, of a proposal, or as a division does it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.composing.previewing import Preview, open_preview
from catalog.models import Matter


def preview(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the preview of a matter under the answers of the query string. ``proposal``: of what that proposal froze; ``division``: as
    that division implements it."""
    matter = Matter.objects.select_related("lead_department", "division").filter(pk=pk).first()
    if matter is None:
        raise Http404
    if not model_admin.has_view_permission(request, matter):
        raise PermissionDenied
    shown: Preview | None = open_preview(matter, request.GET)
    if shown is None:
        raise Http404
    return render(request, "admin/catalog/preview/preview.html", {"matter": matter, "preview": shown})
