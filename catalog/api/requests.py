"""How the API reads a request, and how it says that it could not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.lib.strict_json import UnreadableJson, is_storable, read_json


class StrictJsonParser(JSONParser):
    """Takes what ``portal.lib.strict_json`` takes, with texts that can be stored."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            read = read_json(stream.read())
        except UnreadableJson:
            raise ParseError(_("请求不是可以读懂的 JSON。")) from None
        if not is_storable(read):
            raise ParseError(_("请求里有不能保存的字符。"))
        return read


def refusal(exception: Exception, context: Any) -> Response | None:
    """Return every refusal of the framework (400, 405, 406, 415 …) in the shape the API describes."""
    response = exception_handler(exception, context)
    if response is not None:
        code = exception.default_code if isinstance(exception, APIException) else "not_found"
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        response.data = {"code": code, "message": str(detail), "details": {}}
    return response
