"""The whole site as a newcomer starts it, and a browser to use it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.running_site import Site, running_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How long a browser test waits for what it means; one that passes never waits so long, however busy the machine is.
PATIENCE_MILLISECONDS = 60_000


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """Run web, worker and beat with the demo town, on servers and data of their own; for all journeys, whose people share the town.

    To start it takes as much of a processor as the longest of them; it ends with the last, as it is never quite idle.
    """
    with running_site(YIJIAN_GATHERING_HOURS="0") as running:  # how marks are gathered has tests of its own
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all journeys; each person has a window of their own."""
    with running_browser() as chromium:
        yield chromium


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Headless Chromium. In CI its absence is a failure, elsewhere a clear skip.

    Nobody keeps it longer than needed: while Playwright's loop runs in this thread, nothing else may run one, sealing included.
    """
    if CHROMIUM is None:
        message = "Chromium is not installed: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread from here on; tests that ask the database do so beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        yield chromium
        chromium.close()
