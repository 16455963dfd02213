"""A child is born: the parent on a phone, four departments at their desks, six results, one correction on the way."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect

from portal.front.demo.births import ANSWERS, Birth, Parent, form_values
from portal.front.demo.people import CITIZENS, with_check_digit
from tests.journeys.people import Somebody
from tests.journeys.steps import decide, filed, open_case, upload_everything
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LI = CITIZENS[0]
BIRTH = Birth(
    child="李木子",
    sex="1",
    born_days_ago=5,
    mother=Parent(LI.name, LI.number, LI.phone),
    father=Parent("张远航", with_check_digit("36010319930404999"), "13800000031"),
    district="360103",
    address="西湖区朝阳中路演示小区 1 栋 101 室",
    stage=0,
    username="li",
    claim="yes",
)
BORN_ON = timezone.localdate() - timedelta(days=BIRTH.born_days_ago)
CHILD_NUMBER = with_check_digit(f"360103{BORN_ON:%Y%m%d}997")


def test_a_birth_is_one_application_with_six_results(browser: Browser, site: Site, tmp_path: Path) -> None:
    parent = Somebody(browser, site, "li", phone=True)
    number = apply(parent, tmp_path)

    wang = Somebody(browser, site, "wang")
    decide(wang, "health", number, "《出生医学证明》首次签发", {"certificate_number": "Z360000997"})
    decide(wang, "health", number, "预防接种证办理", {"booklet_number": "36010099"})

    zhao = Somebody(browser, site, "zhao")
    open_case(zhao, "police", number, "出生户口登记")
    zhao.sees("Z360000997")  # what was decided before, read-only
    assert "6222021234567890128" not in zhao.page.content()  # and nothing that is not the police's business
    ask_for_correction(zhao)

    correct(parent, number)

    decide(zhao, "police", number, "出生户口登记", {"id_number": CHILD_NUMBER})
    qian = Somebody(browser, site, "qian")
    decide(
        qian,
        "insurance",
        number,
        "城乡居民基本医疗保险参保登记",
        {"insurance_number": "360100000997"},
        sees=CHILD_NUMBER,
    )
    decide(qian, "insurance", number, "生育医疗费用报销", {"approved_amount": "2600.00"})
    liu = Somebody(browser, site, "liu")
    decide(liu, "labour", number, "社会保障卡申领", {"card_number": "A00000997"}, sees=CHILD_NUMBER)

    parent.page.goto(f"/bundles/{number}/")
    parent.reload_until("全部事项都已办结")
    parent.fits()
    check_certificates(browser, site, parent, tmp_path)
    for somebody in (parent, wang, zhao, qian, liu):
        somebody.leave()

    checked = site.manage("check_integrity", "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def apply(parent: Somebody, folder: Path) -> str:
    """From the home page to the number of the application, on a phone."""
    parent.page.goto("/")
    parent.fits()
    parent.press("新生儿出生")
    parent.fits()
    parent.press("在线办理")
    for question, answer in (ANSWERS | {"claim": "yes"}).items():
        parent.page.locator(f'main [name="{question}"][value="{answer}"]').check()
    parent.press("下一步")
    parent.fits()
    for key, value in form_values(BIRTH, BORN_ON).items():
        if parent.is_asked(key):
            parent.fill(key, value)
    parent.press("下一步")
    parent.sees("还需要上传")
    upload_everything(parent, folder)
    parent.press("下一步")
    return filed(parent)


def ask_for_correction(officer: Somebody) -> None:
    officer.page.locator("#correct summary").click()
    officer.page.locator('[name="gap"][value="field:household:household.number"]').check()
    officer.page.locator('[name="reason:field:household:household.number"]').fill(
        "户号与户口簿首页不一致，请照首页填写。"
    )
    officer.press("一次告知申请人")
    officer.sees("等申请人补正")


def correct(parent: Somebody, number: str) -> None:
    """Exactly what was named may be changed; then the case goes on."""
    parent.page.goto(f"/bundles/{number}/")
    parent.reload_until("户号与户口簿首页不一致")
    parent.press("现在补正")
    parent.sees("户号与户口簿首页不一致")
    assert parent.page.locator('main [name="child:person.name"]').count() == 0
    parent.fill("household:household.number", "360102000997")
    parent.fits()
    parent.press("提交补正")
    parent.sees("户口登记")


def check_certificates(browser: Browser, site: Site, parent: Somebody, folder: Path) -> None:
    """Six certificates of the application in the library; one of them as a file: signed, and its QR code leads to its verification."""
    links = parent.page.locator('main a[href^="/certificates/"]').all()
    addresses = {link.get_attribute("href") for link in links}
    assert len(addresses) == 6
    parent.page.goto("/certificates/")
    for address in addresses:
        card = parent.page.locator("main .card").filter(has=parent.page.locator(f'a[href="{address}"]'))
        expect(card.locator(".tag")).to_have_text("有效")
    parent.page.get_by_role("link", name="出生医学证明").first.click()
    parent.page.wait_for_load_state()
    parent.reload_until("下载")
    address = parent.page.locator('main a[href$=".pdf"], main a[href*="/pdf"]').first.get_attribute("href")
    assert address is not None
    response = parent.context.request.get(site.address + address if address.startswith("/") else address)
    assert response.status == 200
    file = folder / "certificate.pdf"
    file.write_bytes(response.body())

    if shutil.which("pdfsig"):
        told = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in told, told
    subprocess.run(["pdftoppm", "-r", "150", "-png", file, folder / "page"], check=True)
    codes = zxingcpp.read_barcodes(Image.open(next(folder.glob("page*.png"))))
    assert codes
    anybody = Somebody(browser, site)
    anybody.page.goto(codes[0].text)
    anybody.sees("有效")
    anybody.sees("出生医学证明")
    assert BIRTH.mother.number not in anybody.page.content()
    anybody.leave()
