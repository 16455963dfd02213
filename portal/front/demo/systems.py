"""The department's own system of the demo town: the insurance's, simulated beside the registers. It is off until somebody switches it on."""

from __future__ import annotations

from catalog.models import Department
from matters.models import DepartmentSystem


def connect_systems() -> list[str]:
    """Write the system, once: what is there already stays as it is. Returns one line if it was added."""
    department = Department.objects.filter(code="insurance").first()
    if department is None:
        return []
    known = {
        "name": "医保业务系统（演示）",
        "department": department,
        "items": ["medical_ins"],
        "address": "insurance_desk",
    }
    _row, is_new = DepartmentSystem.objects.get_or_create(code="insurance_desk", defaults=known)
    return ["1 个部门业务系统（停用）"] if is_new else []
