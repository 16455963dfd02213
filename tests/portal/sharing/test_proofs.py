"""仍需证明清单: every proof that a published item asks for, with what rows say is to take its place."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Department, ItemMaterial, Material, MaterialExemption, ServiceItem
from catalog.versions.items import publish_items
from portal.sharing.models import Grant, Provision
from portal.sharing.proofs import Standing, proofs
from tests.pages import page_of
from tests.worlds.sources import open_source

CODES = ("household", "diploma", "letter", "form")


@pytest.fixture
def item(db: None) -> ServiceItem:
    department = Department.objects.create(code="labour", name="市人社局", short_name="人社")
    item = ServiceItem.objects.create(slug="one", name="某补贴", department=department)
    for code in CODES:
        issued = "申请人自备" if code == "form" else "政府部门核发"
        material = Material.objects.create(code=code, name=f"材料{code}", issued_by=issued)
        need = ItemMaterial.objects.create(item=item, material=material)
        if code == "household":
            MaterialExemption.objects.create(need=need, kind="shared_data", reference="police")
        if code == "letter":
            MaterialExemption.objects.create(need=need, kind="commitment")
    publish_items([item])
    return item


def standings() -> dict[str, Standing]:
    return {proof.paper.removeprefix("材料"): proof.standing for proof in proofs()}


def test_each_proof_says_what_is_to_take_its_place(item: ServiceItem) -> None:
    assert standings() == {
        "household": Standing.PLANNED,
        "diploma": Standing.NONE,
        "letter": Standing.COMMITMENT,
    }
    police = Department.objects.create(code="police", name="市公安局", short_name="公安")
    open_source(police, "household", "diploma")
    assert standings()["household"] == standings()["diploma"] == Standing.SUPPLIED
    wanted = Provision.objects.get(code="household")
    asked = Grant.objects.create(provision=wanted, item="one", purpose="办理", state="requested")
    assert standings()["household"] == Standing.REQUESTED
    page = page_of(Client().get("/sharing/proofs/"))
    assert "1 个事项，3 项材料" in page
    assert "市公安局 · 市公安局登记库" in page
    assert asked.requested_at.strftime("%Y-") in page
    assert "材料form" not in page
