"""Every address the site answers, from its own table: what holds everywhere is tried everywhere."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
EXAMPLES = {"int": "1", "uuid": str(uuid.UUID(int=7)), "slug": "newborn", "str": "1", "path": "1"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every route as it is written, with its pattern."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern).lstrip("^")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route, each


def addresses(given: Mapping[str, str] | None = None, *, text: str = "") -> list[str]:
    """Return one address a route. ``given``: what stands for a parameter, by its name; ``text``: for every one that may be any text."""
    found = []
    for route, _pattern in routes():
        if route.startswith("admin/") and "(?P<url>" in route:
            continue  # the admin's answer to what it does not know
        route = re.sub(r"\(\?P<app_label>([^|)]*)[^)]*\)", r"\1", route).rstrip("$")
        found.append("/" + PARAMETER.sub(lambda match: _value(match[1] or "str", match[2], given or {}, text), route))
    return found


def _value(kind: str, name: str, given: Mapping[str, str], text: str) -> str:
    if name in given:
        return quote(given[name])
    if name == "slug" and kind == "slug":
        return EXAMPLES["slug"]
    return text if text and kind in ("str", "path") else EXAMPLES[kind]
