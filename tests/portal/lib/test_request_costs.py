"""What a request cost is told to those who run the site, and to nobody outside."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from pytest_django import Settings

from portal.lib.request_costs import RequestCosts

pytestmark = pytest.mark.django_db


def _ask_three_times(request: HttpRequest) -> HttpResponse:
    request.resolver_match = resolve(request.path)
    with connection.cursor() as cursor:
        for number in range(3):
            cursor.execute("SELECT %s", [number])
    return HttpResponse("seen")


def test_a_request_leaves_a_line_with_its_statements_and_no_address(
    settings: Settings, caplog: pytest.LogCaptureFixture, rf: RequestFactory
) -> None:
    settings.YIJIAN_REQUEST_LOG, settings.YIJIAN_SERVER_TIMING = True, False
    caplog.set_level(logging.INFO)
    response = RequestCosts(_ask_three_times)(rf.get("/bundles/20261130-360100-0000001-2/?q=secret"))
    [line] = [
        record.msg for record in caplog.records if isinstance(record.msg, dict) and record.msg["event"] == "request"
    ]
    assert (line["statements"], line["status"], line["method"]) == (3, 200, "GET")
    assert line["route"] == resolve("/bundles/20261130-360100-0000001-2/").route
    assert line["sql_ms"] <= line["ms"]
    assert "0000001" not in str(line)
    assert "secret" not in str(line)
    assert "Server-Timing" not in response


def test_whoever_develops_reads_it_in_the_browser(settings: Settings, rf: RequestFactory) -> None:
    settings.YIJIAN_REQUEST_LOG, settings.YIJIAN_SERVER_TIMING = False, True
    told = RequestCosts(_ask_three_times)(rf.get("/"))["Server-Timing"]
    assert 'desc="3 statements"' in told


def test_nothing_is_counted_where_nobody_asked(settings: Settings) -> None:
    settings.YIJIAN_REQUEST_LOG = settings.YIJIAN_SERVER_TIMING = False
    with pytest.raises(MiddlewareNotUsed):
        RequestCosts(_ask_three_times)
