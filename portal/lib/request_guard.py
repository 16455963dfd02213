"""What no page has to think about: methods nobody offers, and characters that no database can keep."""

from __future__ import annotations

import codecs
import inspect
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.views import APIView

METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST")
NUL: Final = "\x00"
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class UnstorableCharacter(SuspiciousOperation):
    """An address, a header or a field holds a NUL: no keyboard makes one, and PostgreSQL keeps none."""


def keeps_any_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that replaces what cannot be stored by itself, and says so beside the field."""
    view.keeps_any_text = True  # type: ignore[attr-defined]
    return view


class RequestGuard:
    """Answer 405 to methods that no page offers (TRACE, PUT, DELETE, PATCH …), and 400 to a NUL in an address or a field and
    to a body that ends too early or cannot be read.

    The API's views name their own methods. Stands before the session and the CSRF check: neither may refuse such a method
    with another answer, nor look a cookie up that holds a NUL.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, arguments: Any, named: Any) -> HttpResponse | None:
        is_api = inspect.isclass(found := getattr(view, "cls", None)) and issubclass(found, APIView)
        if request.method not in METHODS and not is_api:
            return HttpResponseNotAllowed(
                METHODS, _("这个地址不接受这种请求。"), content_type="text/plain; charset=utf-8"
            )
        try:
            _refuse_nul([request.path_info, *_texts(request.GET.lists())])
        except UnstorableCharacter:
            if is_api:
                refusal = {"code": "bad_request", "message": _("请求里有不能保存的字符。"), "details": {}}
                return JsonResponse(refusal, status=400)
            raise
        if request.method == "POST" and not is_api:
            if request.content_type in FORMS and not _is_utf_8((request.content_params or {}).get("charset", "utf-8")):
                raise BadRequest
            try:
                fields = request.POST.lists()
            except (UnreadablePostError, LookupError, ValueError):  # else the next reader would find an empty form
                raise BadRequest from None
            if not getattr(view, "keeps_any_text", False):
                _refuse_nul(_texts(fields))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, UnreadablePostError):  # of a body that the view itself reads
            raise BadRequest from None


def _is_utf_8(charset: str) -> bool:
    """Say whether a name of an encoding means UTF-8, in which alone forms are read."""
    try:
        return codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):
        return False


def _texts(fields: Iterable[tuple[str, list[Any]]]) -> list[str]:
    return [text for name, values in fields for text in (name, *map(str, values))]


def _refuse_nul(texts: Iterable[str]) -> None:
    if any(NUL in text for text in texts):
        raise UnstorableCharacter
