"""Write the pictures of docs/images from the demo town: ``python -m tests.journeys.screenshots http://127.0.0.1:8000``.

The site must be running with a fresh demo town (``make run``).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from portal.front.demo.births import ANSWERS, BIRTHS, form_values
from portal.front.demo.people import PASSWORD
from tests.journeys.conftest import CHROMIUM, SWITCHES
from tests.processes import ROOT

IMAGES = ROOT / "docs" / "images"
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


class Photographer:
    """Logs in, opens pages and keeps what the window shows."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)

    def window(self, username: str = "", *, phone: bool = False) -> Page:
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK, locale="zh-CN", base_url=self.address, reduced_motion="reduce"
        )
        page = context.new_page()
        if username:
            page.goto("/accounts/login/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.click("main form .btn")
        return page

    def keep(self, page: Page, name: str) -> None:
        page.wait_for_timeout(300)
        page.screenshot(path=IMAGES / f"{name}.png")

    def close(self) -> None:
        self.browser.close()
        self.playwright.stop()


def main(address: str) -> None:
    """Take every picture. Needs a minute."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    camera = Photographer(address)
    anybody = camera.window()
    for path, name in (("/", "home"), ("/matters/newborn/", "matter")):
        anybody.goto(path)
        camera.keep(anybody, name)
    _following(camera)
    _form(camera)
    _desk(camera)
    _certificate(camera)
    _catalog(camera)
    camera.close()


def _catalog(camera: Photographer) -> None:
    phone = camera.window(phone=True)
    query = "&".join(f"{question}={answer}" for question, answer in ANSWERS.items())
    phone.goto(f"/matters/newborn/checklist/?{query}")
    camera.keep(phone, "checklist-phone")
    manager = camera.window("tang")
    manager.goto("/admin/catalog/matter/?q=newborn")
    manager.locator("#result_list tbody th a").first.click()
    manager.wait_for_url("**/change/**")
    manager.locator("h2").filter(has_text="联办事项").first.scroll_into_view_if_needed()
    camera.keep(manager, "composer")


def _form(camera: Photographer) -> None:
    phone = camera.window("chen", phone=True)
    phone.goto("/apply/newborn/")
    for question, answer in ANSWERS.items():
        phone.locator(f'main [name="{question}"][value="{answer}"]').check()
    phone.click("main form button.btn")
    phone.wait_for_url("**/form/")
    values = form_values(BIRTHS[0], timezone.localdate() - timedelta(days=5))
    phone.fill('[name="child:person.name"]', "李䶮1")
    phone.locator('[name="child:person.sex"][value="1"]').check()
    phone.fill('[name="child:birth.institution"]', str(values["child:birth.institution"]))
    phone.locator('[name="child:person.name"]').scroll_into_view_if_needed()
    phone.wait_for_timeout(2500)
    camera.keep(phone, "form-phone")
    phone.set_viewport_size(DESK)
    phone.evaluate("window.scrollTo(0, 0)")
    camera.keep(phone, "form")


def _following(camera: Photographer) -> None:
    page = camera.window("chen")
    page.goto("/bundles/")
    page.locator("main a").filter(has_text="新生儿出生").first.click()
    camera.keep(page, "progress")
    page.set_viewport_size(PHONE)
    camera.keep(page, "progress-phone")


def _desk(camera: Photographer) -> None:
    page = camera.window("zhao")
    page.goto("/review/police/")
    camera.keep(page, "queue")
    page.locator("main table a").first.click()
    camera.keep(page, "case")
    clerk = camera.window("sun")
    clerk.goto("/admin/counter/")
    camera.keep(clerk, "counter")


def _certificate(camera: Photographer) -> None:
    page = camera.window("ouyang")
    page.goto("/certificates/")
    camera.keep(page, "library")
    page.get_by_role("link", name="居民户口簿").first.click()
    page.wait_for_load_state()
    address = page.locator('main a[href*="pdf"]').first.get_attribute("href")
    assert address is not None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pdf"
        file.write_bytes(page.context.request.get(address).body())
        subprocess.run(["pdftoppm", "-r", "96", "-png", "-singlefile", file, IMAGES / "certificate"], check=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
