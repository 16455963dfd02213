"""The pages about places in the staff console."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Department, ItemImplementation, RegionalGuide
from catalog.staff.memberships import enroll
from portal.accounts.models import User
from tests.catalog.linting import clean
from tests.catalog.versions.test_implementations import regional
from tests.worlds.keeping import import_kept

__all__ = ["regional"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(regional: Path) -> RegionalGuide:
    guide = clean.guide()
    guide["materials"][2]["internal_no"] = "M36PCN00010004"
    (regional / "opening/guides").mkdir()
    (regional / "opening/guides/g_clean.yaml").write_text(json.dumps(guide, ensure_ascii=False), encoding="utf-8")
    import_kept(regional, "opening")
    return RegionalGuide.objects.get()


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("tang", password="test-pass-1", name="唐编目"))
    return client


def test_a_guide_shows_what_is_wrong_beside_its_cause(town: RegionalGuide, manager: Client) -> None:
    page = manager.get(reverse("admin:catalog_regionalguide_change", args=[town.pk])).content.decode()
    [row] = [part for part in page.split("<tr ") if part.startswith('id="materials-3"')]
    assert "内部材料编号 M36PCN00010004" in row
    assert 'href="#' in page or "#materials-3" in page
    assert "申报数" in page
    assert "公安部门" in page


def test_the_report_shows_each_difference(town: RegionalGuide, manager: Client) -> None:
    listed = manager.get(reverse("admin:catalog_regionalguide_changelist")).content.decode()
    assert f'href="{reverse("admin:catalog_compare_regions")}"' in listed
    choose = manager.get(reverse("admin:catalog_compare_regions")).content.decode()
    assert reverse("admin:catalog_compare_regions_of", args=["matter", "opening"]) in choose
    page = manager.get(reverse("admin:catalog_compare_regions_of", args=["matter", "opening"])).content.decode()
    assert "东湖区市场监督管理局" in page
    assert "南昌县" in page
    item = manager.get(reverse("admin:catalog_compare_regions_of", args=["item", "registration"])).content.decode()
    assert "东湖区政务服务大厅" in item
    for kind, slug in (("matter", "nothing"), ("x", "opening")):
        assert manager.get(reverse("admin:catalog_compare_regions_of", args=[kind, slug])).status_code == 404


def test_supervisors_may_read_it_and_strangers_may_not(town: RegionalGuide, client: Client) -> None:
    address = reverse("admin:catalog_compare_regions_of", args=["matter", "opening"])
    for name, role, status in (("lead", "supervisor", 200), ("clerk", "clerk", 403)):
        user = User.objects.create_user(name, password="test-pass-1", name=name, is_staff=True)
        enroll(user, Department.objects.get(code="market"), role)
        client.force_login(user)
        assert client.get(address).status_code == status


def _post(**changes: Any) -> dict[str, Any]:
    return {
        **{"department": "", "promised_limit_days": "", "visits": "", "visits_together": "", "limit_note": ""},
        **{"visit_reason": "", "consulting": "", "complaints": "", "places": "", "fees": "", "extra_materials": ""},
        **{"sources": "[]", "confidence": "general"},
        **changes,
    }


def test_only_open_elements_are_edited_and_errors_stand_beside_them(town: RegionalGuide, manager: Client) -> None:
    row = ItemImplementation.objects.get()
    address = reverse("admin:catalog_itemimplementation_change", args=[row.pk])
    page = manager.get(address).content.decode()
    assert 'name="promised_limit_days"' in page
    assert "东湖区政务服务大厅" in page
    assert 'name="statutory_limit_days"' not in page
    propose = (
        f"{reverse('admin:catalog_propose', args=['matter', row.item.matter_items.get().matter_id])}?division=360102"
    )
    assert f'href="{propose}"' in page
    assert propose in manager.get(reverse("admin:catalog_itemimplementation_changelist")).content.decode()
    assert manager.get(propose).status_code == 200
    refused = manager.post(address, _post(promised_limit_days="5", extra_materials="charter｜核实｜依据"))
    form = refused.context["adminform"].form
    assert form.errors == {
        "promised_limit_days": ["承诺时限不能长于标准承诺的 1 天。"],
        "extra_materials": ["标准里已经有材料“charter”。"],
    }
    row.refresh_from_db()
    assert row.overrides["promised_limit_days"] == 0
    saved = manager.post(
        address,
        _post(
            promised_limit_days="1",
            immediate="on",
            places="东湖大厅｜某路 1 号｜工作日\n\n分厅",
            extra_materials="licence|核实场所|某市办法",
        ),
    )
    assert saved.status_code == 302, saved.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.overrides == {
        "promised_limit_days": 1,
        "places": [{"name": "东湖大厅", "address": "某路 1 号", "hours": "工作日"}, {"name": "分厅"}],
        "extra_materials": [{"material": "licence", "reason": "核实场所", "basis": "某市办法"}],
        "handling": "immediate",
    }


def test_a_new_implementation_is_checked_as_well(town: RegionalGuide, manager: Client) -> None:
    item = ItemImplementation.objects.get().item
    address = reverse("admin:catalog_itemimplementation_add")
    refused = manager.post(address, _post(item=item.pk, division="360103", places="｜没有名称"))
    assert refused.context["adminform"].form.errors == {"places": ["“办理地点和时间”的写法不对。"]}
    saved = manager.post(address, _post(item=item.pk, division="360103", consulting="0791-1"))
    assert saved.status_code == 302, saved.context["adminform"].form.errors
    assert ItemImplementation.objects.get(division="360103").overrides == {"consulting": "0791-1"}
