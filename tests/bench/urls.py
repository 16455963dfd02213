"""The site's addresses, and beside them the same submit view with rows saved one by one, and an empty page."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from matters.submitting import submission
from matters.views import apply_submit
from portal.urls import urlpatterns as portal_urlpatterns
from tests.bench.naive import write_bundle_row_by_row


def _with(function: Callable[..., Any], **names: Any) -> Callable[..., Any]:
    """Return the same function, reading some of its global names from here."""
    inner = inspect.unwrap(function)
    assert isinstance(inner, FunctionType)
    copy = FunctionType(inner.__code__, {**inner.__globals__, **names}, inner.__name__, inner.__defaults__)
    copy.__kwdefaults__ = inner.__kwdefaults__
    return copy


submit_row_by_row = _with(
    apply_submit.submit, submit_bundle=_with(submission.submit_bundle, write_bundle=write_bundle_row_by_row)
)


@login_required
@require_http_methods(["POST"])
def nothing(request: HttpRequest) -> HttpResponse:
    """Session, user and CSRF token, and nothing else: no page can be quicker."""
    return HttpResponse(request.user.pk)


urlpatterns = [
    path("bench/submit/<uuid:draft_id>/", login_required(require_http_methods(["POST"])(submit_row_by_row))),
    path("bench/nothing/", nothing),
    *portal_urlpatterns,
]
