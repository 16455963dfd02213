"""Departments' systems in the staff console: how each stands, for its department's lead alone, without a person or a secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from matters.models import DepartmentSystem, SystemDifference
from portal.settings.connections import Connection
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.ruled import Ruled, build_ruled

LIST = "/admin/matters/departmentsystem/"
SECRET = "c2VjcmV0LW9mLXRoZS1kZXNr"


@pytest.fixture
def ruled(db: None, settings: SettingsWrapper) -> Ruled:
    settings.YIJIAN_SHARING_CONNECTIONS = {"desk_address": Connection(url="https://desk.invalid/in", key=SECRET)}
    return build_ruled()


@pytest.fixture
def system(ruled: Ruled) -> DepartmentSystem:
    return DepartmentSystem.objects.create(
        code="police_desk",
        name="公安业务系统",
        department=ruled.departments["police"],
        items=["record"],
        address="desk_address",
    )


def differ(system: DepartmentSystem, ruled: Ruled, count: int) -> None:
    SystemDifference.objects.bulk_create(
        SystemDifference(
            system=system,
            number=f"2026-{each}",
            kind="state",
            found_at=timezone.now(),
            owner=ruled.zhou,
            here="accepted",
        )
        for each in range(count)
    )


def test_the_lead_sees_how_it_stands_and_what_differs(ruled: Ruled, system: DepartmentSystem) -> None:
    lead, now = logged_in(ruled.zhou), timezone.now()
    assert "还没有往来" in page_of(lead.get(LIST))
    call_command("department_system", "police_desk", "on")
    system.refresh_from_db()
    assert system.switched_at is not None
    assert system.switched_at >= now
    DepartmentSystem.objects.update(answered_at=now, compared_on="2026-11-29")
    differ(system, ruled, 3)
    SystemDifference.objects.filter(number="2026-0").update(settled_at=now)
    for place in (LIST, f"{LIST}{system.pk}/change/"):
        page = page_of(lead.get(place))
        assert "启用，自" in page
        assert "有应答" in page
        assert ">没有应答<" not in page
        assert '2 · <a href="/review/police/system/">' in page
    assert lead.get("/review/police/system/").status_code == 200
    DepartmentSystem.objects.update(failed_at=now + timedelta(minutes=1))
    assert ">没有应答<" in page_of(lead.get(LIST))


def test_switching_it_to_what_it_is_already_changes_no_time(system: DepartmentSystem) -> None:
    call_command("department_system", "police_desk", "on")
    first = DepartmentSystem.objects.get().switched_at
    call_command("department_system", "police_desk", "on")
    assert DepartmentSystem.objects.get().switched_at == first
    call_command("department_system", "police_desk", "off")
    assert DepartmentSystem.objects.get().switched_at != first


def test_neither_a_person_nor_a_secret_nor_its_address_is_shown(ruled: Ruled, system: DepartmentSystem) -> None:
    differ(system, ruled, 1)
    lead = logged_in(ruled.zhou)
    for place in (LIST, f"{LIST}{system.pk}/change/"):
        body = page_of(lead.get(place))
        for word in (SECRET, "desk.invalid", "desk_address", "2026-0", ruled.li.name):
            assert word not in body


def test_nobody_but_its_departments_lead_sees_it_and_nobody_changes_it(ruled: Ruled, system: DepartmentSystem) -> None:
    place = f"{LIST}{system.pk}/change/"
    for user in (ruled.wang, ruled.zhao):
        client = logged_in(user)
        assert client.get(LIST).status_code == 403
        assert client.get(place).status_code != 200
    lead = logged_in(ruled.zhou)
    assert lead.post(place, {"is_on": "on", "name": "别的"}).status_code == 403
    assert lead.get(f"{LIST}add/").status_code == 403
    assert lead.post(f"{LIST}{system.pk}/delete/", {"post": "yes"}).status_code == 403
    elsewhere = DepartmentSystem.objects.create(
        code="health_desk", name="卫健系统", department=ruled.departments["health"], items=["x"], address="y"
    )
    assert "卫健系统" not in page_of(lead.get(LIST))
    assert lead.get(f"{LIST}{elsewhere.pk}/change/").status_code != 200


def test_the_list_asks_few_statements(ruled: Ruled, system: DepartmentSystem) -> None:
    for each in range(5):
        DepartmentSystem.objects.create(
            code=f"desk_{each}", name="另一个", department=ruled.departments["police"], items=["x"], address="y"
        )
    differ(system, ruled, 5)
    lead = logged_in(ruled.zhou)
    with CaptureQueriesContext(connection) as asked:
        lead.get(LIST)
    assert len(asked) <= 12
