"""What the sandbox registers hold: the people of the demo town, their companies and their children. No Django, no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from portal.identifiers.document_numbers import check_character

FILE: Final = Path(__file__).with_name("town.json")
RESIDENT: Final = "111"
CREDIT_CODE: Final = "credit_code"
REGISTERS: Final = (
    *("population", "marriage", "births", "property", "housing", "enterprise", "tax", "social_insurance"),
    *("medical_insurance", "housing_fund", "education", "transport", "vehicles"),
)

Record = dict[str, Any]


class Town:
    """Whom the registers know, as of a day: births are told so many days before it."""

    def __init__(self, as_of: date, told: Mapping[str, Any] | None = None) -> None:
        held: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if told is None else told
        self.known: dict[tuple[str, str], Record] = {}
        for person in held["people"]:
            self.known[RESIDENT, person["number"]] = {"id_kind": RESIDENT, **person}
        for organisation in held["organisations"]:
            self.known[CREDIT_CODE, organisation["credit_code"]] = dict(organisation)
        for birth in held["births"]:
            self._bear(birth, as_of - timedelta(days=birth["days_ago"]))

    def answer(self, register: str, kind: str, number: str, name: str) -> Record | None:
        """Return what a register says of whoever has this document and this name; None if it knows nobody of both."""
        known = self.known.get((kind, number))
        if known is None or register not in known or (name and name != known["name"]):
            return None
        who = {key: value for key, value in known.items() if key not in REGISTERS}
        return {**who, **known[register]}

    def somebody_else(self, register: str, kind: str, number: str) -> tuple[str, Record] | None:
        """Return the number and the record of the next one in a register: what a register that mixes people up would say."""
        others = [key for key, known in self.known.items() if key[0] == kind and register in known]
        if not others or others == [(kind, number)]:
            return None
        place = others.index((kind, number)) + 1 if (kind, number) in others else 0
        other = others[place % len(others)]
        record = self.answer(register, *other, "")
        return None if record is None else (other[1], record)

    def _bear(self, birth: Mapping[str, Any], born_on: date) -> None:
        """Write a birth down: with the hospital, and, where the child was registered, with the population."""
        child, parents = birth["child"], [self.known[RESIDENT, birth[role]] for role in ("mother", "father")]
        facts = {key: birth[key] for key in ("place", "institution", "weeks", "weight", "length", "certificate_number")}
        facts |= {
            "time": f"{born_on.isoformat()}T{birth['time']}",
            "sex": child["sex"],
            "child_name": child.get("name"),
        }
        documents = {"birth_certificate_paper": {"number": birth["certificate_number"]}}
        registered = child.get("registered")
        told: Record = {"name": child.get("name"), "birth_date": born_on.isoformat(), "sex": child["sex"]}
        if registered:
            body = f"{registered['district']}{born_on:%Y%m%d}{registered['sequence']:03d}"
            number = told["number"] = body + check_character(body)
            head = next(
                parent["population"] for parent in parents if parent["population"]["household"]["relation"] == "head"
            )
            household = {**head["household"], "relation": "daughter" if child["sex"] == "2" else "son"}
            self.known[RESIDENT, number] = {
                "id_kind": RESIDENT,
                "number": number,
                "name": child["name"],
                "population": {
                    "sex": child["sex"],
                    "birth_date": born_on.isoformat(),
                    "ethnicity": birth["ethnicity"],
                    "native_place": head.get("native_place"),
                    "address": head["address"],
                    "household": household,
                    "documents": {"household_book": head["documents"]["household_book"]},
                },
                "births": {**facts, "documents": {**documents, "vaccine_check": {"number": f"YM{number[-8:]}"}}},
            }
        for parent in parents:
            parent["births"] = {**facts, "documents": {}}
            parent["population"] = {**parent["population"], "children": [told]}


def contradicted(record: Record) -> Record:
    """Return a record that differs from what every other register says, about the same person: another home, another day of birth."""
    changed: Record = {key: contradicted(value) if isinstance(value, dict) else value for key, value in record.items()}
    if isinstance(changed.get("address"), str):
        changed["address"] = "红谷滩区旧址路演示小区 1 栋 101 室"
    if isinstance(changed.get("birth_date"), str):
        changed["birth_date"] = (date.fromisoformat(changed["birth_date"]) - timedelta(days=1)).isoformat()
    if isinstance(changed.get("status"), str):
        changed["status"] = "unknown"
    if isinstance(changed.get("spouse"), dict):
        changed["spouse"] = {**changed["spouse"], "name": "佚名"}
    return changed
