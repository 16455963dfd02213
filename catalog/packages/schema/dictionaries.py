"""What the dictionary files of a package may hold."""

from __future__ import annotations

from typing import Any

from catalog.definitions import FIELD_TYPES
from catalog.models import CertificateType, DataElement, Department, Division, Material
from catalog.packages.format.specs import Constraints, Dictionary, Field, Flag, Integer, Many, Spec, Table, Text
from catalog.packages.schema.common import ELEMENT, NAME, OPTIONS, OWN_CODE, SENTENCE, SLUG, SLUG_TEXT, SOURCED, records

# Dictionary → model, in an order in which each refers only to those before it.
MODELS: dict[str, Any] = {
    "divisions": Division,
    "departments": Department,
    "elements": DataElement,
    "materials": Material,
    "certificate_types": CertificateType,
}


def _entries(key: str, /, **fields: Field) -> Many:
    return Many(Table(fields), unique=key, maximum=20_000)


DICTIONARIES: dict[str, Spec] = {
    "sources": Dictionary(Text(2000), r"[A-Za-z0-9_\-]{1,40}"),
    "divisions": _entries(
        "code",
        code=Field(Text(6, r"[0-9]{6}"), True),
        name=Field(Text(60), True),
        level=Field(Text(choices=["province", "prefecture", "county", "township"]), True),
        parent=Field(Text(6, r"[0-9]{6}")),
    ),
    "departments": _entries(
        "code",
        code=Field(Text(40, SLUG), True),
        name=Field(Text(100), True),
        short_name=Field(Text(20), True),
        credit_code=Field(Text(18, r"[0-9A-HJ-NPQRTUWXY]{18}")),
        division=Field(Text(6, r"[0-9]{6}")),
        level=Field(Text(choices=Department.Level.values)),
        parent=Field(Text(40, SLUG)),
        phone=Field(Text(40)),
    ),
    "elements": _entries(
        "code",
        code=Field(Text(60, ELEMENT), True),
        name=Field(Text(60), True),
        type=Field(Text(choices=FIELD_TYPES), True),
        options=OPTIONS,
        constraints=Field(Constraints()),
        unit=Field(Text(20)),
        sensitive=Field(Flag()),
        authority=Field(Text(100)),
        known_from=Field(Many(Text(80, r"profile|shared:[a-z0-9_]+|certificate:[a-z0-9_]+"), unique="")),
        fixed=Field(Flag()),
        **SOURCED,
    ),
    "materials": _entries(
        "code",
        code=Field(SLUG_TEXT, True),
        name=Field(NAME, True),
        standard_code=Field(Text(20, r"[A-Z][0-9A-Z]{4,19}")),
        accept=Field(Many(Text(choices=["pdf", "jpeg", "png"]), unique="")),
        issued_by=Field(Text(60)),
        note=Field(SENTENCE),
        valid_days=Field(Integer(1, 3650)),
        **SOURCED,
    ),
    "certificate_types": _entries(
        "slug",
        slug=Field(SLUG_TEXT, True),
        code=Field(Text(21, r"[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}"), True),
        name=Field(Text(100), True),
        name_en=Field(Text(200)),
        department=Field(Text(40, SLUG), True),
        subject=Field(Text(choices=CertificateType.Subject.values)),
        valid_years=Field(Integer(1, 100)),
        renewal_days=Field(Integer(1, 3650)),
        renewal_reminders=Field(Many(Integer(1, 3650), unique="")),
        face=records(
            "code",
            True,
            code=Field(Text(40, OWN_CODE), True),
            label=Field(Text(60), True),
            label_en=Field(Text(100), True),
            element=Field(Text(60, ELEMENT)),
        ),
        **SOURCED,
    ),
    "en": Dictionary(Text(4000)),
}
