"""The sources of the demo town: what the registers really hold, for the items that name them, brought about once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.models import Department, Material, Matter, ServiceItem
from catalog.models.dictionary import DataElement
from catalog.models.item_parts import FormLine, ItemMaterial, MaterialExemption
from catalog.models.matter_parts import MatterItem
from catalog.staff.memberships import enroll
from portal.accounts.models import User
from portal.front.demo.sources import REGISTERS, open_sources
from portal.registers.town import CREDIT_CODE, RESIDENT, Town
from portal.registers.town import REGISTERS as SANDBOX
from portal.sharing import parents
from portal.sharing.core.replying import value_at
from portal.sharing.models import DataSource, Grant, Provision
from tests.portal.registers.running import TODAY


class TestTable:
    def test_there_is_one_for_each_sandbox_register(self) -> None:
        assert sorted(each.code for each in REGISTERS) == sorted(SANDBOX)

    @pytest.mark.parametrize("register", REGISTERS, ids=lambda each: each.code)
    def test_the_register_holds_what_it_is_said_to_supply(self, register: Any) -> None:
        town = Town(TODAY)
        records = {
            kind: [
                record
                for who, number in town.known
                if who == kind and (record := town.answer(register.code, who, number, "")) is not None
            ]
            for kind in (RESIDENT, CREDIT_CODE)
        }
        supplied = [
            *((RESIDENT, f"documents.{code}") for code in register.papers),
            *((CREDIT_CODE, f"documents.{code}") for code in register.company_papers),
            *((RESIDENT, path) for path in register.facts.values()),
            *((CREDIT_CODE, path) for path in register.company_facts.values()),
        ]
        for kind, path in supplied:
            path = re.sub(r"^children\.\d", "children.0", path)  # no family of the town has three
            held = [value_at({"record": record}, f"record.{path}") for record in records[kind]]
            assert any(value is not None for value in held), path


@pytest.fixture
def registration(db: None) -> ServiceItem:
    """A small catalog: the police registers births, with a household book that the police know and a marriage that civil affairs know."""
    officers = {"zhao": "police", "civil": "civil"}
    departments = {
        code: Department.objects.create(code=code, name=code, short_name=code, credit_code=credit_code)
        for code, credit_code in (("police", "11360100999991021P"), ("civil", "113601009999910720"))
    }
    for username, code in officers.items():
        enroll(User.objects.create(username=username, name=username, is_staff=True), departments[code], "reviewer")
    item = ServiceItem.objects.create(slug="hukou", name="户口登记", department=departments["police"])
    other = ServiceItem.objects.create(slug="closed", name="别的事项", department=departments["police"])
    for slug, status, one in (("newborn", Matter.Status.OPEN, item), ("later", Matter.Status.COMING, other)):
        matter = Matter.objects.create(slug=slug, name=slug, subject="person", stage="出生", status=status)
        MatterItem.objects.create(matter=matter, item=one)
        for code, reference in (
            ("household_book", "police"),
            ("marriage_certificate", "civil"),
            ("birth_paper", "police"),
        ):
            material, _is_new = Material.objects.get_or_create(code=code, defaults={"name": code})
            need = ItemMaterial.objects.create(item=one, material=material)
            MaterialExemption.objects.create(need=need, kind=MaterialExemption.Kind.SHARED_DATA, reference=reference)
    element = DataElement.objects.create(code="household.number", name="户号", type="text")
    FormLine.objects.create(item=item, code="HH", role="household", element=element)
    return item


class TestRows:
    def test_items_of_open_matters_are_granted_what_they_name_and_nothing_else(self, registration: ServiceItem) -> None:
        open_sources()
        granted = {
            (grant.item, grant.provision.source.code, grant.provision.asked): grant for grant in Grant.objects.all()
        }
        assert granted.keys() == {
            ("hukou", "population", "material:household_book"),
            ("hukou", "population", "element:household.number"),
            ("hukou", "marriage", "material:marriage_certificate"),
            ("identity_check", "population", "element:person.phone"),  # for codes, whatever matters there are
            *((parents.ITEM, "population", f"element:{code}") for code in parents.ASKED),
        }
        asked = granted["hukou", "marriage", "material:marriage_certificate"]
        assert asked.requested_by is not None
        assert asked.decided_by is not None
        assert (asked.requested_by.username, asked.decided_by.username) == ("zhao", "civil")
        own = granted["hukou", "population", "material:household_book"]
        assert (own.requested_by, own.state) == (None, Grant.State.GRANTED)

    def test_a_register_of_a_department_that_is_not_there_is_left_out(self, registration: ServiceItem) -> None:
        open_sources()
        assert set(DataSource.objects.values_list("code", flat=True)) == {"population", "vehicles", "marriage"}

    def test_a_second_time_nothing_is_added_and_what_was_ended_stays_so(
        self, registration: ServiceItem, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        assert open_sources()
        ended = Grant.objects.filter(provision__source__code="marriage").update(
            state=Grant.State.ENDED, ended_at=timezone.now(), ended_by=User.objects.earliest("pk")
        )
        provisions = Provision.objects.count()
        with django_assert_max_num_queries(10):
            assert open_sources() == []
        assert Provision.objects.count() == provisions
        assert Grant.objects.filter(state=Grant.State.ENDED).count() == ended == 1
