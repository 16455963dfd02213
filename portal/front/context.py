"""What every page needs to know about how it is shown."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.accounts.organisations.principals import choices, principal_of
from portal.accounts.sessions import watch


def display(request: HttpRequest) -> dict[str, object]:
    """Return the display choices of this visitor (关怀版: larger type, fewer things at once), whom they act for, when their session ends."""
    return {
        "care": request.COOKIES.get("display") == "care",
        "session_watch": watch(request),
        "principal": principal_of(getattr(request, "user", None)),
        "principal_choices": SimpleLazyObject(lambda: choices(request)),
    }
