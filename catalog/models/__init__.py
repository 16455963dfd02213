from catalog.models.certificate_types import CertificateType
from catalog.models.departments import (
    Department,
    DepartmentGroupObjectPermission,
    DepartmentUserObjectPermission,
    Division,
    Membership,
)
from catalog.models.matters import Matter, MatterVersion

__all__ = [
    "CertificateType",
    "Department",
    "DepartmentGroupObjectPermission",
    "DepartmentUserObjectPermission",
    "Division",
    "Matter",
    "MatterVersion",
    "Membership",
]
