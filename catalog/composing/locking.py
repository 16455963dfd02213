"""Did somebody else change the definition meanwhile? A fingerprint of its rows, by part, is sent with the page and compared on saving."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from catalog.models import (
    CrossRule,
    DeclaredFigure,
    FormLine,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    MaterialExemption,
    Matter,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
    ReviewPoint,
    ServiceItem,
)

# Written by publishing, not by whoever composes.
_NOT_COMPOSED = frozenset({"current_version_id"})


def matter_fingerprint(matter: Matter) -> str:
    """Return ``part:digest`` of everything a matter is composed of. Cost: nine queries."""
    return _fingerprint(
        {
            "head": Matter.objects.filter(pk=matter.pk),
            "items": MatterItem.objects.filter(matter=matter),
            "waits": MatterDependency.objects.filter(matter_item__matter=matter),
            "questions": GuideQuestion.objects.filter(matter=matter),
            "options": GuideOption.objects.filter(question__matter=matter),
            "roles": MatterRole.objects.filter(matter=matter),
            "sections": MatterSection.objects.filter(matter=matter),
            "figures": DeclaredFigure.objects.filter(matter=matter),
            "faqs": FrequentQuestion.objects.filter(matter=matter),
        }
    )


def item_fingerprint(item: ServiceItem) -> str:
    """Return ``part:digest`` of everything an item consists of. Cost: ten queries."""
    return _fingerprint(
        {
            "head": ServiceItem.objects.filter(pk=item.pk),
            "lines": FormLine.objects.filter(item=item),
            "needs": ItemMaterial.objects.filter(item=item),
            "exemptions": MaterialExemption.objects.filter(need__item=item),
            "outputs": ItemOutput.objects.filter(item=item),
            "results": ItemResult.objects.filter(item=item),
            "consents": ItemConsent.objects.filter(item=item),
            "rules": CrossRule.objects.filter(item=item),
            "points": ReviewPoint.objects.filter(item=item),
            "faqs": FrequentQuestion.objects.filter(item=item),
        }
    )


def changed_parts(seen: str, now: str) -> list[str]:
    """Return the parts in which two fingerprints differ; all of them where the seen one is not one of ours."""
    before, after = _parts(seen), _parts(now)
    return [part for part in after if before.get(part) != after[part]]


def _parts(fingerprint: str) -> dict[str, str]:
    return dict(each.split(":", 1) for each in fingerprint.split(" ") if ":" in each)


def _fingerprint(parts: dict[str, QuerySet[Any]]) -> str:
    return " ".join(f"{name}:{_digest(rows)}" for name, rows in parts.items())


def _digest(rows: QuerySet[Model]) -> str:
    values = [
        {name: value for name, value in row.items() if name not in _NOT_COMPOSED}
        for row in rows.order_by("pk").values()
    ]
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
