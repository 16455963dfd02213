"""What every page needs to know about how it is shown."""

from __future__ import annotations

from django.http import HttpRequest


def display(request: HttpRequest) -> dict[str, object]:
    """Return the display choices of this visitor (关怀版: larger type, fewer things at once)."""
    return {"care": request.COOKIES.get("display") == "care"}
