"""Divisions of the whole country while one is typed."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.identifiers.divisions import LONGEST, ended, full_name, suggest_divisions


@require_safe
@cache_control(public=True, max_age=86400)
def places(request: HttpRequest) -> JsonResponse:
    """Return ``{"places": [{"code", "name", "until"}]}``, ten at most. ``until``: the last year of a division of the past. No query."""
    typed = request.GET.get("q", "")[: LONGEST + 1]
    found = suggest_divisions(typed)
    return JsonResponse({"places": [{"code": code, "name": full_name(code), "until": ended(code)} for code in found]})
