"""Types of certificate beside what versions froze of them: which versions grant one, and what lines its face once had."""

from __future__ import annotations

from collections.abc import Collection

from catalog.definitions import FaceLineDefinition
from catalog.models import CertificateType, DefinitionEvent, MatterVersion


def matters_granting(row: CertificateType) -> list[str]:
    """Return the names of the matters of which a version grants a type. One query, which reads every version."""
    granted = [{"definition": {"results": [{"certificate_type": row.slug}]}}]
    versions = MatterVersion.objects.filter(content__items__contains=granted)
    return sorted(set(versions.order_by().values_list("matter__name", flat=True)))


def former_lines(row: CertificateType, codes: Collection[str]) -> tuple[FaceLineDefinition, ...]:
    """Return lines that a type's face does not have any more, each as it was last, by its history. One query."""
    events = DefinitionEvent.objects.filter(model="certificatetype", object_id=str(row.pk)).order_by("pk")
    found: dict[str, FaceLineDefinition] = {}
    for before, after in events.values_list("before__face", "row__face"):
        for line in (*(before or ()), *(after or ())):
            if line["code"] in codes:
                found[line["code"]] = FaceLineDefinition(line["code"], line["label"], line.get("label_en", ""))
    return tuple(found[code] for code in codes if code in found)
