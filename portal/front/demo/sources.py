"""The data sources of the demo town: one for each sandbox register, what each supplies, and which departments were let ask for what.

A grant is only ever for an item that names the source's department for that paper, or that asks for that fact itself. The officers of the
town stand for both sides; an item of the register's own department needs nobody to ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from catalog.models import Department, Matter
from catalog.models.item_parts import FormLine, MaterialExemption
from catalog.models.matter_parts import MatterItem, MatterRole
from portal.accounts.models import User
from portal.front.demo.people import OFFICERS
from portal.sharing import parents
from portal.sharing.models import DataSource, Grant, Provision
from portal.sharing.organisations import ASKED, ITEM
from portal.sharing.phone_checks import PHONE, PURPOSE

PERSON, ORGANISATION = Provision.About.PERSON, Provision.About.ORGANISATION
# Where the record of a parent keeps their children.
CHILDREN: Final = {code: parents.PATHS[code] for code in parents.ASKED}
BASIS: Final = "政务数据共享条例"


@dataclass(frozen=True, slots=True)
class DemoRegister:
    """A sandbox register and whose it is. ``papers``, ``company_papers``: the materials it stands in for, of a person and of an organisation.

    ``facts``, ``company_facts``: data element → where the record keeps it.
    """

    code: str
    name: str
    name_en: str
    department: str
    papers: tuple[str, ...] = ()
    company_papers: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    company_facts: Mapping[str, str] = field(default_factory=dict)


REGISTERS: Final = (
    DemoRegister(
        "population", "人口登记（演示）", "Population register (demo)", "police",
        ("resident_id_card", "household_book", "family_proof", "residence_permit"),
        facts={
            "person.name": "name", "person.sex": "sex", "person.birth_date": "birth_date", "person.id_kind": "id_kind",
            "person.id_number": "number", "person.ethnicity": "ethnicity", "person.native_place": "native_place",
            "person.phone": "phone", "person.address": "address", "household.number": "household.number",
            "household.head_name": "household.head_name", "household.division": "household.division",
            "household.address": "household.address", "child.insurance.division": "household.division",
            "child.insurance.address": "household.address", **CHILDREN,
        },
    ),
    DemoRegister("vehicles", "机动车登记（演示）", "Vehicle register (demo)", "police", (), ("trans_registration",)),
    DemoRegister(
        "marriage", "婚姻登记（演示）", "Marriage register (demo)", "civil",
        ("marriage_certificate", "marriage_paper"),
        facts={
            "marriage.certificate_number": "documents.marriage_certificate.number", "spouse.person.name": "spouse.name",
            "spouse.person.id_kind": "spouse.id_kind", "spouse.person.id_number": "spouse.number",
        },
    ),
    DemoRegister(
        "births", "出生医学登记（演示）", "Hospital births (demo)", "health",
        ("birth_certificate_paper", "vaccine_check"),
        facts={
            "child.birth.time": "time", "child.birth.place": "place", "child.birth.institution": "institution",
            "child.birth.weeks": "weeks", "child.birth.weight": "weight", "child.birth.length": "length",
            "child.person.sex": "sex",
        },
    ),
    DemoRegister(
        "property", "不动产登记（演示）", "Property register (demo)", "land",
        ("house_title", "address_proof", "move_home_proof", "premises_right", "util_site_right"),
    ),
    DemoRegister(
        "housing", "房屋交易和租赁登记（演示）", "Housing register (demo)", "housing",
        ("house_contract", "lease_record", "util_project"),
    ),
    DemoRegister(
        "enterprise", "经营主体登记（演示）", "Enterprise register (demo)", "market",
        ("name_reservation",), ("business_licence",),
        company_facts={
            "company.name": "registered_name", "company.credit_code": "credit_code", "company.division": "division",
            "company.address": "address", "company.phone": "phone", "company.kind": "kind", "company.status": "status",
            "representative.person.name": "legal_representative.name",
            "representative.person.id_kind": "legal_representative.id_kind",
            "representative.person.id_number": "legal_representative.number",
        },
    ),
    DemoRegister(
        "tax", "税务登记（演示）", "Tax register (demo)", "tax",
        ("share_tax_receipt",), ("dereg_tax_clearance",),
    ),
    DemoRegister(
        "social_insurance", "社会保险登记（演示）", "Social insurance register (demo)", "labour",
        ("bank_card", "insurance_payments", "payee_account", "personnel_file", "rent_labour_contract"),
    ),
    DemoRegister("medical_insurance", "医疗保险登记（演示）", "Medical insurance register (demo)", "insurance", ("chronic_recognition", "medical_invoice", "medical_fee_list")),
    DemoRegister("housing_fund", "住房公积金登记（演示）", "Housing fund register (demo)", "housing_fund", ("bank_card",)),
    DemoRegister("education", "学历登记（演示）", "Education register (demo)", "education", ("diploma", "putonghua_certificate")),
    DemoRegister(
        "transport", "道路运输登记（演示）", "Transport register (demo)", "transport", (), ("oversize_licence", "trans_drivers", "trans_technical")
    ),
)  # fmt: skip


def open_sources() -> list[str]:
    """Bring sources, provisions and grants about, once: what is there already stays as it is. Returns one line if any was added."""
    departments = {department.code: department for department in Department.objects.all()}
    registers = [register for register in REGISTERS if register.department in departments]
    wanted = {register.code: _source(register, departments[register.department]) for register in registers}
    known = set(DataSource.objects.filter(code__in=wanted).values_list("code", flat=True))
    DataSource.objects.bulk_create(source for code, source in wanted.items() if code not in known)
    sources = {source.code: source for source in DataSource.objects.filter(code__in=wanted)}
    _supply(registers, sources)
    granted = _grant(sources)
    if not granted and known == wanted.keys():
        return []
    return [f"{len(sources)} 个数据来源，{granted} 项共享"]


def _source(register: DemoRegister, department: Department) -> DataSource:
    return DataSource(
        code=register.code,
        name=register.name,
        name_en=register.name_en,
        department=department,
        contact=department.phone,
        legal_basis=BASIS,
        adapter="http_json",
        address=register.code,
    )


def _supply(registers: Iterable[DemoRegister], sources: Mapping[str, DataSource]) -> None:
    """Write what each register can be asked for."""
    there = set(Provision.objects.filter(source__in=sources.values()).values_list("source_id", "kind", "code"))
    provisions = [
        Provision(source=sources[register.code], kind=kind, code=code, about=about, path=f"record.{path}")
        for register in registers
        for kind, about, paths in (
            (Provision.Kind.MATERIAL, PERSON, {code: f"documents.{code}" for code in register.papers}),
            (Provision.Kind.MATERIAL, ORGANISATION, {code: f"documents.{code}" for code in register.company_papers}),
            (Provision.Kind.ELEMENT, PERSON, register.facts),
            (Provision.Kind.ELEMENT, ORGANISATION, register.company_facts),
        )
        for code, path in paths.items()
    ]
    Provision.objects.bulk_create(each for each in provisions if (each.source_id, each.kind, each.code) not in there)


def _grant(sources: Mapping[str, DataSource]) -> int:
    """Let the items of open matters have what they name; return how many grants were added. What an owner ended stays ended."""
    is_open = {"item__matter_items__matter__status": Matter.Status.OPEN}
    papers = MaterialExemption.objects.filter(
        kind=MaterialExemption.Kind.SHARED_DATA, **{f"need__{key}": value for key, value in is_open.items()}
    ).values_list(
        "reference", "need__material__code", "need__item__slug", "need__item__name", "need__item__department__code"
    )
    lines = FormLine.objects.filter(**is_open).values_list(
        "element__code", "item__slug", "item__name", "item__department__code", "role"
    )
    kin = _kin()
    needs: dict[tuple[str, str, str], set[tuple[str, str, str]]] = {
        ("", Provision.Kind.ELEMENT, PHONE): {(PURPOSE, "实名核验", "")}
    }
    for owner, code, slug, name, asker in papers.distinct():
        needs.setdefault((owner, Provision.Kind.MATERIAL, code), set()).add((slug, name, asker))
    for code, slug, name, asker, role in lines.distinct():
        for asked in (code, *(f"{relation}.{code}" for relation in sorted(kin.get((slug, role), ())))):
            needs.setdefault(("", Provision.Kind.ELEMENT, asked), set()).add((slug, name, asker))
    there = set(Grant.objects.filter(provision__source__in=sources.values()).values_list("provision_id", "item"))
    officers = _officers()
    now = timezone.now()
    added = []
    for provision in Provision.objects.filter(source__in=sources.values()).select_related("source__department"):
        owner = provision.source.department.code
        place = owner if provision.kind == Provision.Kind.MATERIAL else "", provision.kind, provision.code
        wanted = set(needs.get(place, ()))
        if provision.about == ORGANISATION and provision.code in ASKED:
            wanted.add((ITEM, "登记单位账户", owner))
        if provision.about == PERSON and provision.code in CHILDREN:
            wanted.add((parents.ITEM, "登记父母和子女", owner))
        for slug, name, asker in sorted(wanted):
            if (provision.pk, slug) in there:
                continue
            added.append(
                Grant(
                    provision=provision,
                    item=slug,
                    purpose=f"办理“{name}”"[:200],
                    state=Grant.State.GRANTED,
                    requested_by=officers.get(asker) if asker != owner else None,
                    decided_by=officers.get(owner),
                    decided_at=now,
                )
            )
    Grant.objects.bulk_create(added)
    return len(added)


def _kin() -> dict[tuple[str, str], set[str]]:
    """Return (item, role of its lines) → as whose kin that role is known in open matters: a father as the ``spouse`` of the mother."""
    roles: dict[int, dict[str, str]] = {}
    for matter, key, relation in MatterRole.objects.exclude(kin__in=("", "own")).values_list("matter", "key", "kin"):
        roles.setdefault(matter, {})[key] = relation
    found: dict[tuple[str, str], set[str]] = {}
    uses = MatterItem.objects.filter(matter__in=roles, matter__status=Matter.Status.OPEN)
    for matter, slug, renamed in uses.values_list("matter", "item__slug", "roles"):
        own = {new: old for old, new in renamed.items()}
        for key, relation in roles[matter].items():
            found.setdefault((slug, own.get(key, key)), set()).add(relation)
    return found


def _officers() -> dict[str, User]:
    """Return department → who reviews there."""
    posts = {officer.username: code for officer in OFFICERS for code, role in officer.roles if role == "reviewer"}
    return {posts[user.username]: user for user in User.objects.filter(username__in=posts)}
