"""Every code that a package may refer to: those it brings and those the catalog holds. What is written twice is noted on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.models import CertificateType, DataElement, FactSource, ServiceItem
from catalog.models.parts import NATURAL_KEYS
from catalog.models.sourcing import Packaged
from catalog.packages.format.hints import hint
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Record
from catalog.packages.package import Package
from catalog.packages.schema.dictionaries import MODELS


@dataclass
class Known:
    """Codes by kind (a dictionary's name, ``items``, ``sources``), and the elements' types and options. ``unread``: dictionaries of which a
    file cannot be read."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    elements: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def require(self, kind: str, code: str, record: Record, key: str, problems: Problems) -> None:
        """Note a reference to nowhere, at the line of the record's key."""
        if code and code not in self.codes[kind] and kind not in self.unread:
            meant = hint(code, self.codes[kind], 0.8) if problems.total < problems.LIMIT else ""
            message = _("%(kind)s里没有“%(code)s”") % {"kind": kind_name(kind), "code": code}
            problems.add(record.file, record.line_of(key), "refers_to_nowhere", message + meant)


def kind_name(kind: str) -> str:
    """Return what people call a dictionary."""
    return {
        "sources": _("出处"),
        "divisions": _("行政区划"),
        "departments": _("部门"),
        "elements": _("数据元"),
        "materials": _("材料"),
        "certificate_types": _("证照类型"),
        "items": _("事项"),
    }[kind]


def gather(package: Package, problems: Problems) -> Known:
    """Return all that may be referred to. Notes what is defined twice, and what another package of the catalog defines. Seven queries."""
    known = Known(unread={kind for folder in package.folders for kind in folder.unread})
    slugs = {folder.slug for folder in package.folders}
    for kind, model in MODELS.items():
        key = NATURAL_KEYS[model]
        # Divisions and departments belong to no package: whoever writes one last has written it.
        is_owned = issubclass(model, Packaged)
        held = dict(model.objects.values_list(key, "package" if is_owned else key))
        records = [(folder.slug, record[key], record, key) for folder, record in package.records(kind)]
        _check_owners(records, held if is_owned else {}, slugs, problems)
        known.codes[kind] = set(held) | {code for _owner, code, _record, _key in records}
    _check_certificate_codes(package, problems)
    held = dict(FactSource.objects.values_list("key", "package"))
    sources = [
        (folder.slug, key, folder.mapped("sources"), key)
        for folder in package.folders
        for key in folder.mapped("sources")
    ]
    _check_owners(sources, held, slugs, problems)
    known.codes["sources"] = set(held) | {key for _owner, key, _record, _key in sources}
    held = dict(ServiceItem.objects.values_list("slug", "package"))
    items = [(folder.slug, item["slug"], item, "slug") for folder in package.folders for item in folder.items]
    _check_owners(items, held, slugs, problems)
    unread = {slug for folder in package.folders for slug in folder.unread_items}
    known.codes["items"] = {*held, *unread, *(slug for _owner, slug, _record, _key in items)}
    known.elements = {
        code: (type, tuple(option["value"] for option in options if isinstance(option, dict)))
        for code, type, options in DataElement.objects.values_list("code", "type", "options")
    }
    for _folder, record in package.records("elements"):
        known.elements[record["code"]] = (record["type"], tuple(record["options"]))
    return known


def note_repeated(record: Record, key: str, code: str, first: Record, line: int, problems: Problems) -> None:
    """Note that what a record's key says was said before, at this line of the first record's file."""
    where = {"code": code, "file": first.file, "line": line}
    problems.add(record.file, record.line_of(key), "repeated", _("“%(code)s”在 %(file)s:%(line)d 已有") % where)


def _check_owners(
    records: list[tuple[str, str, Record, str]], held: dict[str, str], slugs: set[str], problems: Problems
) -> None:
    """Note codes that two files define, and those that a package which is not being read has defined."""
    seen: dict[str, tuple[Record, int]] = {}
    for slug, code, record, key in records:
        line = record.line_of(key)
        if not code:
            continue
        if code in seen and seen[code][0].file != record.file:
            note_repeated(record, key, code, *seen[code], problems)
        elif code in held and held[code] != slug and held[code] not in slugs:
            where = {"code": code, "owner": held[code] or _("共享字典")}
            problems.add(record.file, line, "owned_elsewhere", _("“%(code)s”已由“%(owner)s”定义") % where)
        seen.setdefault(code, (record, line))


def _check_certificate_codes(package: Package, problems: Problems) -> None:
    """Note certificate types of different slugs under one code: nobody could tell their certificates apart."""
    slugs = {record["slug"] for _folder, record in package.records("certificate_types")}
    held = dict(CertificateType.objects.exclude(slug__in=slugs).values_list("code", "slug"))
    seen: dict[str, Record] = {}
    for _folder, record in package.records("certificate_types"):
        code = record["code"]
        if not code:
            continue
        if code in held:
            where = {"code": code, "owner": held[code]}
            problems.add(record.file, record.line_of("code"), "repeated", _("“%(code)s”已由“%(owner)s”使用") % where)
        elif code in seen and seen[code]["slug"] != record["slug"]:
            note_repeated(record, "code", code, seen[code], seen[code].line_of("code"), problems)
        seen.setdefault(code, record)
