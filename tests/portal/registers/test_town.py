"""The registers fit the demo town: its people under their names and numbers, families that agree with each other, places that exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.packages.importing import CONTENT
from portal.front.demo.births import BIRTHS, REGISTERED, RETURNED, form_values
from portal.front.demo.people import CITIZENS, with_check_digit
from portal.identifiers.contact_numbers import mobile_phone
from portal.identifiers.credit_codes import credit_code
from portal.identifiers.document_numbers import resident_facts, resident_id
from portal.identifiers.person_names import person_name
from portal.registers.town import CREDIT_CODE, FILE, REGISTERS, RESIDENT, Town, contradicted
from portal.sharing.core.replying import reply_to
from tests.portal.registers.running import TODAY

TOLD: dict[str, Any] = json.loads(FILE.read_text())
TOWN = Town(TODAY)
PEOPLE = {number: known for (kind, number), known in TOWN.known.items() if kind == RESIDENT}


def content_of(path: Path) -> Any:
    return yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


DIVISIONS = {each["code"]: each["name"] for each in content_of(CONTENT / "divisions.yaml")}
MATERIALS = {each["code"] for path in CONTENT.rglob("materials.yaml") for each in content_of(path)}


def everything(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key below a value with what stands under it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from everything(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from everything(inner)


def test_numbers_are_well_formed_of_the_persons_facts_and_not_handed_out() -> None:
    for number, known in PEOPLE.items():
        facts = resident_facts(resident_id(number, TODAY))
        told = known["population"]
        assert facts.birth_date.isoformat() == told["birth_date"], known["name"]
        assert ("2" if int(number[16]) % 2 == 0 else "1") == told["sex"], known["name"]
        assert int(number[14:17]) >= 900, known["name"]
        assert person_name(known["name"]) == known["name"]


def test_every_citizen_and_family_of_the_demo_town_is_known_by_the_same_facts() -> None:
    for citizen in CITIZENS:
        assert PEOPLE[citizen.number]["name"] == citizen.name
        assert PEOPLE[citizen.number]["population"]["phone"] == citizen.phone
    for birth in BIRTHS:
        for parent, other in ((birth.mother, birth.father), (birth.father, birth.mother)):
            known = PEOPLE[parent.number]
            assert (known["name"], known["population"]["phone"]) == (parent.name, parent.phone)
            assert known["population"]["address"] == birth.address
            assert known["marriage"]["spouse"] == {"name": other.name, "id_kind": RESIDENT, "number": other.number}


def test_households_are_as_the_families_filled_them_in_but_for_the_one_that_was_returned() -> None:
    for birth in BIRTHS:
        values = form_values(birth, TODAY)
        household = PEOPLE[birth.applicant.number]["population"]["household"]
        assert household["head_name"] == values["household:household.head_name"]
        assert household["division"] == values["household:household.division"]
        assert (household["number"] == values["household:household.number"]) is (birth.stage != RETURNED)


def test_births_are_as_the_families_filled_them_in() -> None:
    for serial, birth in enumerate(BIRTHS, 1):
        born_on = TODAY - timedelta(days=birth.born_days_ago)
        values = form_values(birth, born_on)
        told = PEOPLE[birth.mother.number]["births"]
        for key in ("time", "place", "institution", "weeks", "weight", "length"):
            assert told[key] == values[f"child:birth.{key}"], key
        assert (told["child_name"], told["sex"]) == (birth.child, birth.sex)
        if birth.stage >= REGISTERED:
            sequence = 900 + serial * 2 + (birth.sex == "1")
            number = with_check_digit(f"{birth.district}{born_on:%Y%m%d}{sequence:03d}")
            assert PEOPLE[number]["name"] == birth.child
            assert PEOPLE[number]["population"]["household"]["number"] == values["household:household.number"]


def test_married_couples_say_so_of_each_other() -> None:
    for number, known in PEOPLE.items():
        spouse = known.get("marriage", {}).get("spouse")
        if spouse:
            other = PEOPLE[spouse["number"]]
            assert other["name"] == spouse["name"]
            assert other["marriage"]["spouse"]["number"] == number
            assert other["marriage"]["documents"] == known["marriage"]["documents"]


def test_companies_have_codes_and_legal_representatives_who_live_here() -> None:
    for organisation in TOLD["organisations"]:
        code = organisation["credit_code"]
        assert credit_code(code) == code
        assert code[8:12] == "9999"  # the made-up ones
        legal = organisation["enterprise"]["legal_representative"]
        assert PEOPLE[legal["number"]]["name"] == legal["name"]
        assert TOWN.answer("enterprise", CREDIT_CODE, code, organisation["name"])


def test_places_are_known_to_the_catalog_and_telephones_can_be_called() -> None:
    for key, value in everything(list(TOWN.known.values())):
        if key in ("division", "native_place", "place") and value is not None:
            assert value in DIVISIONS, value
        if key == "phone":
            assert mobile_phone(value) == value
        if isinstance(value, dict) and {"division", "address"} <= value.keys():
            assert value["address"].startswith(DIVISIONS[value["division"]])


def test_documents_are_materials_of_the_catalog_and_still_valid() -> None:
    for key, value in everything(list(TOWN.known.values())):
        if key == "documents":
            assert value.keys() <= MATERIALS
        if key == "valid_until":
            assert date.fromisoformat(value) > TODAY + timedelta(days=4 * 365)


def test_it_holds_no_register_that_is_none() -> None:
    known = set(REGISTERS) | {"number", "credit_code", "name"}
    assert {key for each in (*TOLD["people"], *TOLD["organisations"]) for key in each} <= known
    assert all(any(register in held for held in TOWN.known.values()) for register in REGISTERS)


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_answers_for_a_name_with_its_number_only(register: str) -> None:
    (kind, number), known = next((who, held) for who, held in TOWN.known.items() if register in held)
    record = TOWN.answer(register, kind, number, known["name"])
    assert record is not None
    assert record["name"] == known["name"]
    assert not set(REGISTERS) & record.keys()
    assert TOWN.answer(register, kind, number, "佚名") is None
    assert TOWN.answer(register, kind, number[:-1], known["name"]) is None
    assert TOWN.answer(register, "414", number, known["name"]) is None


def test_wrong_is_of_somebody_else_and_contradictory_of_the_same_person() -> None:
    number = CITIZENS[0].number
    record = TOWN.answer("population", RESIDENT, number, "")
    assert record is not None
    other = TOWN.somebody_else("population", RESIDENT, number)
    assert other is not None
    assert other[0] != number
    assert other[1]["name"] != record["name"]
    changed = contradicted(record)
    assert (changed["name"], changed["number"]) == (record["name"], number)
    assert changed["address"] != record["address"]
    assert changed["birth_date"] != record["birth_date"]


def test_everything_told_is_of_the_agreed_form() -> None:
    from portal.sharing.core.inquiry import DataSubject, Wanted

    for (kind, number), known in TOWN.known.items():
        for register in REGISTERS:
            record = TOWN.answer(register, kind, number, "")
            if record is None:
                continue
            documents = tuple(
                Wanted(f"material:{code}", f"record.documents.{code}") for code in record.get("documents", {})
            )
            answer = {"found": True, "subject": {"kind": kind, "number": number}, "record": record}
            reply = reply_to(DataSubject(kind, number, known["name"]), documents, answer)
            assert reply.documents.keys() == record.get("documents", {}).keys()
