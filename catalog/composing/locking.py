"""Did somebody else change the definition meanwhile? A fingerprint of its rows, by part, is sent with the page and compared on saving."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from catalog.models import Matter, ServiceItem, all_parts_of

# Written by publishing, not by whoever composes.
_NOT_COMPOSED = frozenset({"current_version_id"})
_HEAD = "head"


def fingerprint(definition: Matter | ServiceItem) -> str:
    """Return ``part:digest`` of everything a definition is composed of. Cost: one query for each kind of part, and one."""
    rows: dict[str, QuerySet[Any]] = {_HEAD: type(definition)._default_manager.filter(pk=definition.pk)}
    for part in all_parts_of(type(definition)):
        rows[part.name] = part.model._default_manager.filter(**{part.path: definition})
    return " ".join(f"{name}:{_digest(each)}" for name, each in rows.items())


def changed_parts(definition: Matter | ServiceItem, seen: str, now: str) -> list[str]:
    """Return what the parts are called in which two fingerprints differ; all of them where the seen one is not one of ours."""
    names = {part.name: str(part.model._meta.verbose_name) for part in all_parts_of(type(definition))}
    before, after = _parts(seen), _parts(now)
    return [names.get(part) or _("基本信息") for part in after if before.get(part) != after[part]]


def _parts(text: str) -> dict[str, str]:
    return dict(each.split(":", 1) for each in text.split(" ") if ":" in each)


def _digest(rows: QuerySet[Model]) -> str:
    values = [
        {name: value for name, value in row.items() if name not in _NOT_COMPOSED}
        for row in rows.order_by("pk").values()
    ]
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
