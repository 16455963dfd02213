"""The people of a journey, each in a browser window of their own."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from portal.front.demo.people import PASSWORD
from tests.journeys.conftest import PATIENCE_MILLISECONDS
from tests.running_site import Site

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Somebody:
    """Someone logged in to the site; complaints of the browser (scripts, content policy) fail the journey."""

    def __init__(
        self, browser: Browser, site: Site, username: str = "", *, phone: bool = False, scripts: bool = True
    ) -> None:
        self.site = site
        self.context = browser.new_context(
            viewport=PHONE if phone else DESK,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=site.address,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MILLISECONDS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if username:
            self.log_in(username)

    def log_in(self, username: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("登录")

    def press(self, words: str) -> None:
        """Press a button or follow a link of the page's main part by what stands on it."""
        main = self.page.locator("main")
        pattern = re.compile(rf"^\s*{re.escape(words)}")
        main.get_by_role("button", name=pattern).or_(main.get_by_role("link", name=pattern)).first.click()
        self.page.wait_for_load_state()

    def fill(self, key: str, value: Any) -> None:
        """Fill in a field of the merged form by its key, whatever control it has."""
        if isinstance(value, str) and self._named(f"{key}.year").count():
            self._fill_moment(key, value)
            return
        control = self._named(key)
        kind = control.first.evaluate("control => control.type")
        if kind in ("radio", "checkbox"):
            self.page.locator(f'main [name="{key}"][value="{value}"]').check()
        elif kind == "select-one":
            control.select_option(str(value))
        else:
            control.fill(str(value))

    def is_asked(self, key: str) -> bool:
        """Whether the field can be typed in just now."""
        named = self._named(key).or_(self._named(f"{key}.year"))
        return named.count() > 0 and named.first.is_visible()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def reload_until(self, what: str | Locator, seconds: float = 180) -> None:
        """Look again until the text or element stands on the page: a worker is at it."""
        main = self.page.locator("main")
        end = time.monotonic() + seconds
        while what not in main.inner_text() if isinstance(what, str) else not what.count():
            assert time.monotonic() < end, f"“{what}” did not appear: {main.inner_text()[:800]}"
            time.sleep(0.3)
            self.page.reload()

    def fits(self) -> None:
        """The page is no wider than the window."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"]  # type: ignore[index]

    def leave(self) -> None:
        self.context.close()
        assert self.complaints == []

    def _named(self, name: str) -> Locator:
        return self.page.locator(f'main [name="{name}"]')

    def _fill_moment(self, key: str, value: str) -> None:
        day, _separator, hour = value.partition("T")
        parts = dict(zip(("year", "month", "day"), day.split("-"), strict=True))
        if hour:
            parts |= dict(zip(("hour", "minute"), hour.split(":"), strict=True))
        for part, number in parts.items():
            self._named(f"{key}.{part}").fill(number)

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused form comes back with status 422: the browser notes that, and nothing is wrong.
        if message.type == "error" and "422" not in message.text:
            self.complaints.append(message.text)
