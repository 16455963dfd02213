"""What a request cost: a log line with its statements and processor time, and a Server-Timing header for whoever develops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)


class RequestCosts:
    """Count what each request asks of the database and of the processor, where `YIJIAN_REQUEST_LOG` or `YIJIAN_SERVER_TIMING` says so.

    The log line (``request``) names method, route and status, never the address: a route has no number of anybody in it. The
    header `Server-Timing <https://www.w3.org/TR/server-timing/>`_ shows the same in a browser's own tools; it is for development
    alone, because times tell a stranger what exists. Stands before all others, and is left out where nobody asked for either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.YIJIAN_REQUEST_LOG or settings.YIJIAN_SERVER_TIMING):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with measured() as costs:
            response = self.get_response(request)
        if settings.YIJIAN_SERVER_TIMING:
            response["Server-Timing"] = costs.header()
        if settings.YIJIAN_REQUEST_LOG:
            page = request.resolver_match
            log.info(
                "request",
                method=str(request.method)[:10],
                route=page.route if page else "",
                status=response.status_code,
                **costs.figures(),
            )
        return response


class Costs:
    """Milliseconds of wall and of this thread's processor time; statements and the milliseconds they took, waiting included."""

    def __init__(self) -> None:
        self.wall = -time.perf_counter()
        self.processor = -time.thread_time()
        self.statements = 0
        self.sql = 0.0

    def end(self) -> None:
        self.wall += time.perf_counter()
        self.processor += time.thread_time()

    def count(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Count one statement (a wrapper of Django's ``connection.execute_wrapper``)."""
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements += 1
            self.sql += time.perf_counter() - begun

    def figures(self) -> dict[str, float]:
        return {
            "ms": round(self.wall * 1000, 1),
            "cpu_ms": round(self.processor * 1000, 1),
            "statements": self.statements,
            "sql_ms": round(self.sql * 1000, 1),
        }

    def header(self) -> str:
        shown = self.figures()
        return (
            f"total;dur={shown['ms']}, cpu;dur={shown['cpu_ms']}, "
            f'sql;dur={shown["sql_ms"]};desc="{self.statements} statements"'
        )


@contextmanager
def measured() -> Iterator[Costs]:
    """Measure what happens inside, in this thread."""
    costs = Costs()
    with connection.execute_wrapper(costs.count):
        try:
            yield costs
        finally:
            costs.end()
