"""What people do in more than one journey: hand in papers, file, decide."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from portal.front.demo.births import scanned_page
from tests.journeys.people import Somebody


def upload_everything(somebody: Somebody, folder: Path, *, deferrable: bool = False) -> None:
    """Hand in a scanned page for every paper that must be there; ``deferrable``: also for what might follow later, and holds the result up."""
    tags, words = (".tag.r, .tag.a", "必交|可以后补") if deferrable else (".tag.r", "必交")
    while True:
        needed = (
            somebody.page.locator("main section.material")
            .filter(has=somebody.page.locator(tags))
            .filter(has_text=re.compile(words))
        )
        if not needed.count():
            return
        material = needed.first
        accepted = material.locator("input[type=file]").get_attribute("accept") or ""
        kind = "JPEG" if "jpeg" in accepted or ".jpg" in accepted else "PDF"
        before = needed.count()
        page = folder / f"paper-{before}.{'jpg' if kind == 'JPEG' else 'pdf'}"
        page.write_bytes(scanned_page(f"paper {before}", kind))
        material.locator("input[type=file]").set_input_files(page)
        upload = material.get_by_role("button", name="上传")
        if upload.is_visible():
            upload.click()
        expect(needed.nth(before - 1)).to_have_count(0)


def filed(somebody: Somebody) -> str:
    """Agree to what the departments do, send it, and return the number it is filed under."""
    for consent in somebody.page.locator('main input[type=checkbox][name="consent"]').all():
        consent.check()
    somebody.page.locator("#truth").check()
    somebody.press("提交申请")
    found = re.search(r"\d{8}-\d{6}-\d{7}-\d", somebody.page.locator("main").inner_text())
    assert found is not None, somebody.page.locator("main").inner_text()
    return found[0]


def open_case(officer: Somebody, department: str, number: str, name: str) -> None:
    """Open a case from the queue of its department, as soon as it is there."""
    officer.page.goto(f"/review/{department}/")
    row = officer.page.locator("main tr").filter(has_text=number).filter(has_text=name)
    officer.reload_until(row)
    row.get_by_role("link").first.click()
    officer.page.wait_for_load_state()
    officer.sees(name)


def decide(
    officer: Somebody, department: str, number: str, name: str, outputs: dict[str, str], sees: str | None = None
) -> None:
    """Accept and approve, with what the department fills in; a day that is not named is today."""
    open_case(officer, department, number, name)
    if sees:
        officer.sees(sees)
    officer.press("受理")
    today = timezone.localdate().isoformat()
    for field in officer.page.locator('#decide [name^="output."]').all():
        code = (field.get_attribute("name") or "").removeprefix("output.")
        is_date = field.get_attribute("type") == "date"
        if code in outputs:
            officer.fill(f"output.{code}", outputs[code])
        elif is_date:
            field.fill(today)
    if officer.page.locator("#pass-rest").is_visible():
        officer.page.locator("#pass-rest").click()
    officer.press("确认准予")
    officer.page.locator("#sending [data-do=send]").click()
    officer.sees("已办结")
