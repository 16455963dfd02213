"""Every finding leads to the place that mends it, and that place is on the page."""

from __future__ import annotations

import re

from django.test import Client

from catalog.models import GuideQuestion, ItemImplementation, Matter, MatterItem, MatterSection, ServiceItem
from tests.catalog.composing.conftest import address
from tests.catalog.composing.test_preview import see
from tests.pages import page_of


def test_each_finding_leads_to_an_existing_place(desk: Client, opening: Matter) -> None:
    ServiceItem.objects.update(legal_basis=[], promised_limit_days=None, handling="promised")
    MatterItem.objects.filter(item__slug="invoicing").update(condition={"==": [{"var": "answers.invoices"}, "never"]})
    MatterSection.objects.create(matter=opening, key="unused", label="没用的部分", position=5)
    GuideQuestion.objects.create(matter=opening, key="lost", text="没人问", position=5, condition=False).options.create(
        value="a", label="甲"
    )
    html = page_of(desk.get(address(opening)))
    findings = re.findall(r'(?s)<li class="finding [a-z]+"><b>[^<]*</b> <a href="([^"]+)">([^<]+)</a>', html)
    assert {"没有设定依据", "没有哪种情形会办到这个事项", "没有哪种情形会问到这一问", "表单部分里没有字段"} <= {
        message.rpartition("：")[2] for _address, message in findings
    }
    pages = {
        page: desk.get(page).content.decode() for page in {place.partition("#")[0] for place, _message in findings}
    }
    for place, message in findings:
        page, _hash, anchor = place.partition("#")
        assert anchor, message
        assert f'id="{anchor}"' in pages[page], (message, place)


def test_a_missing_role_is_told_once_and_leads_to_the_roles(desk: Client, opening: Matter) -> None:
    opening.roles.all().delete()
    html = page_of(desk.get(address(opening)))
    found = re.findall(r'<a href="([^"]+)">([^<]*：这件事里没有角色“[^<]+)</a>', html)
    assert len(found) == len(set(found))
    assert found
    assert {place.partition("#")[2] for place, _message in found} == {"roles"}
    assert 'id="roles"' in html


def test_a_matter_without_items_is_told_so_and_led_to_them(desk: Client) -> None:
    empty = Matter.objects.create(slug="new", name="新的", subject="person", stage="其他")
    html = page_of(desk.get(address(empty)))
    assert re.findall(r'<a href="([^"]+)">还没有一定要办的事项</a>', html) == [f"{address(empty)}#items"]


def test_a_division_is_previewed_as_it_implements_the_matter(desk: Client, opening: Matter) -> None:
    item = ServiceItem.objects.get(slug="registration")
    ItemImplementation.objects.create(item=item, division_id="360000", overrides={"promised_limit_days": 0})
    assert "江西省" in see(desk, opening)
    assert "江西省的实施（草稿）" in see(desk, opening, division="360000")
