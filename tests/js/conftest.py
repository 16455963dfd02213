"""A browser for the scripts, and the small matter they are tried on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import PATIENCE_MILLISECONDS, running_browser
from tests.worlds.cast import logged_in
from tests.worlds.settling import Case, build_case


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all scripts: nothing in this package seals. Each test opens windows of its own."""
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def case(transactional_db: None) -> Case:
    return build_case()


@pytest.fixture
def open_page(request: pytest.FixtureRequest, live_server: Any, case: Case) -> Iterator[Any]:
    """Return a function that opens a window on a phone, logged in as Li; scripts' complaints fail the test."""
    chromium: Browser = request.getfixturevalue("browser")
    contexts = []
    complaints: list[str] = []

    def open_window(address: str, *, scripts: bool = True, width: int = 390, **options: Any) -> Page:
        cookie = logged_in(case.li).cookies["sessionid"].value
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            base_url=live_server.url,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="zh-CN",
            **options,
        )
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints
