"""How many fields a form may send: a whole definition of the catalog is one form, nothing else needs so many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse

MOST_FIELDS: Final = 1000


class FewFields:
    """Refuse (400) forms of more than `MOST_FIELDS` fields everywhere but among the catalog's pages in the console, where
    ``DATA_UPLOAD_MAX_NUMBER_FIELDS`` alone holds. Stands after the CSRF middleware, which has read the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, arguments: Any, named: Any) -> None:
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        try:
            sent = sum(len(values) for _name, values in request.POST.lists())
        except UnreadablePostError:
            return
        if sent > MOST_FIELDS and not request.path.startswith(f"{reverse('admin:index')}catalog/"):
            raise TooManyFieldsSent
