"""How every world is built: ``publish`` freezes a definition, ``build`` adds departments' certificates and the cast.

Worlds differ in data only: what is published, and who sits where.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from catalog.compiling import compile_matter
from catalog.definitions import ElementDefinition, ItemDefinition, MaterialDefinition, MatterDefinition
from catalog.models import CertificateType, Department, Matter, MatterVersion, ServiceItem
from portal.accounts.models import Person, User
from tests.worlds.cast import LI, QIAN, STRANGER, SUN, WANG, ZHANG, ZHAO, ZHOU, user_of

CREDIT_CODES = {"health": "11360100999991013W", "police": "11360100999991021P", "insurance": "1136010099999103XF"}


@dataclass(frozen=True, slots=True)
class FaceData:
    """A certificate type of a world: whose it is, and what its face shows."""

    slug: str
    name: str
    department: str
    face: tuple[str, ...]


def department_of(code: str, name: str, short_name: str = "") -> Department:
    """Return the department of this code; it is created if it is missing."""
    known = {"name": name, "short_name": short_name or name, "credit_code": CREDIT_CODES[code]}
    return Department.objects.get_or_create(code=code, defaults=known)[0]


def publish(
    definition: MatterDefinition,
    *items: ItemDefinition,
    elements: Iterable[ElementDefinition],
    materials: Iterable[MaterialDefinition],
) -> MatterVersion:
    """Freeze a definition as the current version of its matter; departments and matter are created if they are missing."""
    for one in definition.departments:
        department_of(one.code, one.name, one.short_name)
    matter, _is_new = Matter.objects.get_or_create(
        slug=definition.slug,
        defaults={
            "name": definition.name,
            "subject": "person",
            "stage": "出生",
            "lead_department": Department.objects.get(code=definition.lead_department),
        },
    )
    number = matter.versions.count() + 1
    content = json.loads(json.dumps(compile_matter(definition, items, tuple(elements), tuple(materials))))
    content["matter"]["facts"] = facts = _nothing_told(definition, items)
    for slug, told in definition.facts.get("items", {}).items():
        facts["items"][slug] |= told
    version = MatterVersion.objects.create(matter=matter, number=number, content=content, content_hash=f"{number:064d}")
    matter.current_version = version
    matter.save(update_fields=["current_version"])
    return version


def _nothing_told(definition: MatterDefinition, items: Iterable[ItemDefinition]) -> dict[str, Any]:
    """Return what a guide tells of a matter about which nothing was written down, in the shape of ``matter_facts``."""
    told = (
        "limit_note",
        "visit_reason",
        "places",
        "consulting",
        "cross_region",
        "result_note",
        "remark",
        "legal_basis",
    )
    told += ("conditions", "flow", "fees")
    return {
        "division": "",
        "conditions": [],
        "faqs": [],
        "items": {
            item.slug: {
                **{name: ServiceItem._meta.get_field(name).get_default() for name in told},
                "short_name": item.short_name or item.name,
                "item_type": "",
                "handling": "",
                "limit_unit": "",
                "faqs": [],
            }
            for item in items
        },
        "departments": {each.code: {"phone": "", "division": ""} for each in definition.departments},
    }


@dataclass
class World:
    """A published matter, its departments, and the cast. Who has no post in a world is there all the same."""

    version: MatterVersion
    departments: dict[str, Department]
    li: User
    li_person: Person
    wang: User
    zhang: User
    zhou: User
    zhao: User
    qian: User
    sun: User
    stranger: User

    @property
    def matter(self) -> Matter:
        """The matter that is published."""
        return self.version.matter

    @classmethod
    def build(
        cls,
        version: MatterVersion,
        posts: Mapping[str, tuple[tuple[str, str], ...]],
        certificate_types: Iterable[FaceData] = (),
    ) -> Self:
        """Create the certificate types and the cast of a matter that is published. ``posts``: departments and roles by username."""
        departments = {one.code: one for one in Department.objects.all()}
        for number, made in enumerate(certificate_types, start=1):
            owner = departments[made.department]
            CertificateType.objects.create(
                slug=made.slug,
                code=f"{owner.credit_code}{number:03d}",
                name=made.name,
                department=owner,
                face=[{"code": code, "label": code} for code in made.face],
            )
        people = {
            one.username: user_of(one, *((departments[code], role) for code, role in posts.get(one.username, ())))
            for one in (LI, WANG, ZHANG, ZHOU, ZHAO, QIAN, SUN, STRANGER)
        }
        return cls(version=version, departments=departments, li_person=people["li"].person, **people)
