"""A result that founds an organisation says what that is and who represents it, or is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.compiling import CompileRefused, compile_matter
from catalog.definitions import (
    CertificateTypeDefinition,
    DepartmentDefinition,
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.merging.compiled import CompiledMatter
from catalog.rules.renaming import rename_roles

ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("person.id_number", "证件号码", "id_number"),
    ElementDefinition("company.name", "名称", "organisation_name"),
    ElementDefinition("company.credit_code", "统一社会信用代码", "credit_code"),
)
NAME = LineDefinition("MC", "company", "company.name", "名称", section="company", order=1)
WHO = (
    LineDefinition("XM", "founder", "person.name", "姓名", section="company", order=2),
    LineDefinition("HM", "founder", "person.id_number", "证件号码", section="company", order=3),
)
CODE = OutputDefinition("code", "统一社会信用代码", "credit_code", feeds="company:company.credit_code")
LICENCE = ResultDefinition("licence", name="营业执照", holder="company", founds="founder")
ITEM = ItemDefinition(
    "founding", "设立登记", "police", lines=(NAME, *WHO), outputs=(CODE,), results=(LICENCE,), promised_limit_days=3
)
MATTER = MatterDefinition(
    slug="founding-a-company",
    name="开办企业",
    lead_department="police",
    roles=(RoleDefinition("company", "企业"), RoleDefinition("founder", "法定代表人", is_applicant=True)),
    items=(MatterItemDefinition("founding"),),
    sections=(SectionDefinition("company", "企业"),),
    departments=(DepartmentDefinition("police", "市公安局", "公安"),),
)


def result(**changes: Any) -> ItemDefinition:
    return replace(ITEM, results=(replace(LICENCE, **changes),))


def test_it_is_kept_in_the_version() -> None:
    matter = CompiledMatter(compile_matter(MATTER, (ITEM,), ELEMENTS, ()))
    assert matter.plan_for({}).items[0].results[0].founds == "founder"


def test_it_is_renamed_with_the_roles() -> None:
    assert rename_roles(ITEM, {"founder": "boss"}).results[0].founds == "boss"


PERSON = CertificateTypeDefinition("x", "person")
SEVERAL = replace(MATTER, roles=(MATTER.roles[0], RoleDefinition("founder", "法定代表人", count=2, maximum=3)))


@pytest.mark.parametrize(
    ("item", "matter", "code"),
    [
        (result(founds="nobody"), MATTER, "unknown_reference"),
        (result(holder=""), MATTER, "founds_no_organisation"),
        (result(co_holders=("founder",)), MATTER, "founds_no_organisation"),
        (result(issued_as=PERSON), MATTER, "founds_no_organisation"),
        (replace(ITEM, lines=WHO), MATTER, "founds_without_name"),
        (replace(ITEM, outputs=()), MATTER, "founds_without_code"),
        (replace(ITEM, outputs=(replace(CODE, required=False),)), MATTER, "founds_without_code"),
        (replace(ITEM, lines=(NAME, WHO[0])), MATTER, "founds_without_representative"),
        (ITEM, SEVERAL, "holder_of_several"),
    ],
)
def test_what_is_missing_is_refused(item: ItemDefinition, matter: MatterDefinition, code: str) -> None:
    with pytest.raises(CompileRefused) as refused:
        compile_matter(matter, (item,), ELEMENTS, ())
    assert code in {finding.code for finding in refused.value.findings}
