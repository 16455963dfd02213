"""What the account knows of the person applying, under the dictionary's element codes."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import DocumentKind, Person
from portal.accounts.people import document_number
from portal.identifiers.document_numbers import resident_facts


def profile_of(person: Person) -> dict[str, Any]:
    """Return element code → value, as ``Plan.known`` expects it. A resident's number also tells sex and birthday."""
    number = document_number(person)
    facts: dict[str, Any] = {
        "person.name": person.name,
        "person.id_kind": person.document_kind,
        "person.id_number": number,
    }
    if person.phone:
        facts["person.phone"] = person.phone
    if person.document_kind == DocumentKind.RESIDENT_ID:
        told = resident_facts(number)
        facts |= {"person.birth_date": told.birth_date.isoformat(), "person.sex": told.sex}
    return facts
