"""A family that the registers know has little to type; with every register down, everything is filed by hand all the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from portal.front.demo.births import ANSWERS, scanned_page
from tests.journeys.people import Somebody
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = {
    "child:person.name": "李木子",
    "child:person.ethnicity": "01",
    "child:person.native_place": "江西省南昌市西湖区",
    "child:hukou.relation": "son",
    "household:hukou.follow": "mother",
    "child:insurance.payment": "later",
    "guardian:delivery.method": "pickup",
}
# What is typed besides where no register answers.
BY_HAND = {
    "child:person.sex": "1",
    "child:birth.place": "360103",
    "child:birth.institution": "南昌市演示妇幼保健院",
    "mother:person.address": "西湖区桃苑大街 6 栋 803 室",
    "father:person.name": "周亦航",
    "father:person.id_kind": "111",
    "father:person.id_number": "360103199304219974",
    "father:person.phone": "13800000031",
    "household:household.head_name": "李婉清",
    "household:household.number": "3601030218",
    "household:household.division": "360103",
    "household:household.address": "西湖区桃苑大街 6 栋 803 室",
    "child:insurance.division": "360103",
    "child:insurance.address": "西湖区桃苑大街 6 栋 803 室",
}
NUMBER = re.compile(r"\d{8}-\d{6}-\d{7}-\d")


class Counted:
    """A person on a phone whose presses and entries are counted."""

    def __init__(self, somebody: Somebody) -> None:
        self.somebody, self.taps, self.typed, self.uploads = somebody, 0, 0, 0

    @property
    def page(self) -> Page:
        return self.somebody.page

    def press(self, words: str) -> None:
        self.taps += 1
        self.somebody.press(words)

    def tick(self, box: Locator) -> None:
        self.taps += 1
        box.check()

    def fill(self, key: str, value: str) -> None:
        self.taps += 1
        self.typed += 1
        self.somebody.fill(key, value)

    def holds(self, key: str, value: str) -> None:
        """The field holds this, now or as soon as a register has told it."""
        expect(self.page.locator(f'main [name="{key}"]')).to_have_value(value)

    def upload(self, folder: Path) -> None:
        """Hand in every paper that must be, once departments have answered what they were asked."""
        expect(self.page.locator("[data-asking]")).to_have_count(0)
        while (needed := self.page.locator("main section.material").filter(has_text="必交")).count():
            before = needed.count()
            material = needed.first
            accepted = material.locator("input[type=file]").get_attribute("accept") or ""
            kind = "JPEG" if "jpeg" in accepted else "PDF"
            paper = folder / f"{self.uploads}.{'jpg' if kind == 'JPEG' else 'pdf'}"
            paper.write_bytes(scanned_page(f"paper {self.uploads}", kind))
            self.taps += 1
            self.uploads += 1
            material.locator("input[type=file]").set_input_files(paper)
            upload = material.get_by_role("button", name="上传")
            if upload.is_visible():
                upload.click()
            self.page.wait_for_function(
                "before => document.querySelectorAll('main section.material .tag.r').length < before", arg=before
            )

    def begin(self) -> None:
        """Log in and get to the form."""
        self.taps += 1  # the login's button
        self.page.goto("/")
        self.press("新生儿出生")
        self.press("在线办理")
        for question, answer in (ANSWERS | {"claim": "no"}).items():
            self.tick(self.page.locator(f'main [name="{question}"][value="{answer}"]'))
        self.press("下一步")

    def file(self) -> str:
        """Agree to what the departments do, and send it."""
        for consent in self.page.locator('main input[type=checkbox][name="consent"]').all():
            self.tick(consent)
        self.tick(self.page.locator("#truth"))
        self.press("提交申请")
        found = NUMBER.search(self.page.locator("main").inner_text())
        assert found is not None, self.page.locator("main").inner_text()
        return found[0]


def tell(site: Site, mode: str) -> None:
    """Have every sandbox register behave in a way."""
    command = [sys.executable, "-m", "portal.registers.tell", str(site.var / "registers.json"), "*", mode]
    subprocess.run(command, cwd=site.root, env=site.environment, check=True)


def test_a_known_family_types_little(browser: Browser, site: Site, tmp_path: Path) -> None:
    li = Counted(Somebody(browser, site, "li", phone=True))
    li.begin()
    li.press("全部同意，去查询")
    li.holds("father:person.name", "周亦航")  # by the record of marriage; then his papers may be asked for
    if li.page.get_by_role("button", name="全部同意，去查询").count():
        li.press("全部同意，去查询")
    li.fill("father:person.phone", BY_HAND["father:person.phone"])  # of him no register tells her more
    li.holds("household:household.number", "3601030218")
    for key, value in TYPED.items():
        li.fill(key, value)
    li.press("下一步")
    li.upload(tmp_path)
    li.press("下一步")
    assert li.file()
    assert li.typed <= 8, li.typed
    assert li.uploads == 1
    assert li.taps <= 40, li.taps
    li.somebody.leave()


def test_with_every_register_down_it_is_filed_by_hand(browser: Browser, site: Site, tmp_path: Path) -> None:
    tell(site, "down")
    try:
        li = Counted(Somebody(browser, site, "li", phone=True))
        li.begin()
        li.press("全部同意，去查询")
        li.fill("child:person.name", "李木子")
        li.page.wait_for_selector("#inquiries:not([data-asking])")
        li.somebody.sees("这个部门没有答复，相应的内容请自己填写")
        assert li.page.locator('[name="child:person.name"]').input_value() == "李木子"  # nothing is lost
        for key, value in {**TYPED, **BY_HAND}.items():
            li.fill(key, value)
        born = re.sub(r"T.*", "T09:40", li.page.locator("#apply-form").get_attribute("data-today") or "")
        li.fill("child:birth.time", f"{born.partition('T')[0]}T00:01")
        li.press("下一步")
        li.somebody.sees("没有回应，请上传")
        li.upload(tmp_path)
        li.press("下一步")
        assert li.file()
        li.somebody.leave()
    finally:
        tell(site, "normal")
