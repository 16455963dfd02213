"""Every route that the resolver knows, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Route:
    """A name as the table of rights knows it, the pattern, and whether the resolver knows it by this name."""

    name: str
    pattern: str
    has_name: bool

    def address(self, **takes: Any) -> str:
        """Return the address of the route for what its pattern takes."""
        if self.has_name:
            return reverse(self.name, kwargs=takes)
        return "/" + re.sub(
            r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>.*?\)\$", lambda one: str(takes[one[1] or one[2]]), self.pattern
        )


def routes() -> dict[str, Route]:
    """Return the routes by name. The admin's nameless ones are called after their place (``admin:matters_bundle_old``, ``admin:any``)."""
    found: dict[str, Route] = {}
    for route in _walk(get_resolver()):
        assert found.setdefault(route.name, route) is route, f"two routes are called {route.name}"
    return found


def _walk(resolver: URLResolver, above: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = above + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, pattern, (*spaces, one.namespace) if one.namespace else spaces)
        elif isinstance(one, URLPattern):
            yield Route(":".join([*spaces, one.name or _place(pattern)]), pattern, bool(one.name))


def _place(pattern: str) -> str:
    parts = pattern.split("/")
    return f"{parts[1]}_{parts[2]}_old" if pattern.endswith("/<path:object_id>/") else "any"
