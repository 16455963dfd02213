"""A manager who saves a definition changes nothing that the public or an applicant reads, until it is published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from catalog.models import ItemMaterial, Material, Matter, MatterItem, SearchTarget, ServiceItem
from catalog.packages.importing import import_package
from catalog.publishing.publishing import publish
from catalog.versions.items import publish_items
from portal.notices.models import Message
from tests.worlds.cast import logged_in
from tests.worlds.tiny import TINY, write_package
from tests.worlds.town import build_town

CANARY = "尚未发布"
SOON = """\
schema: 1
slug: soon
name: 知识产权保护
subject: organisation
stage: 经营发展
status: coming
roles: [{key: company, label: 企业, is_applicant: true}]
sections: [{key: basic, label: 基本信息}]
items: [{item: invoicing}]
"""
PAGES = (
    *(
        "/",
        "/matters/",
        "/matters/?subject=organisation",
        "/items/",
        "/search/?q=开办企业",
        "/search/suggest/?q=开办企业",
    ),
    *(
        "/matters/opening/",
        "/matters/opening/?invoices=yes",
        "/matters/opening/checklist/?invoices=yes",
        "/matters/soon/",
    ),
    *("/items/registration/", "/items/invoicing/", "/matters/opening/mistake/", "/items/registration/mistake/"),
    *("/basket/", "/api/v1/matters/", "/api/v1/matters/opening/"),
)


@pytest.fixture
def catalog(db: None, tmp_path: Path) -> None:
    import_package(write_package(tmp_path, TINY | {"soon/matter.yaml": SOON}))
    call_command("load_search", verbosity=0)


def save_drafts() -> None:
    """Save what a manager may save: names, limits, conditions, where it is listed and how far it is open."""
    for item in ServiceItem.objects.all():
        item.name, item.short_name, item.conditions = f"{item.name}{CANARY}", CANARY, [CANARY]
        item.promised_limit_days, item.theme, item.limit_note = 77, "其他", CANARY
        item.save()
    for matter in Matter.objects.all():
        matter.name, matter.summary, matter.conditions = f"{matter.name}{CANARY}", CANARY, [CANARY]
        matter.stage, matter.theme, matter.position = "纳税缴费", "其他", 99
        matter.status = Matter.Status.COMING if matter.slug == "opening" else Matter.Status.OPEN
        matter.is_listed = False
        matter.save()
    Material.objects.update(name=CANARY)
    ItemMaterial.objects.update(reason=CANARY)
    MatterItem.objects.filter(matter__slug="soon").delete()
    SearchTarget.objects.filter(slug="opening").update(name=f"开办企业{CANARY}")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())


def test_public_pages_stay_as_they_were_published(client: Client, catalog: None) -> None:
    before = {address: read(client, address) for address in PAGES}
    save_drafts()
    for address in PAGES:
        after = read(client, address)
        assert CANARY not in after, address
        assert after == before[address], address


def test_what_is_published_is_read_at_once(client: Client, catalog: None) -> None:
    save_drafts()
    publish_items(ServiceItem.objects.all())
    Matter.objects.update(is_listed=True)
    Matter.objects.filter(slug="soon").update(status=Matter.Status.GUIDE)
    publish(Matter.objects.get(slug="soon"))
    assert CANARY in read(client, "/items/")
    assert "77 个工作日" in read(client, "/items/registration/")
    assert f"知识产权保护{CANARY}" in read(client, "/matters/")
    publish(Matter.objects.get(slug="opening"))
    assert "即将开通" in read(client, "/matters/opening/")
    assert client.get("/matters/opening/checklist/").status_code == 404
    assert client.get("/apply/opening/").status_code in (302, 404)


def test_a_cancelled_item_is_gone_when_that_is_published(client: Client, catalog: None) -> None:
    item = ServiceItem.objects.get(slug="registration")
    ServiceItem.objects.filter(pk=item.pk).update(status=ServiceItem.Status.CANCELLED)
    read(client, "/items/registration/")
    publish_items([item])
    assert client.get("/items/registration/").status_code == 404
    assert "企业设立登记" not in read(client, "/items/")


def test_a_case_keeps_the_names_it_was_filed_under(db: None) -> None:
    town = build_town()
    bundle = town.submit()
    applicant, officer = logged_in(town.li), logged_in(town.zhao)
    name = town.version.name
    part = town.part(bundle, "birth_cert")
    pages = (
        *((applicant, address) for address in ("/", "/bundles/", f"/bundles/{bundle.number}/")),
        *((applicant, address) for address in (f"/bundles/{bundle.number}/receipt/", "/certificates/")),
        (officer, f"/review/cases/{part.number}/"),
    )
    before = {address: read(client, address) for client, address in pages}
    Matter.objects.update(name=CANARY, status=Matter.Status.COMING, is_listed=False)
    ServiceItem.objects.update(name=CANARY, short_name=CANARY)
    assert name
    for client, address in pages:
        after = read(client, address)
        assert CANARY not in after, address
        assert (name in after) == (name in before[address]), address
    assert not any(CANARY in message.content for message in Message.objects.all())
