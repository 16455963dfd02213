"""Guides of other places in a package: ``guides/<id>.yaml`` of a matter's folder, or of the root for guides of matters that are not here.

A guide is kept whole, as it was read: what is missing stays missing, null stays null. The keys are explained in ``docs/regions.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalog.linting.guides.facts import is_item
from catalog.models import Matter, RegionalGuide, ServiceItem
from catalog.packages.checks.known import Known
from catalog.packages.format import nodes
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import Problems
from catalog.packages.format.specs import Field, Record, Table, Text
from catalog.packages.package import Folder
from catalog.packages.parts.folder_part import FolderPart
from catalog.packages.rows.syncing import Tally, sync
from catalog.packages.schema import SOURCED

# Columns of their own; everything else of a guide is kept in ``facts``.
_COLUMNS = ("sources", "confidence", "position")


@dataclass(frozen=True)
class AsWritten:
    """Data as it stands in the file. ``keys``: what its map, or each map of its list, may hold (empty: anything)."""

    keys: Mapping[str, AsWritten] = field(default_factory=dict)

    def empty(self) -> None:
        return None

    def read(self, node: nodes.Node, file: str, problems: Problems) -> Any:
        """Return the data; note keys that are not known."""
        self.check(node, file, problems)
        return nodes.to_json(node)

    def check(self, node: nodes.Node, file: str, problems: Problems) -> None:
        """Note unknown keys, here and further in."""
        if isinstance(node, nodes.Sequence):
            for each in node.nodes:
                self.check(each, file, problems)
        elif isinstance(node, nodes.Mapping) and self.keys:
            for key, value in node.entries:
                if key.text in self.keys:
                    self.keys[key.text].check(value, file, problems)
                    continue
                message = _("不认识“%(key)s”") % {"key": key.text[:60]} + hint(key.text, self.keys)
                problems.add(file, key.line, "unknown_key", message)


def _keys(*names: str, **inner: AsWritten) -> AsWritten:
    return AsWritten({**{name: AsWritten() for name in names}, **inner})


_PAIR = _keys("before", "after", "unit")
_FEE = _keys("charged", items=_keys("name", "amount", "item", "basis"))
_FIELDS: dict[str, AsWritten] = {
    **dict.fromkeys(
        (
            *("matter_id", "related_matter_id", "item", "theme_code", "name", "subject", "lead", "lead_department"),
            *("cooperating", "flow", "result_delivery", "service_points", "conditions", "faq_count", "business_code"),
            *("code", "department", "organization", "item_type", "level", "scope", "legal_days", "promised_days"),
            *("limit_note", "result", "visits", "online", "online_text", "used_in", "remarks", "materials_total"),
            *("division_code", "url"),
        ),
        AsWritten(),
    ),
    "region": _keys("name", "code"),
    "declared": _keys(
        *("completed_limit", "ahead_trips", "online_text"),
        materials=_PAIR,
        days=_PAIR,
        trips=_PAIR,
        steps=_PAIR,
        fee=_FEE,
    ),
    "fee": _FEE,
    "special_procedure": _keys("type", "days", "basis"),
    "situations": _keys("q", "effect"),
    "faq": _keys("q", "a"),
    "sub_items": _keys(
        *("no", "name", "business_item", "department", "promised_days", "result", "condition", "item_refs"),
        alternative_group=_keys("id", "reason"),
        after=_keys("items", "any_of_group", "event"),
    ),
    "materials": _keys(
        *("no", "name", "standard_code", "necessity", "exempt", "source", "form", "original", "copies", "submit"),
        *("used_by", "conditional", "condition_note", "note", "note_claims", "exclusive_group", "internal_no"),
        "item_material_code",
    ),
    "source": _keys("repo", "path", "commit", "read", "same_version_regions"),
}
GUIDE = Table(
    {
        "id": Field(Text(60, r"[a-z][a-z0-9_]{0,59}"), True),
        **{name: Field(spec) for name, spec in _FIELDS.items()},
        **SOURCED,
    }
)


def facts_of(record: Record) -> dict[str, Any]:
    """Return a guide as it stands in its file, in its order."""
    return {key: record[key] for key in record.lines if key not in _COLUMNS}


def _check(folder: Folder, known: Known, problems: Problems) -> None:
    for record in folder.parts.get("guides", []):
        if not record["name"]:
            problems.add(record.file, record.line_of("name"), "missing_key", _("缺少“%(key)s”") % {"key": "name"})
        if record["item"]:
            known.require("items", str(record["item"]), record, "item", problems)


def _sync(folder: Folder, matter: Matter | None, tally: Tally) -> None:
    records = folder.parts.get("guides", [])
    matters = dict(Matter.objects.values_list("slug", "pk"))
    items = _items_by_code() if records else {}
    wanted = []
    for place, record in enumerate(records):
        facts = facts_of(record)
        region = facts.get("region")
        single = is_item(facts)
        wanted.append(
            {
                "package": folder.slug,
                "key": record["id"],
                "name": str(facts.get("name") or "")[:120],
                "matter_id": None if single else (matter.pk if matter else matters.get(facts.get("matter_id") or "")),
                "item_id": items.get(str(facts.get("item") or facts.get("code") or "")) if single else None,
                "place": str((region or {}).get("name") or facts.get("organization") or "")[:60],
                "division_code": str((region or {}).get("code") or facts.get("division_code") or "")[:12],
                "facts": facts,
                "position": place,
                "sources": list(record["sources"]),
                "confidence": record["confidence"],
            }
        )
    held = RegionalGuide.objects.filter(package=folder.slug)
    sync(held, wanted, ("key",), tally, keep_others=not folder.slug)


def _items_by_code() -> dict[str, int]:
    """Return items by slug and by their one code; a code that several items share names none of them."""
    found: dict[str, int | None] = {}
    slugs: dict[str, int] = {}
    for pk, slug, *codes in ServiceItem.objects.values_list("pk", "slug", "local_code", "catalog_code"):
        slugs[slug] = pk
        for code in {code for code in codes if code}:
            found[code] = None if code in found else pk
    return {**{code: pk for code, pk in found.items() if pk is not None}, **slugs}


def _export(packages: Collection[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    for row in RegionalGuide.objects.filter(package__in=packages).order_by("package", "key"):
        yield row.package, {**row.facts, "sources": row.sources, "confidence": row.confidence}


GUIDES = FolderPart(name="guides", spec=GUIDE, key="id", check=_check, sync=_sync, export=_export)
