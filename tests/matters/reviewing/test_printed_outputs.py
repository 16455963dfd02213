"""Approving with any text that can be typed: the certificate is issued, or the page says why with everything still there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.definitions import OutputDefinition, ResultDefinition
from catalog.models import CertificateType
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.core.states import State
from matters.models import SubItem
from matters.reviewing import review
from tests.certificates.core.test_printable import refusal_of
from tests.worlds.building import publish
from tests.worlds.reading import reading
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, Town

SCOPE = OutputDefinition("scope", "经营范围", "longtext")
TEXTS = {
    "line breaks": "许可项目：餐饮服务。\r\n一般项目：企业管理咨询。",
    "separators of lines": "许可项目：餐饮服务。\u2028一般项目：企业管理咨询。",
    "more than a page": "一般项目：企业管理咨询。" * 300,
    "joiners": "ئايشە\u200cگۈل ᠰᠠᠷᠠ\u180eᠨᠠ 张\u200d三",
    "a tab and a private character": "甲\t乙\ue000",
}


@pytest.fixture
def birth_cert(town: Town) -> SubItem:
    """A sub-item whose decision holds a long text that is printed."""
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    printed = replace(
        birth,
        outputs=(*birth.outputs, SCOPE),
        results=(ResultDefinition("birth_certificate", {"hospital": "output:scope"}, holder="child"),),
    )
    items = (printed, *(item for item in ITEMS if item != birth))
    town.version = publish(MATTER, *items, elements=ELEMENTS, materials=MATERIALS)
    sub_item = town.part(town.submit(), "birth_cert")
    return review.accept(town.zhao, sub_item)


@pytest.fixture
def approve(town: Town, birth_cert: SubItem) -> Callable[..., Any]:
    client = Client()
    client.force_login(town.zhao)
    address = reverse("matters:case_action", args=[birth_cert.number, "approve"])
    return lambda **outputs: client.post(
        address, {**reading(birth_cert), **{f"output.{code}": value for code, value in outputs.items()}}
    )


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_whatever_a_form_takes_can_be_approved(birth_cert: SubItem, approve: Callable[..., Any], text: str) -> None:
    assert approve(number="P360000001", scope=text).status_code == 302
    birth_cert.refresh_from_db()
    assert birth_cert.state == State.APPROVED
    face = open_face(Certificate.objects.get(decision_reference=birth_cert.number))
    (line,) = (line for line in face.lines if line.code == "hospital")
    assert line.value.split() == text.split()
    assert refusal_of(line.value) in {"", "rare_characters"}


@pytest.mark.parametrize(
    ("number", "scope", "said"),
    [
        ("P360000001", "甲\u202e乙", "看不见的控制字符"),
        ("P360000001", "字" * 5001, "5000"),
        ("360000001", TEXTS["line breaks"], "出生医学证明编号"),
    ],
)
def test_what_is_refused_is_said_at_its_box_and_nothing_is_lost(
    birth_cert: SubItem, approve: Callable[..., Any], number: str, scope: str, said: str
) -> None:
    answer = approve(number=number, scope=scope)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert number in page
    assert scope[:30].split("\r")[0] in page
    birth_cert.refresh_from_db()
    assert birth_cert.state == State.ACCEPTED


@pytest.mark.parametrize("fault", ["type", "code"])
def test_a_fault_of_the_catalog_is_told_and_nothing_is_lost(
    town: Town, birth_cert: SubItem, approve: Callable[..., Any], fault: str
) -> None:
    kind = CertificateType.objects.filter(slug="birth_certificate")
    if fault == "type":
        kind.update(slug="another")
    else:
        kind.update(code="X")
    answer = approve(number="P360000001", scope="餐饮服务")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "签发不了" in page
    assert "餐饮服务" in page
    birth_cert.refresh_from_db()
    assert birth_cert.state == State.ACCEPTED
