"""The benefits that the demo town offers without application. Their numbers are made up, and the pages say so."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from catalog.models import Department
from matters.models import BenefitPolicy

# By code; the department by its code.
POLICIES: Final[dict[str, dict[str, Any]]] = {
    "vaccination_record": {
        "name": "预防接种证",
        "name_en": "Vaccination record",
        "valid_from": date(2026, 1, 1),
        "department": "health",
        "matter": "newborn",
        "items": ["vaccine_cert"],
        "conditions": "孩子一年内取得出生医学证明，还没有预防接种证",
        "ground": "卫生健康部门本部门签发的出生医学证明（疫苗管理法第四十七条，演示）",
        "certificate_type": "birth_certificate",
        "within_days": 365,
        "lacks_type": "vaccination_record",
    },
    "child_allowance": {
        "name": "育儿补贴",
        "name_en": "Child-raising allowance",
        "valid_from": date(2026, 1, 1),
        "department": "health",
        "matter": "child_subsidy",
        "conditions": "孩子三年内取得出生医学证明",
        "ground": "卫生健康部门本部门签发的出生医学证明（演示）",
        "certificate_type": "birth_certificate",
        "within_days": 1095,
    },
    "old_age_allowance": {
        "name": "老年人福利补贴（高龄津贴）",
        "name_en": "Old-age allowance",
        "valid_from": date(2026, 1, 1),
        "department": "civil",
        "matter": "elder_subsidy",
        "conditions": "满 80 周岁",
        "ground": "本人账号的身份核验记录（演示）",
        "least_age": 80,
    },
}


def offer_benefits() -> list[str]:
    """Write the policies, once: what is there already stays as it is. Returns one line if any was added."""
    departments = {each.code: each for each in Department.objects.all()}
    known = set(BenefitPolicy.objects.values_list("code", flat=True))
    added = [
        BenefitPolicy(**{**columns, "code": code, "department": departments[columns["department"]]})
        for code, columns in POLICIES.items()
        if code not in known and columns["department"] in departments
    ]
    BenefitPolicy.objects.bulk_create(added)
    return [f"{len(added)} 项免申即享政策"] if added else []
